//! What the ways of untrusted data into sinks are about.

use djsec_flow::Flow;

pub(super) use crate::flows::{report, say, source, weighed};

/// Whether what is run is a management command rather than a program.
pub(super) fn is_management_command(flow: &Flow) -> bool {
    matches!(&*flow.callee, "call_command" | "execute_from_command_line")
}

/// Whether what is loaded are Django's fixtures.
pub(super) fn is_fixture(flow: &Flow) -> bool {
    &*flow.callee == "deserialize"
}

/// Whether what it gets into is the template of an expression, not a statement.
pub(super) fn is_expression_template(flow: &Flow) -> bool {
    &*flow.words == "the SQL template of an expression"
}
