//! Calls that nobody looks at the answer of: they are there for what they refuse.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};

use super::class::Member;
use super::conditions::Raised;
use super::run::{Frame, Run};
use super::value::{Origin, Value, What};
use super::{Check, CheckKind};
use crate::views::effects::Verbs;
use crate::views::site::last;

/// Methods that raise nothing, whoever asks.
const QUIET: &[&str] = &[
    "all",
    "count",
    "exclude",
    "exists",
    "filter",
    "first",
    "has_perm",
    "has_perms",
    "values_list",
];

/// Functions of the language of which the same is true.
const QUIET_FUNCTIONS: &[&str] = &["all", "any", "bool", "getattr", "hasattr", "len", "set"];

impl<'a> Run<'a> {
    /// A call for its effect, in which a row and who asks meet: one that may refuse by its name.
    pub(super) fn refusing_call(&mut self, frame: &mut Frame<'a>, expr: ExprId, value: &Value) {
        let call = match frame.code.expr(expr) {
            Expr::Await(inner) => inner,
            _ => expr,
        };
        let Some((callee, arguments)) = frame.code.call(call) else { return };
        let name = match frame.code.expr(callee) {
            Expr::Name(name) | Expr::Attribute(_, name) => frame.code.text(name),
            _ => return,
        };
        // It only says whether it is.
        if name == "is_valid" && arguments.is_empty() {
            return;
        }
        let asks = value.is(&Origin::User) || value.is(&Origin::Request);
        if !asks || !may_refuse(name) || self.only_answers(frame, callee) {
            return;
        }
        let place = self.place(frame, call);
        let check = Check { kind: CheckKind::Call(Arc::from(name)), enforced: true, place };
        let check = self.guard_now(check, Verbs::ALL, Some(Raised(None)));
        let rows: Vec<usize> = value.rows().collect();
        for at in rows {
            self.guard(at, check.clone());
        }
        for origin in value.from.iter() {
            if matches!(origin, Origin::Url(_) | Origin::Body(Some(_)) | Origin::Query(Some(_))) {
                self.key_checks.push((origin.clone(), check.clone()));
            }
        }
    }

    /// Whether a call calls a function of the project that refuses nobody, but says yes or no: somebody has forgotten to
    /// look at the answer.
    fn only_answers(&mut self, frame: &mut Frame<'a>, callee: ExprId) -> bool {
        let (code, function) = match self.eval(frame, callee).what {
            What::Name(name @ QualifiedName::Project(..)) => {
                let Some((code, id)) = self.world.program.function_code(&name) else {
                    return false;
                };
                (code, id)
            }
            What::Method(base, name) => {
                let class = match &base.what {
                    What::Row(row) => Some(row.model.clone()),
                    What::This => self.view.clone(),
                    _ => None,
                };
                let member = class.map(|class| self.member(&class, &name, None));
                let Some(Member::Method(method)) = member else { return false };
                (method.code, method.function)
            }
            _ => return false,
        };
        let Some(function) = code.function(function) else { return false };
        if !code.exprs(function.decorators).is_empty() {
            return false;
        }
        let (mut answers, mut ends) = (false, false);
        code.each_stmt(function.body, &mut |_, stmt| {
            answers |= matches!(stmt, Stmt::Return(Some(_)));
            ends |= matches!(stmt, Stmt::Raise(_) | Stmt::Assert(_));
        });
        code.each_expr(function.body, &mut |_, expr| {
            if let Expr::Call(callee, _) = expr {
                let name = code.dotted(callee).unwrap_or_default();
                let quiet = match code.expr(callee) {
                    Expr::Attribute(..) => QUIET,
                    _ => QUIET_FUNCTIONS,
                };
                ends |= !quiet.contains(&last(&name));
            }
        });
        answers && !ends
    }
}

/// Whether a function that is out of sight may refuse, by its name.
fn may_refuse(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = [
        "access",
        "allow",
        "assert",
        "auth",
        "can_",
        "check",
        "ensure",
        "forbid",
        "guard",
        "owner",
        "permission",
        "perms",
        "require",
        "restrict",
        "valid",
        "verify",
        "or_403",
        "or_404",
    ];
    words.iter().any(|word| name.contains(word))
}
