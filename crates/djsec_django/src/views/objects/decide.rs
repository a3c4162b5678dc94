//! Conditions that what is running decides: `self.action == "create"`, `request.method == "POST"`.

use djsec_python::code::{Comparison, Expr, ExprId};

use super::run::{Frame, Run};
use super::value::What;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

impl Run<'_> {
    /// Whether a condition holds for the handler that is running; `None` where that does not decide it.
    pub(super) fn decide(&self, frame: &Frame<'_>, test: ExprId) -> Option<bool> {
        let code = frame.code;
        match code.expr(test) {
            Expr::Not(inner) => self.decide(frame, inner).map(|holds| !holds),
            Expr::Compare(left, rest) => {
                let [(how, right)] = code.comparisons(rest) else { return None };
                let running = self.running(frame, left)?;
                let is = |id: &ExprId| Some(code.string(*id)?.eq_ignore_ascii_case(&running));
                match how {
                    Comparison::Eq => is(right),
                    Comparison::NotEq => is(right).map(|same| !same),
                    Comparison::In | Comparison::NotIn => {
                        let all: Option<Vec<bool>> =
                            code.elements(*right)?.iter().map(is).collect();
                        Some(all?.contains(&true) == (*how == Comparison::In))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The name of the action or method that runs, where an expression asks for it.
    fn running(&self, frame: &Frame<'_>, asked: ExprId) -> Option<String> {
        let code = frame.code;
        let on_view = frame.this.as_ref().is_some_and(|this| matches!(this.what, What::This));
        if self.handler.is_empty() || !on_view {
            return None;
        }
        if code.is_dotted(asked, "self.action") {
            return Some(self.handler.to_string());
        }
        let method = code.is_dotted(asked, "self.request.method");
        (method && METHODS.contains(&&*self.handler)).then(|| self.handler.to_string())
    }
}
