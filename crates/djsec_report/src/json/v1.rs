//! Version 1 of the JSON format; `docs/schema/djsec-1.schema.json` describes it.
//!
//! These structs are the contract: they change only by adding optional properties, whatever
//! happens to the types of the analysis.

use std::collections::BTreeMap;

use djsec_base::{
    Applicability, Audience, Certainty, EvidenceLine, Finding, Fix, Location, Notice, NoticeKind,
    Outcome, ProfileSummary, ProjectSummary, RuleMeta, Severity, Suppressed, SuppressedBy,
    Undecided,
};
use serde::Serialize;

use crate::Report;
use crate::place::{Place, Region};
use crate::redact::{Mask, Secrets, mask_addresses, mask_evidence};

#[derive(Debug, Serialize)]
pub(crate) struct Document {
    version: u32,
    tool: Tool,
    incomplete: bool,
    exit: Exit,
    summary: Summary,
    coverage: Coverage,
    projects: Vec<Project>,
    findings: Vec<FindingRecord>,
    suppressed: Vec<SuppressedRecord>,
    undecided: Vec<UndecidedRecord>,
    notices: Vec<NoticeRecord>,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Tool {
    name: &'static str,
    version: String,
}

impl Tool {
    pub(crate) fn djsec(version: &str) -> Self {
        Self { name: "djsec", version: version.to_owned() }
    }
}

#[derive(Debug, Serialize)]
struct Exit {
    status: u8,
    fail_on: &'static str,
    failing: usize,
}

#[derive(Debug, Serialize)]
struct Summary {
    findings: BTreeMap<&'static str, usize>,
    suppressed: BTreeMap<&'static str, usize>,
    undecided: usize,
    notices: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
struct Coverage {
    files: usize,
    python_files: usize,
    python_lines: usize,
    syntax_errors: usize,
    rules: usize,
}

#[derive(Debug, Serialize)]
struct Project {
    root: String,
    django: Option<Django>,
    profile: Option<Profile>,
}

#[derive(Debug, Serialize)]
struct Django {
    version: String,
    source: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Profile {
    module: String,
    file: Option<String>,
    certainty: &'static str,
    for_development: bool,
    evidence: Vec<EvidenceRecord>,
    environment: Vec<EvidenceRecord>,
    settings: BTreeMap<&'static str, usize>,
    fails_when: Vec<String>,
}

#[derive(Debug, Serialize)]
struct EvidenceRecord {
    text: String,
    place: Option<PlaceRecord>,
}

/// A place in a file; `range` is absent for the file as a whole.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PlaceRecord {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<RangeRecord>,
}

#[derive(Debug, Clone, Serialize)]
struct RangeRecord {
    start: Point,
    end: Point,
}

#[derive(Debug, Clone, Serialize)]
struct Point {
    line: u32,
    column: u32,
    byte: u32,
}

impl PlaceRecord {
    /// The place of a location, `None` for the project as a whole.
    pub(crate) fn of(files: &djsec_base::Files, location: Location) -> Option<Self> {
        let Place { file, region } = Place::of(files, location)?;
        let range = region.map(|Region { start, end, bytes }| RangeRecord {
            start: Point { line: start.line, column: start.column, byte: bytes.start().into() },
            end: Point { line: end.line, column: end.column, byte: bytes.end().into() },
        });
        Some(Self { path: files.path(file).to_string(), range })
    }
}

#[derive(Debug, Serialize)]
struct FindingRecord {
    rule: &'static str,
    severity: &'static str,
    confidence: &'static str,
    audience: &'static str,
    message: String,
    subject: String,
    fingerprint: String,
    project: Option<usize>,
    place: Option<PlaceRecord>,
    related: Vec<NoteRecord>,
    trace: Vec<NoteRecord>,
    help: Option<String>,
    fix: Option<FixRecord>,
    django_check: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct NoteRecord {
    text: String,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct FixRecord {
    title: String,
    applicability: &'static str,
    /// Whether secrets were cut out of the edits, which makes them useless.
    redacted: bool,
    edits: Vec<EditRecord>,
}

#[derive(Debug, Serialize)]
struct EditRecord {
    place: Option<PlaceRecord>,
    text: String,
}

#[derive(Debug, Serialize)]
struct SuppressedRecord {
    by: &'static str,
    reason: Option<String>,
    owner: Option<String>,
    until: Option<String>,
    place: Option<PlaceRecord>,
    finding: FindingRecord,
}

#[derive(Debug, Serialize)]
struct UndecidedRecord {
    rule: &'static str,
    subject: String,
    reason: String,
    project: Option<usize>,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
pub(crate) struct NoticeRecord {
    kind: &'static str,
    id: &'static str,
    message: String,
    place: Option<PlaceRecord>,
}

impl NoticeRecord {
    pub(crate) fn of(files: &djsec_base::Files, notice: &Notice) -> Self {
        Self {
            kind: kind_name(notice.kind),
            id: notice.id,
            message: mask_addresses(&notice.message),
            place: notice.location.and_then(|location| PlaceRecord::of(files, location)),
        }
    }
}

/// What a rule says about itself, without its documentation.
#[derive(Debug, Serialize)]
pub(crate) struct Rule {
    id: &'static str,
    group: &'static str,
    summary: &'static str,
    severity: &'static str,
    cwe: &'static [u16],
    owasp: &'static [&'static str],
    asvs: &'static [&'static str],
    checklist: &'static [&'static str],
    django: &'static [&'static str],
    since: &'static str,
}

impl Rule {
    pub(crate) fn of(rule: &'static RuleMeta) -> Self {
        Self {
            id: rule.id,
            group: rule.group,
            summary: rule.summary,
            severity: rule.severity.name(),
            cwe: rule.cwe,
            owasp: rule.owasp,
            asvs: rule.asvs,
            checklist: rule.checklist,
            django: rule.django,
            since: rule.since,
        }
    }
}

/// The whole document of a report.
pub(crate) fn document(report: &Report<'_>) -> Document {
    let outcome = report.outcome;
    let mut writer = Writer { report, secrets: Secrets::default() };
    let mut rules = report.rules.to_vec();
    rules.sort_by_key(|rule| rule.id);
    Document {
        version: 1,
        tool: Tool::djsec(report.options.tool_version),
        incomplete: outcome.incomplete(),
        exit: Exit {
            status: report.exit_status(),
            fail_on: report.options.fail_on.name(),
            failing: report.failing(),
        },
        summary: summary(outcome),
        coverage: Coverage {
            files: outcome.coverage.files,
            python_files: outcome.coverage.python_files,
            python_lines: outcome.coverage.python_lines,
            syntax_errors: outcome.coverage.syntax_errors,
            rules: outcome.coverage.rules,
        },
        projects: outcome.projects.iter().map(|project| writer.project(project)).collect(),
        findings: outcome.findings.iter().map(|finding| writer.finding(finding)).collect(),
        suppressed: outcome.suppressed.iter().map(|entry| writer.suppressed(entry)).collect(),
        undecided: outcome.undecided.iter().map(|entry| writer.undecided(entry)).collect(),
        notices: outcome
            .notices
            .iter()
            .map(|notice| NoticeRecord::of(report.files, notice))
            .collect(),
        rules: rules.into_iter().map(Rule::of).collect(),
    }
}

fn summary(outcome: &Outcome) -> Summary {
    let mut findings: BTreeMap<_, _> =
        Severity::ALL.iter().map(|severity| (severity.name(), 0)).collect();
    for finding in &outcome.findings {
        *findings.entry(finding.severity.name()).or_default() += 1;
    }
    let mut suppressed = BTreeMap::from([("comment", 0), ("config", 0), ("baseline", 0)]);
    for entry in &outcome.suppressed {
        *suppressed.entry(by_name(&entry.by)).or_default() += 1;
    }
    let mut notices = BTreeMap::from([("incomplete", 0), ("config", 0), ("info", 0)]);
    for notice in &outcome.notices {
        *notices.entry(kind_name(notice.kind)).or_default() += 1;
    }
    Summary { findings, suppressed, undecided: outcome.undecided.len(), notices }
}

/// The name of what keeps a finding out.
pub(crate) const fn by_name(by: &SuppressedBy) -> &'static str {
    match by {
        SuppressedBy::Comment { .. } => "comment",
        SuppressedBy::Config { .. } => "config",
        SuppressedBy::Baseline => "baseline",
    }
}

