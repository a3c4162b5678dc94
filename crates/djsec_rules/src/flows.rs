//! How ways of untrusted data into sinks are reported, whatever the sink.

use djsec_base::{Confidence, Finding, Location, Severity};
use djsec_flow::{Flow, Grade};

use crate::{Findings, Reported, Rule};

/// Reports a way into a sink: where the data comes from, what it does there (`decides`, `becomes part
/// of`), and what it gets into.
#[must_use = "say how to fix it, and finish with `.done()`"]
pub(crate) fn report<'f>(
    rule: &'static Rule,
    flow: &Flow,
    does: &str,
    out: &'f mut Findings,
) -> Reported<'f> {
    say(rule, flow, format!("{} {does} {}", source(flow), flow.words), out)
}

/// The same in other words.
#[must_use = "say how to fix it, and finish with `.done()`"]
pub(crate) fn say<'f>(
    rule: &'static Rule,
    flow: &Flow,
    message: String,
    out: &'f mut Findings,
) -> Reported<'f> {
    let (severity, confidence) = weight(rule.meta.severity, flow);
    weighed(rule, flow, (severity, confidence), message, out)
}

/// The same where a rule knows by itself how much it weighs.
#[must_use = "say how to fix it, and finish with `.done()`"]
pub(crate) fn weighed<'f>(
    rule: &'static Rule,
    flow: &Flow,
    (severity, confidence): (Severity, Confidence),
    message: String,
    out: &'f mut Findings,
) -> Reported<'f> {
    let mut finding = Finding::new(&rule.meta, Location::Span(flow.place), subject(flow), message)
        .severity(severity)
        .confidence(confidence);
    for step in &flow.steps {
        finding = finding.step(Location::Span(step.place), step.words.to_string());
    }
    out.report(finding)
}

/// What anybody sends is worse than what somebody could store; what went through unknown code is less
/// sure.
fn weight(severity: Severity, flow: &Flow) -> (Severity, Confidence) {
    match (flow.source.grade, flow.doubt) {
        (Grade::Remote, 0) => (severity, Confidence::High),
        (Grade::Remote, 1) => (severity, Confidence::Medium),
        (Grade::Remote, _) => (severity, Confidence::Low),
        (Grade::Stored | Grade::Shown | Grade::Own | Grade::Trace | Grade::Failure, _) => {
            (severity.lower(), Confidence::Low)
        }
    }
}

/// What stays the same when code moves: what is called with what.
fn subject(flow: &Flow) -> String {
    format!("{} <- {}", flow.callee, flow.source.words)
}

/// Where the data comes from, for a message: `` `request.GET["q"]` ``, `` the address's `pk` `` or
/// `` the stored `review.text` ``.
pub(crate) fn source(flow: &Flow) -> String {
    match flow.source.grade {
        // What quotes a name itself is a phrase, and no code.
        Grade::Remote if flow.source.words.contains('`') => flow.source.words.to_string(),
        Grade::Remote | Grade::Shown | Grade::Own | Grade::Trace | Grade::Failure => {
            format!("`{}`", flow.source.words)
        }
        Grade::Stored => format!("the stored `{}`", flow.source.words),
    }
}
