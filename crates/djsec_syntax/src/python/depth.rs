//! Keeps trees that nest too deep away from everything that recurses over trees.
//!
//! The parser itself grows its stack as needed; visitors and `Drop` do not. `x = 1 + 1 + …`,
//! `a.b.b.…` and `-----1` nest without a single bracket, so counting brackets would not do.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_stmt};
use ruff_python_ast::{AnyNodeRef, Stmt, Suite};
use ruff_text_size::{Ranged, TextSize};

use crate::SyntaxError;

/// How many nodes may stand inside each other. `CPython` gives up well before.
const LIMIT: usize = 2_000;

/// A node of fewer bytes than this cannot hold enough levels to matter, and is not entered.
const SHORT: TextSize = TextSize::new(500);

/// The message of errors about nesting.
pub(super) const TOO_DEEP: &str = "nested too deep to be analysed; the statement was left out";

/// Takes statements that nest too deep out of `body` and says where they were. What is taken out
/// is leaked on purpose: dropping it would recurse as deep as it nests.
pub(super) fn remove_deep_statements(body: &mut Suite) -> Vec<SyntaxError> {
    let deep = |stmt: &Stmt| stmt.range().len() >= SHORT && nests_too_deep(stmt);
    if !body.iter().any(deep) {
        return Vec::new();
    }
    let mut errors = Vec::new();
    for stmt in std::mem::take(body) {
        if deep(&stmt) {
            errors.push(SyntaxError { message: TOO_DEEP.to_owned(), range: stmt.range() });
            std::mem::forget(stmt);
        } else {
            body.push(stmt);
        }
    }
    errors
}

fn nests_too_deep(stmt: &Stmt) -> bool {
    let mut gauge = Gauge { depth: 0, exceeded: false };
    walk_stmt(&mut gauge, stmt);
    gauge.exceeded
}

/// Counts levels on the way down and turns back at the limit, so that it recurses no deeper itself.
struct Gauge {
    depth: usize,
    exceeded: bool,
}

impl<'a> SourceOrderVisitor<'a> for Gauge {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        // `leave_node` is called for skipped nodes too.
        self.depth += 1;
        if self.depth > LIMIT {
            self.exceeded = true;
        }
        if self.exceeded || node.range().len() < SHORT {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }

    fn leave_node(&mut self, _node: AnyNodeRef<'a>) {
        self.depth = self.depth.saturating_sub(1);
    }
}
