//! SARIF 2.1.0, as code scanning services read it.

mod model;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use djsec_base::{
    Applicability, FileId, Finding, Fix, Location, NoticeKind, RuleMeta, Severity, SuppressedBy,
};
use serde_json::json;

use crate::json::v1::{audience_name, by_name};
use crate::json::write_document;
use crate::place::{Place, Region, home};
use crate::redact::{Mask, Secrets, mask_addresses};
use crate::text::style::percent_encode;
use crate::{Report, markdown};
use model::{
    ArtifactChange, ArtifactLocation, BaseId, CodeFlow, Configuration, Descriptor, Driver,
    Invocation, Log, MarkdownMessage, Message, Notification, NotificationDescriptor,
    PhysicalLocation, Reference, Replacement, RuleProperties, Run, SarifFix, SarifRegion,
    SarifResult, Suppression, ThreadFlow, ThreadFlowLocation, Tool,
};

/// The base of all URIs: consumers put the checkout's root in its place.
const ROOT: &str = "SRCROOT";
/// The notification that stands for a question without an answer.
const UNDECIDED: &str = "undecided";

/// Writes the outcome as one run.
pub(crate) fn write(out: &mut dyn io::Write, report: &Report<'_>) -> io::Result<()> {
    write_document(out, &log(report))
}

fn log(report: &Report<'_>) -> Log {
    let outcome = report.outcome;
    let rules = rules(report);
    let mut writer = Writer { report, rules: &rules, secrets: Secrets::default() };
    let mut results: Vec<_> =
        outcome.findings.iter().map(|finding| writer.result(finding, None)).collect();
    for entry in &outcome.suppressed {
        results.push(writer.result(&entry.finding, Some(&entry.by)));
    }
    let root = Message::new("The folder that was audited");
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "djsec",
                semantic_version: report.options.tool_version.to_owned(),
                rules: rules.iter().map(|rule| descriptor(rule)).collect(),
                notifications: notification_ids(report),
            },
        },
        invocations: vec![writer.invocation()],
        original_uri_base_ids: BTreeMap::from([(ROOT, BaseId { description: root })]),
        column_kind: "unicodeCodePoints",
        default_encoding: "utf-8",
        results,
        properties: BTreeMap::from([(
            "coverage",
            json!({
                "files": outcome.coverage.files,
                "pythonFiles": outcome.coverage.python_files,
                "pythonLines": outcome.coverage.python_lines,
                "syntaxErrors": outcome.coverage.syntax_errors,
                "rules": outcome.coverage.rules,
            }),
        )]),
    };
    Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: vec![run],
    }
}

/// The rules that ran and any other that a finding names, by id.
fn rules(report: &Report<'_>) -> Vec<&'static RuleMeta> {
    let found = report.outcome.findings.iter().map(|finding| finding.rule);
    let suppressed = report.outcome.suppressed.iter().map(|entry| entry.finding.rule);
    let all = report.rules.iter().copied().chain(found).chain(suppressed);
    let by_id: BTreeMap<_, _> = all.map(|rule| (rule.id, rule)).collect();
    by_id.into_values().collect()
}

fn notification_ids(report: &Report<'_>) -> Vec<NotificationDescriptor> {
    let mut ids: BTreeSet<_> = report.outcome.notices.iter().map(|notice| notice.id).collect();
    if !report.outcome.undecided.is_empty() {
        ids.insert(UNDECIDED);
    }
    ids.into_iter().map(|id| NotificationDescriptor { id }).collect()
}

fn descriptor(rule: &'static RuleMeta) -> Descriptor {
    let mut tags = vec![String::from("security"), format!("django/{}", rule.group)];
    tags.extend(rule.cwe.iter().map(|cwe| format!("external/cwe/cwe-{cwe}")));
    tags.extend(rule.owasp.iter().map(|entry| format!("external/owasp/{entry}")));
    tags.extend(rule.asvs.iter().map(|entry| format!("external/asvs/{entry}")));
    let full = markdown::first_paragraph(rule.docs).unwrap_or_else(|| rule.title());
    Descriptor {
        id: rule.id,
        short_description: Message::new(rule.title()),
        full_description: Message::new(full),
        help: MarkdownMessage {
            text: markdown::plain(rule.docs),
            markdown: rule.docs.trim().to_owned(),
        },
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties {
            tags,
            precision: "high",
            problem_severity: match rule.severity {
                Severity::Critical | Severity::High => "error",
                Severity::Medium => "warning",
                Severity::Low | Severity::Info => "recommendation",
            },
            security_severity: security_severity(rule.severity),
        },
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A number within the band that code scanning services give to each severity.
const fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("3.0"),
        Severity::Info => None,
    }
}

struct Writer<'a> {
    report: &'a Report<'a>,
    rules: &'a [&'static RuleMeta],
    secrets: Secrets,
}

