//! `try`: what is caught, and what does not hold any more after that.

use std::sync::Arc;

use djsec_python::code::{Code, ExprId, List, Stmt};

use super::conditions::Raised;
use super::run::{Flow, Frame, Run};
use super::value::Value;
use crate::views::exceptions;

/// Exceptions that stand for all of them, and those that are raised where somebody may not do something: what a
/// function that is not followed raises is one of these.
const ALL: &[&str] = &["Exception", "BaseException"];
const REFUSING: &[&str] = &[
    "PermissionDenied",
    "Http404",
    "PermissionError",
    "NotAuthenticated",
    "APIException",
    "NotFound",
];

impl<'a> Run<'a> {
    pub(super) fn attempt(&mut self, frame: &mut Frame<'a>, at: u32) -> Flow {
        let Some(parts) = frame.code.try_parts(at) else { return Flow::Falls };
        let before = frame.env.clone();
        let (mark, start) = (self.conditions.len(), self.time + 1);
        let mut flow = self.statements(frame, parts.body);
        if flow == Flow::Falls {
            flow = self.statements(frame, parts.otherwise);
        }
        let after = frame.env.clone();
        let mut result = if flow == Flow::Falls { Some(after.clone()) } else { None };
        for (exception, name, block) in &parts.handlers {
            frame.env = before.clone();
            Self::meet(frame, &after, &[]);
            if let Some(name) = name {
                frame.env.insert(*name, Value::other());
            }
            let handled = self.block(frame, *block);
            if handled == Flow::Falls {
                let caught = caught(frame.code, *exception);
                let catches = |raised: &Raised| caught.catches(raised);
                let swallowed = self.swallow(start, &catches);
                let mut at = 0;
                self.conditions.retain(|test| {
                    at += 1;
                    at <= mark || !test.raises.as_ref().is_some_and(catches)
                });
                let env = std::mem::take(&mut frame.env);
                if let Some(known) = result.take() {
                    frame.env = known;
                    Self::meet(frame, &env, &swallowed);
                    result = Some(std::mem::take(&mut frame.env));
                } else {
                    result = Some(env);
                }
            }
            flow = flow.of_both(handled);
        }
        frame.env = result.unwrap_or(after);
        let last = self.statements(frame, parts.finally);
        if last == Flow::Falls { flow } else { last }
    }
}

/// What a handler catches.
enum Caught {
    All,
    /// By their last names.
    Named(Vec<String>),
}

impl Caught {
    fn catches(&self, raised: &Raised) -> bool {
        match (self, &raised.0) {
            (Self::All, _) => true,
            (Self::Named(names), Some(raised)) => names.iter().any(|name| **name == **raised),
            (Self::Named(names), None) => {
                names.iter().any(|name| REFUSING.contains(&name.as_str()))
            }
        }
    }
}

fn caught(code: &Code, handler: Option<ExprId>) -> Caught {
    match exceptions::caught(code, handler) {
        Some(names) if !names.iter().any(|name| ALL.contains(&name.as_str())) => {
            Caught::Named(names)
        }
        _ => Caught::All,
    }
}

/// What a block that ends in an exception raises. `continue` and `break` nobody catches.
pub(super) fn raised(code: &Code, block: List) -> Option<Raised> {
    match code.stmts(block).last().map(|id| code.stmt(*id)) {
        Some(Stmt::Raise(Some(error))) => {
            Some(Raised(exceptions::raised(code, error).map(Arc::from)))
        }
        Some(Stmt::Break | Stmt::Continue) => None,
        _ => Some(Raised(None)),
    }
}
