//! Runs the rules over the projects. A rule that crashes costs only itself.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use djsec_base::{
    Confidence, FileId, FileKind, Files, Finding, Location, Notice, Severity, Undecided,
};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::settings::Settings;
use djsec_python::Program;
use djsec_rules::{Cx, Findings, Rule};
use jiff::civil::Date;
use rayon::prelude::*;

use crate::Config;
use crate::model::Model;

/// What the rules found.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// What could not be decided.
    pub(crate) undecided: Vec<Undecided>,
    /// Rules that crashed.
    pub(crate) notices: Vec<Notice>,
}

impl Judged {
    fn append(&mut self, mut more: Self) {
        self.findings.append(&mut more.findings);
        self.undecided.append(&mut more.undecided);
        self.notices.append(&mut more.notices);
    }
}

/// Runs every selected rule on every project.
pub(crate) fn judge(
    files: &Files,
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    model: &Model,
    config: &Config,
    today: Date,
) -> Judged {
    let mut judged = Judged::default();
    let date = (
        u16::try_from(today.year()).unwrap_or(0),
        u8::try_from(today.month()).unwrap_or(1),
        u8::try_from(today.day()).unwrap_or(1),
    );
    for (project, summary) in model.projects.iter().zip(&model.summary_of) {
        if project.settings.never_imports || project.settings.explicit().next().is_none() {
            continue;
        }
        let cx = Cx::new(files, program, hierarchy, project, config, date);
        let rules: Vec<&'static Rule> =
            djsec_rules::all().filter(|rule| config.selects(&rule.meta)).collect();
        if rules.iter().any(|rule| rule.follows_data()) {
            // A crash is that of the first rule that asks again.
            let _ = catch_unwind(AssertUnwindSafe(|| cx.prepare_flows()));
        }
        for found in run_rules(&rules, &cx, *summary) {
            judged.append(found);
        }
        judged.notices.extend(flows_cut(&cx));
    }
    judged
}

/// What each rule finds, in their order. Rules on views take them side by side, and what one has worked out of
/// a view the next one finds there: these run one after the other, and all others side by side.
fn run_rules(rules: &[&'static Rule], cx: &Cx<'_>, summary: usize) -> Vec<Judged> {
    let numbered: Vec<(usize, &'static Rule)> = rules.iter().copied().enumerate().collect();
    let (on_views, others): (Vec<_>, Vec<_>) =
        numbered.into_iter().partition(|(_, rule)| rule.visits_endpoints());
    let run = |(at, rule): (usize, &'static Rule)| (at, run_rule(rule, cx, summary));
    let mut found: Vec<(usize, Judged)> = on_views.into_iter().map(run).collect();
    // Whoever asks first runs the URLconf, and while it runs nobody else may ask the settings.
    match cx.project.known_structure() {
        Some(_) => found.par_extend(others.into_par_iter().with_max_len(1).map(run)),
        None => found.extend(others.into_iter().map(run)),
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, found)| found).collect()
}

/// Says that data was not followed everywhere, so that a clean run is no proof.
fn flows_cut(cx: &Cx<'_>) -> Option<Notice> {
    let flows = cx.known_flows()?;
    let (all, rest) =
        (flows.functions, "too long or too entangled to follow untrusted data through in full");
    let message = match flows.cut {
        0 => return None,
        1 => format!("1 function of {all} is {rest}"),
        many => format!("{many} functions of {all} are {rest}"),
    };
    let notice = Notice::incomplete("flow-cut", message);
    Some(match flows.first_cut {
        Some(place) => notice.at(place),
        None => notice,
    })
}

/// Where only settings for development are at hand, what stands in them says nothing of production;
/// what they inherit, production may inherit too.
fn temper(finding: &mut Finding, settings: &Settings, files: &Files) {
    let file = match finding.primary {
        Location::Span(span) => Some(span.file),
        Location::File(file) => Some(file),
        Location::Project => None,
    };
    // What views do is the same under all settings.
    let code = |file: FileId| {
        files.file(file).is_some_and(|file| file.kind == FileKind::Python)
            && !settings.files().contains(&file)
    };
    if file.is_some_and(code) {
        return;
    }
    let own = file.is_none() || file == settings.file;
    if own {
        finding.severity = Severity::Info;
        finding.confidence = Confidence::Low;
    } else {
        finding.severity = finding.severity.lower();
    }
}

fn run_rule(rule: &'static Rule, cx: &Cx<'_>, summary: usize) -> Judged {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let mut out = Findings::default();
        rule.run(cx, &mut out);
        out
    }));
    let Ok(mut out) = result else {
        let message = format!("the rule {} crashed; please report it", rule.meta.id);
        let notices = vec![Notice::incomplete("rule-crash", message)];
        return Judged { notices, ..Judged::default() };
    };
    // A rule may ask one question about several values.
    let mut asked = BTreeSet::new();
    out.undecided.retain(|entry| asked.insert((entry.subject.clone(), entry.reason.clone())));
    let development =
        cx.project.conflicts.iter().any(|conflict| conflict.reason.is_without_production());
    // Code of installed packages is understood, and not judged.
    let in_tree = |place: &Location| match place {
        Location::Span(span) => cx.files.file(span.file).is_some(),
        Location::File(file) => cx.files.file(*file).is_some(),
        Location::Project => true,
    };
    out.findings.retain(|finding| in_tree(&finding.primary));
    for finding in &mut out.findings {
        finding.related.retain(|note| in_tree(&note.location));
        finding.trace.retain(|step| in_tree(&step.location));
        finding.project = Some(summary);
        if development && !finding.rule.checklist.contains(&"production-settings-known") {
            temper(finding, &cx.project.settings, cx.files);
        }
    }
    for undecided in &mut out.undecided {
        undecided.project = Some(summary);
    }
    Judged { findings: out.findings, undecided: out.undecided, notices: Vec::new() }
}
