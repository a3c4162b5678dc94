//! Network addresses that a host resolves to: what is refused of all of them, the address leads to none of.

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId};

use super::Run;
use super::stmt::Flow;
use crate::env::{Env, Learnt};
use crate::value::{Fact, Value, What};
use crate::{Kind, Kinds};

impl Run<'_, '_> {
    /// `ip_address(found).is_private` and `.is_global`: the other address does no harm to this network.
    /// What else there is to ask (`is_loopback`, `is_link_local`) says of some of it only.
    pub(super) fn of_address(&mut self, id: ExprId) -> Option<Fact> {
        let Expr::Attribute(base, name) = self.code.expr(id) else { return None };
        let when = match self.code.text(name) {
            "is_private" => false,
            "is_global" => true,
            _ => return None,
        };
        let What::Address(subject) = self.eval(base).what else { return None };
        let safe = Kinds::of([Kind::Ssrf]);
        Some(Fact { safe, ..Fact::harmless(subject, when) })
    }

    /// The address whose host a list of network addresses belongs to. A host has some, or looking for
    /// them raises.
    pub(super) fn resolved(all: &Value) -> Option<Arc<str>> {
        match &all.what {
            What::Address(subject) => Some(Arc::clone(subject)),
            _ => None,
        }
    }

    /// As what an address can do no harm where a turn over those of its host goes on to the next.
    pub(super) fn safe_of_host(&self, subject: &Arc<str>, flow: Flow) -> Kinds {
        let ssrf = Kinds::of([Kind::Ssrf]);
        let ends = self.loops.last();
        let continues = ends.and_then(super::loops::Ends::continued);
        let left = ends.is_some_and(super::loops::Ends::is_left);
        let falls = (flow == Flow::Falls).then_some(&self.env);
        let safe_in = |env: &Env| {
            let value = self.code.symbol(subject).and_then(|name| env.get(name)).flatten();
            value.is_none_or(|value| {
                value.taint.labels().iter().all(|label| label.safe.has(Kind::Ssrf))
            })
        };
        if !left && falls.into_iter().chain(continues).all(safe_in) { ssrf } else { Kinds::NONE }
    }

    /// After a loop over all of them.
    pub(super) fn host_was(&mut self, subject: Arc<str>, safe: Kinds) {
        if safe != Kinds::NONE {
            self.learn(&Learnt { subject, safe, doubt: 0, needs: Kinds::NONE });
        }
    }
}