/// The name of a kind of notice.
pub(crate) const fn kind_name(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Incomplete => "incomplete",
        NoticeKind::Config => "config",
        NoticeKind::Info => "info",
    }
}

/// The name of a certainty.
pub(crate) const fn certainty_name(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated => "stated",
        Certainty::Deployed => "deployed",
        Certainty::Fallback => "fallback",
        Certainty::Guessed => "guessed",
    }
}

/// The name of an audience.
pub(crate) const fn audience_name(audience: Audience) -> &'static str {
    match audience {
        Audience::Everyone => "everyone",
        Audience::Reviewer => "reviewer",
    }
}

struct Writer<'a> {
    report: &'a Report<'a>,
    secrets: Secrets,
}

impl Writer<'_> {
    fn place(&self, location: Location) -> Option<PlaceRecord> {
        PlaceRecord::of(self.report.files, location)
    }

    fn project(&self, project: &ProjectSummary) -> Project {
        Project {
            root: project.root.to_string(),
            django: project.django.as_ref().map(|version| Django {
                version: version.clone(),
                source: project.django_source.and_then(|source| self.place(source)),
            }),
            profile: project.profile.as_ref().map(|profile| self.profile(profile)),
        }
    }

    fn profile(&self, profile: &ProfileSummary) -> Profile {
        Profile {
            module: profile.module.clone(),
            file: profile.file.map(|file| self.report.files.path(file).to_string()),
            certainty: certainty_name(profile.certainty),
            for_development: profile.for_development,
            evidence: self.evidence(&profile.evidence),
            environment: self.evidence(&profile.environment),
            settings: profile.kinds.clone(),
            fails_when: profile.fails_when.iter().map(|text| mask_addresses(text)).collect(),
        }
    }

    fn evidence(&self, lines: &[EvidenceLine]) -> Vec<EvidenceRecord> {
        let record = |line: &EvidenceLine| EvidenceRecord {
            text: mask_evidence(&line.text),
            place: line.location.and_then(|location| self.place(location)),
        };
        lines.iter().map(record).collect()
    }

    fn finding(&mut self, finding: &Finding) -> FindingRecord {
        let mask = Mask::of(self.report.files, finding, &mut self.secrets);
        let note = |text: &str, location| NoteRecord {
            text: mask.text(text),
            place: self.place(location),
        };
        FindingRecord {
            rule: finding.rule.id,
            severity: finding.severity.name(),
            confidence: finding.confidence.name(),
            audience: audience_name(finding.audience),
            message: mask.text(&finding.message),
            subject: mask.text(&finding.subject),
            fingerprint: finding.fingerprint.clone(),
            project: finding.project,
            place: self.place(finding.primary),
            related: finding.related.iter().map(|n| note(&n.text, n.location)).collect(),
            trace: finding.trace.iter().map(|step| note(&step.text, step.location)).collect(),
            help: finding.help.as_deref().map(|help| mask.text(help)),
            fix: finding.fix.as_ref().map(|fix| self.fix(fix, &mask)),
            django_check: finding.django_check,
        }
    }

    fn fix(&self, fix: &Fix, mask: &Mask) -> FixRecord {
        let edits: Vec<_> = fix
            .edits
            .iter()
            .map(|edit| EditRecord {
                place: self.place(edit.span.into()),
                text: mask.text(&edit.text),
            })
            .collect();
        FixRecord {
            title: mask.text(&fix.title),
            applicability: match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::DisplayOnly => "display-only",
            },
            redacted: fix.edits.iter().zip(&edits).any(|(edit, shown)| edit.text != shown.text),
            edits,
        }
    }

    fn suppressed(&mut self, entry: &Suppressed) -> SuppressedRecord {
        let mut record = SuppressedRecord {
            by: by_name(&entry.by),
            reason: None,
            owner: None,
            until: None,
            place: None,
            finding: self.finding(&entry.finding),
        };
        match &entry.by {
            SuppressedBy::Comment { span, reason } => {
                record.reason = Some(reason.clone());
                record.place = self.place((*span).into());
            }
            SuppressedBy::Config { reason, owner, until } => {
                record.reason = Some(reason.clone());
                record.owner.clone_from(owner);
                record.until.clone_from(until);
            }
            SuppressedBy::Baseline => {}
        }
        record
    }

    fn undecided(&self, entry: &Undecided) -> UndecidedRecord {
        UndecidedRecord {
            rule: entry.rule,
            subject: entry.subject.clone(),
            reason: mask_addresses(&entry.reason),
            project: entry.project,
            place: self.place(entry.location),
        }
    }
}
