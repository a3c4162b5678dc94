//! Turns what the rules found into the verdict: selection, exceptions, baseline, order.

use djsec_base::{Files, Finding, Location, Notice, NoticeKind, Outcome, Suppressed, SuppressedBy};
use jiff::civil::Date;

use crate::{Baseline, Catalog, Config, fingerprint::set_fingerprints, suppress::Exceptions};

/// Settles findings and notices in any order. What is not known here (coverage, projects,
/// undecided questions) is left empty in the outcome.
///
/// Findings below the wanted confidence are left out, but an exception or a baseline entry that
/// matches one of them counts as used.
pub fn settle(
    mut findings: Vec<Finding>,
    mut notices: Vec<Notice>,
    files: &Files,
    config: &Config,
    catalog: &Catalog,
    today: Date,
) -> Outcome {
    findings.retain(|finding| config.selects(finding.rule));
    findings.sort_by_cached_key(|finding| order(finding, files));
    set_fingerprints(&mut findings, files);
    if let Some(baseline) = &config.baseline {
        notices.extend(fixed(baseline, &findings, config, catalog));
    }

    let mut exceptions = Exceptions::collect(files, config, catalog, today);
    let old = |finding: &Finding| {
        config.baseline.as_ref().is_some_and(|baseline| baseline.has(&finding.fingerprint))
    };
    let mut outcome = Outcome::default();
    for finding in findings {
        let by = exceptions
            .find(&finding, files)
            .or_else(|| old(&finding).then_some(SuppressedBy::Baseline));
        if finding.confidence < config.confidence {
            continue;
        }
        match by {
            Some(by) => outcome.suppressed.push(Suppressed { finding, by }),
            None => outcome.findings.push(finding),
        }
    }
    notices.extend(exceptions.into_notices(config, catalog));
    notices.sort_by_cached_key(|notice| notice_order(notice, files));
    outcome.notices = notices;
    outcome
}

/// Says how much of the baseline is fixed. Only rules that ran can have been fixed.
fn fixed(
    baseline: &Baseline,
    findings: &[Finding],
    config: &Config,
    catalog: &Catalog,
) -> Option<Notice> {
    let present: std::collections::BTreeSet<&str> =
        findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let gone = baseline
        .iter()
        .filter(|entry| !present.contains(entry.fingerprint.as_str()))
        .filter(|entry| catalog.find(&entry.rule).is_none_or(|rule| config.selects(rule)))
        .count();
    let message = match gone {
        0 => return None,
        1 => "1 entry of the baseline is fixed; write the baseline anew".to_owned(),
        _ => format!("{gone} entries of the baseline are fixed; write the baseline anew"),
    };
    Some(Notice::info("baseline-fixed", message))
}

/// Path, start, end, rule, subject, message.
type Order = (String, u32, u32, &'static str, String, String);

fn order(finding: &Finding, files: &Files) -> Order {
    let (path, start, end) = place(finding.primary, files);
    (path, start, end, finding.rule.id, finding.subject.clone(), finding.message.clone())
}

fn notice_order(notice: &Notice, files: &Files) -> (NoticeKind, String, u32, &'static str, String) {
    let (path, start, _) = place(notice.location.unwrap_or(Location::Project), files);
    (notice.kind, path, start, notice.id, notice.message.clone())
}

/// What belongs to the project as a whole stands first.
fn place(location: Location, files: &Files) -> (String, u32, u32) {
    match location {
        Location::Project => (String::new(), 0, 0),
        Location::File(file) => (files.path(file).to_string(), 0, 0),
        Location::Span(span) => (
            files.path(span.file).to_string(),
            span.range.start().to_u32(),
            span.range.end().to_u32(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use djsec_base::{Confidence, Files, Finding, Outcome};
    use jiff::civil::date;

    use super::settle;
    use crate::{
        Baseline, Config, Depth, discover,
        testing::{DEBUG, HSTS, PRELOAD, Tree, catalog, finding_at},
    };

    fn tree() -> Files {
        let tree = Tree::of(&[("a.py", "DEBUG = True\nHSTS = 0\n"), ("b.py", "PRELOAD = True\n")]);
        discover(&tree, &Config::default(), Depth::Structure).0
    }

    fn findings(files: &Files) -> Vec<Finding> {
        vec![
            finding_at(files, &PRELOAD, "b.py", "PRELOAD"),
            finding_at(files, &HSTS, "a.py", "HSTS").confidence(Confidence::Low),
            finding_at(files, &DEBUG, "a.py", "DEBUG"),
        ]
    }

    fn run(config: &Config) -> Outcome {
        let files = tree();
        settle(findings(&files), Vec::new(), &files, config, &catalog(), date(2026, 11, 21))
    }

    fn rules(outcome: &Outcome) -> Vec<&'static str> {
        outcome.findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn findings_are_sorted_and_those_of_low_confidence_are_left_out() {
        assert_eq!(rules(&run(&Config::default())), ["debug-enabled", "hsts-weak-policy"]);
        let all = Config { confidence: Confidence::Low, ..Config::default() };
        assert_eq!(rules(&run(&all)), ["debug-enabled", "hsts-missing", "hsts-weak-policy"]);
    }

    #[test]
    fn the_more_precise_selector_wins_and_a_tie_ignores() {
        let catalog = catalog();
        let selector = |text| catalog.selector(text).unwrap();
        let mut config = Config { ignore: vec![selector("transport")], ..Config::default() };
        assert_eq!(rules(&run(&config)), ["debug-enabled"]);
        config.select = vec![selector("hsts-weak-policy")];
        assert_eq!(rules(&run(&config)), ["hsts-weak-policy"]);
        config.ignore = vec![selector("hsts-weak-policy")];
        assert!(rules(&run(&config)).is_empty());
    }

    #[test]
    fn the_baseline_hides_old_findings_and_says_which_are_fixed() {
        let files = tree();
        let before = run(&Config::default());
        let baseline = Baseline::of(&before.findings, &files);
        let config = Config { baseline: Some(baseline), ..Config::default() };
        let after = run(&config);
        assert!(after.findings.is_empty());
        assert_eq!(after.suppressed.len(), 2);
        assert!(after.notices.is_empty());

        let none = settle(Vec::new(), Vec::new(), &files, &config, &catalog(), date(2026, 1, 1));
        assert_eq!(none.notices.len(), 1);
        assert_eq!(
            none.notices[0].message,
            "2 entries of the baseline are fixed; write the baseline anew"
        );
        assert!(!none.incomplete());
    }

    #[test]
    fn rules_that_did_not_run_are_not_fixed() {
        let files = tree();
        let baseline = Baseline::of(&run(&Config::default()).findings, &files);
        let select = vec![catalog().selector("hsts-missing").unwrap()];
        let config = Config { baseline: Some(baseline), select, ..Config::default() };
        let outcome = settle(Vec::new(), Vec::new(), &files, &config, &catalog(), date(2026, 1, 1));
        assert!(outcome.notices.is_empty());
    }
}
