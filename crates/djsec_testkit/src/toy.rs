//! An auditor for the kit's own tests: it looks at lines, not at Python.

use djsec_base::{
    Confidence, Edit, EntryKind, File, FileKind, Files, Finding, Fix, Location, Notice, Outcome,
    Role, RuleMeta, Severity, Span, System, TextRange, TextSize,
};

use crate::check::{Audited, Auditor};

/// Reports `DEBUG = True` (with a fix), files that say `insecure file`, and trees that have a file
/// `insecure-project`. A file that says `crash` makes it panic.
pub(crate) struct Toy {
    /// What its fix writes in place of `True`.
    pub(crate) replacement: &'static str,
}

impl Toy {
    pub(crate) const NEW: Self = Self { replacement: "False" };
}

pub(crate) static DEBUG: RuleMeta = RuleMeta {
    id: "debug-enabled",
    group: "settings",
    summary: "debug mode is on",
    docs: PAGE,
    severity: Severity::High,
    cwe: &[489],
    owasp: &[],
    asvs: &[],
    checklist: &[],
    django: &[],
    since: "next",
    source: "crates/djsec_rules/src/rules/settings/debug_enabled.rs",
};

pub(crate) static OTHER: RuleMeta =
    RuleMeta { id: "other-defect", source: "src/rules/settings/other_defect.rs", ..copy(&DEBUG) };

/// As a doc comment leaves it: a space in front of each line.
pub(crate) const PAGE: &str = " ## What it does
 Finds debug mode.

 ## Why it matters
 It shows secrets.

 ## Flagged
 ```python settings.py
 DEBUG = True  # finding
 ```
 ```python settings.py
 X = 1
 DEBUG = True  # finding
 ```

 ## Not flagged
 ```python settings.py
 DEBUG = False
 ```
";

pub(crate) const fn copy(meta: &RuleMeta) -> RuleMeta {
    RuleMeta {
        id: meta.id,
        group: meta.group,
        summary: meta.summary,
        docs: meta.docs,
        severity: meta.severity,
        cwe: meta.cwe,
        owasp: meta.owasp,
        asvs: meta.asvs,
        checklist: meta.checklist,
        django: meta.django,
        since: meta.since,
        source: meta.source,
    }
}

impl Auditor for Toy {
    fn audit(&self, system: &dyn System) -> Audited {
        let mut files = Vec::new();
        system.walk(&mut |entry| {
            let entry = entry.unwrap();
            if entry.kind == EntryKind::File {
                let text = String::from_utf8(system.read(&entry.path).unwrap()).unwrap();
                let text = Some(text.into());
                files.push(File::new(entry.path, FileKind::Other, Role::Application, text));
            }
        });
        let files = Files::new(files);
        let mut outcome = Outcome::default();
        for (id, file) in files.iter() {
            let text = file.text();
            assert!(!text.contains("crash"), "the toy crashes as asked");
            for (at, found) in text.match_indices("DEBUG = True") {
                let range = |from: usize, to: usize| {
                    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap());
                    Span::new(id, TextRange::new(size(from), size(to)))
                };
                let whole = range(at, at + found.len());
                let value = range(at + 8, at + found.len());
                let fix = Fix::unsafe_replace("Turn it off", value, self.replacement);
                outcome.findings.push(finding(&DEBUG, whole.into()).fix(fix));
            }
            if text.contains("other defect") {
                outcome.findings.push(finding(&OTHER, Location::File(id)));
            }
            if text.contains("insecure file") {
                outcome.findings.push(finding(&DEBUG, Location::File(id)));
            }
            if file.path == "insecure-project" {
                outcome.findings.push(finding(&DEBUG, Location::Project));
            }
            if text.contains("too large") {
                outcome.notices.push(Notice::incomplete("file-too-large", "a file is too large"));
            }
            outcome.coverage.syntax_errors += text.matches("(((").count();
        }
        Audited { files, outcome }
    }

    fn render(&self, audited: &Audited) -> String {
        let line = |finding: &Finding| match finding.primary {
            Location::Span(span) => {
                let path = audited.files.path(span.file);
                format!("{path}:{}: {}\n", audited.files.line_col(span).line, finding.message)
            }
            _ => format!("{}\n", finding.message),
        };
        audited.outcome.findings.iter().map(line).collect()
    }
}

fn finding(meta: &'static RuleMeta, location: Location) -> Finding {
    Finding::new(meta, location, "subject", "debug mode is on").confidence(Confidence::Medium)
}

/// An edit of a file, for the tests of fixes.
pub(crate) fn edit(file: u32, from: u32, to: u32, text: &str) -> Edit {
    let range = TextRange::new(TextSize::new(from), TextSize::new(to));
    Edit { span: Span::new(djsec_base::FileId(file), range), text: text.to_owned() }
}
