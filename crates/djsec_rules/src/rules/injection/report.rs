//! How ways of untrusted data into sinks are reported, whatever the sink.

use djsec_base::{Confidence, Finding, Location, RuleMeta, Severity};
use djsec_flow::{Flow, Grade};

use crate::Findings;

/// Reports a way into a sink: `message` says what follows, `help` what to do.
pub(super) fn report(
    meta: &'static RuleMeta,
    flow: &Flow,
    message: String,
    help: &str,
    out: &mut Findings,
) {
    report_as(meta, meta.severity, flow, message, help, out);
}

/// The same, where how bad it is depends on the sink.
pub(super) fn report_as(
    meta: &'static RuleMeta,
    severity: Severity,
    flow: &Flow,
    message: String,
    help: &str,
    out: &mut Findings,
) {
    let (severity, confidence) = weight(severity, flow);
    say(meta, (severity, confidence), flow, message, help, out);
}

/// The same, where it is often no harm.
pub(super) fn report_unsure(
    meta: &'static RuleMeta,
    flow: &Flow,
    message: String,
    help: &str,
    out: &mut Findings,
) {
    let (severity, _) = weight(meta.severity, flow);
    say(meta, (severity, Confidence::Low), flow, message, help, out);
}

fn say(
    meta: &'static RuleMeta,
    (severity, confidence): (Severity, Confidence),
    flow: &Flow,
    message: String,
    help: &str,
    out: &mut Findings,
) {
    let mut finding =
        Finding::new(meta, Location::Span(flow.place), subject(flow), message).help(help);
    for step in &flow.steps {
        finding = finding.step(Location::Span(step.place), step.words.to_string());
    }
    finding.severity = severity;
    finding.confidence = confidence;
    out.report(finding).done();
}

/// What anybody sends is worse than what somebody could store; what went through unknown code is less
/// sure.
fn weight(severity: Severity, flow: &Flow) -> (Severity, Confidence) {
    match (flow.source.grade, flow.doubt) {
        (Grade::Remote, 0) => (severity, Confidence::High),
        (Grade::Remote, 1) => (severity, Confidence::Medium),
        (Grade::Remote, _) => (severity, Confidence::Low),
        (Grade::Stored, _) => (severity.lower(), Confidence::Low),
    }
}

/// What stays the same when code moves: what is called with what.
fn subject(flow: &Flow) -> String {
    format!("{} <- {}", flow.callee, flow.source.words)
}

/// Where the data comes from, for a message: `` `request.GET["q"]` `` or `a stored value`.
pub(super) fn source(flow: &Flow) -> String {
    match flow.source.grade {
        Grade::Remote => format!("`{}`", flow.source.words),
        Grade::Stored => format!("the stored `{}`", flow.source.words),
    }
}

/// Whether what is run is a management command rather than a program.
pub(super) fn is_management_command(flow: &Flow) -> bool {
    matches!(&*flow.callee, "call_command" | "execute_from_command_line")
}

/// How untrusted data gets into HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Html {
    /// It is sent as a page.
    Sent,
    /// It is marked as safe.
    Marked,
    /// It is the format of `format_html()`.
    Format,
}

/// How a flow of HTML ends.
pub(super) fn html(flow: &Flow) -> Html {
    match &*flow.callee {
        "mark_safe" | "SafeString" | "SafeText" | "SafeData" | "Markup" => Html::Marked,
        "format_html" | "format_html_join" => Html::Format,
        _ => Html::Sent,
    }
}

/// Whether what is loaded are Django's fixtures.
pub(super) fn is_fixture(flow: &Flow) -> bool {
    &*flow.callee == "deserialize"
}