impl Writer<'_> {
    fn artifact(&self, file: FileId) -> ArtifactLocation {
        let mut uri = String::new();
        percent_encode(self.report.files.path(file).as_str(), &mut uri);
        ArtifactLocation { uri, uri_base_id: ROOT }
    }

    fn location(&self, location: Location, message: Option<String>) -> model::Location {
        model::Location {
            id: None,
            physical_location: Place::of(self.report.files, location).map(|place| {
                PhysicalLocation {
                    artifact_location: self.artifact(place.file),
                    region: place.region.map(region),
                }
            }),
            message: message.map(Message::new),
        }
    }

    fn result(&mut self, finding: &Finding, by: Option<&SuppressedBy>) -> SarifResult {
        let mask = Mask::of(self.report.files, finding, &mut self.secrets);
        let mut message = mask.text(&finding.message);
        if let Some(help) = &finding.help {
            message = format!("{message}. {}", mask.text(help));
        }
        let step = |step: &djsec_base::Step| ThreadFlowLocation {
            location: self.location(step.location, Some(mask.text(&step.text))),
        };
        let steps: Vec<_> = finding.trace.iter().map(step).collect();
        let related = finding.related.iter().enumerate().map(|(at, note)| model::Location {
            id: Some(at + 1),
            ..self.location(note.location, Some(mask.text(&note.text)))
        });
        let mut fingerprints = BTreeMap::new();
        if !finding.fingerprint.is_empty() {
            fingerprints.insert("djsec/v1", finding.fingerprint.clone());
        }
        SarifResult {
            rule_id: finding.rule.id,
            rule_index: self.rules.iter().position(|rule| rule.id == finding.rule.id),
            level: level(finding.severity),
            message: Message::new(message),
            locations: self.locations(finding),
            related_locations: related.collect(),
            code_flows: if steps.is_empty() {
                Vec::new()
            } else {
                vec![CodeFlow { thread_flows: vec![ThreadFlow { locations: steps }] }]
            },
            partial_fingerprints: fingerprints,
            fixes: finding.fix.iter().filter_map(|fix| self.fix(fix, &mask)).collect(),
            suppressions: by.map(|by| self.suppression(by)).into_iter().collect(),
            properties: properties(finding, &mask),
        }
    }

    /// Services list a result only under a file; one about the project is listed under its
    /// settings.
    fn locations(&self, finding: &Finding) -> Vec<model::Location> {
        let location = match finding.primary {
            Location::Project => {
                match home(self.report.outcome, finding.primary, finding.project) {
                    Some(file) => Location::File(file),
                    None => return Vec::new(),
                }
            }
            location => location,
        };
        vec![self.location(location, None)]
    }

    /// A fix that consumers may apply; one that would need a secret is left out.
    fn fix(&self, fix: &Fix, mask: &Mask) -> Option<SarifFix> {
        if fix.applicability == Applicability::DisplayOnly {
            return None;
        }
        let mut changes: BTreeMap<FileId, Vec<Replacement>> = BTreeMap::new();
        for edit in &fix.edits {
            if mask.text(&edit.text) != edit.text {
                return None;
            }
            let deleted = region(Region::of(self.report.files, edit.span)?);
            let replacement = Replacement {
                deleted_region: deleted,
                inserted_content: Message::new(edit.text.clone()),
            };
            changes.entry(edit.span.file).or_default().push(replacement);
        }
        let artifact_changes: Vec<_> = changes
            .into_iter()
            .map(|(file, replacements)| ArtifactChange {
                artifact_location: self.artifact(file),
                replacements,
            })
            .collect();
        let description = Message::new(mask.text(&fix.title));
        (!artifact_changes.is_empty()).then_some(SarifFix { description, artifact_changes })
    }

    fn suppression(&self, by: &SuppressedBy) -> Suppression {
        match by {
            SuppressedBy::Comment { span, reason } => Suppression {
                kind: "inSource",
                justification: Some(reason.clone()),
                location: Some(self.location((*span).into(), None)),
            },
            SuppressedBy::Config { reason, owner, until } => {
                let owner = owner.as_ref().map(|owner| format!("accepted by {owner}"));
                let until = until.as_ref().map(|until| format!("until {until}"));
                let parts = std::iter::once(reason.clone()).chain(owner).chain(until);
                let justification = parts.collect::<Vec<_>>().join("; ");
                Suppression { kind: "external", justification: Some(justification), location: None }
            }
            SuppressedBy::Baseline => Suppression {
                kind: "external",
                justification: Some(format!("in the {}", by_name(by))),
                location: None,
            },
        }
    }

    fn invocation(&self) -> Invocation {
        let mut execution = Vec::new();
        let mut configuration = Vec::new();
        for notice in &self.report.outcome.notices {
            let notification = Notification {
                descriptor: Reference { id: notice.id },
                associated_rule: None,
                level: match notice.kind {
                    NoticeKind::Incomplete => "error",
                    NoticeKind::Config => "warning",
                    NoticeKind::Info => "note",
                },
                message: Message::new(mask_addresses(&notice.message)),
                locations: self.places(notice.location),
            };
            match notice.kind {
                NoticeKind::Config => configuration.push(notification),
                NoticeKind::Incomplete | NoticeKind::Info => execution.push(notification),
            }
        }
        for undecided in &self.report.outcome.undecided {
            let reason = mask_addresses(&undecided.reason);
            execution.push(Notification {
                descriptor: Reference { id: UNDECIDED },
                associated_rule: Some(Reference { id: undecided.rule }),
                level: "note",
                message: Message::new(format!("{}: {reason}", undecided.subject)),
                locations: self.places(Some(undecided.location)),
            });
        }
        Invocation {
            execution_successful: !self.report.outcome.incomplete(),
            exit_code: self.report.exit_status(),
            tool_execution_notifications: execution,
            tool_configuration_notifications: configuration,
        }
    }

    fn places(&self, location: Option<Location>) -> Vec<model::Location> {
        location
            .map(|location| self.location(location, None))
            .filter(|location| location.physical_location.is_some())
            .into_iter()
            .collect()
    }
}

fn region(region: Region) -> SarifRegion {
    SarifRegion {
        start_line: region.start.line,
        start_column: region.start.column,
        end_line: region.end.line,
        end_column: region.end.column,
        byte_offset: region.bytes.start().into(),
        byte_length: region.bytes.len().into(),
    }
}

/// What SARIF has no place for.
fn properties(finding: &Finding, mask: &Mask) -> BTreeMap<&'static str, serde_json::Value> {
    let mut properties = BTreeMap::from([
        ("severity", json!(finding.severity.name())),
        ("confidence", json!(finding.confidence.name())),
        ("audience", json!(audience_name(finding.audience))),
        ("subject", json!(mask.text(&finding.subject))),
    ]);
    if let Some(check) = finding.django_check {
        properties.insert("djangoCheck", json!(check));
    }
    properties
}
