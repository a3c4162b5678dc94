//! Conditions that the source decides (`or True`), or what is running: `self.action == "create"`,
//! `request.method == "POST"`, whether the rows of a model have a field, and whether a parameter is given at all.

use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, Expr, ExprId, Symbol};

use super::call::is_plain;
use super::run::{Frame, Run};
use super::value::What;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

impl Run<'_> {
    /// Whether a condition holds for the handler that is running; `None` where that does not decide it.
    pub(super) fn decide(&self, frame: &Frame<'_>, test: ExprId) -> Option<bool> {
        let code = frame.code;
        match code.expr(test) {
            Expr::Not(inner) => self.decide(frame, inner).map(|holds| !holds),
            Expr::Bool(value) => Some(value),
            Expr::None => Some(false),
            Expr::Or(list) => self.decide_all(frame, code.exprs(list), true),
            Expr::And(list) => self.decide_all(frame, code.exprs(list), false),
            Expr::Call(..) => self.has_field(frame, test).then_some(true),
            Expr::Name(name) => match decided(frame, name)? {
                What::Bool(holds) => Some(*holds),
                _ => Some(false),
            },
            Expr::Compare(left, rest) => {
                let [(how, right)] = code.comparisons(rest) else { return None };
                if let (Expr::Name(name), Expr::None) = (code.expr(left), code.expr(*right)) {
                    let same = matches!(how, Comparison::Is | Comparison::Eq);
                    let other = matches!(how, Comparison::IsNot | Comparison::NotEq);
                    let none = *decided(frame, name)? == What::None;
                    return (same || other).then_some(none == same);
                }
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

    /// Whether a condition is a setting that is surely on in production, or surely off.
    pub(super) fn said_by_settings(&self, frame: &Frame<'_>, test: ExprId) -> Option<bool> {
        let code = frame.code;
        if let Expr::Not(inner) = code.expr(test) {
            return self.said_by_settings(frame, inner).map(|holds| !holds);
        }
        let Expr::Attribute(..) = code.expr(test) else { return None };
        let name = self.world.program.resolve(frame.module, &code.dotted(test)?);
        let QualifiedName::External(name) = name else { return None };
        let setting = self.world.settings?.get(name.strip_prefix("django.conf.settings.")?);
        if setting.is_absent().is_never() { setting.truthy().certain() } else { None }
    }

    /// Whether a condition is about a setting, at least in part: `settings.DEV and settings.DEV_LOGIN`.
    pub(super) fn asks_settings(&self, frame: &Frame<'_>, test: ExprId) -> bool {
        let (code, program) = (frame.code, self.world.program);
        let mut asks = false;
        code.each_inner(test, &mut |id, expr| {
            asks |= matches!(expr, Expr::Attribute(..))
                && code.dotted(id).is_some_and(|dotted| {
                    let name = program.resolve(frame.module, &dotted);
                    matches!(&name, QualifiedName::External(name)
                        if name.starts_with("django.conf.settings."))
                });
        });
        asks
    }

    /// Operands of which one that is `ends` decides, and of which all have to be known otherwise.
    fn decide_all(&self, frame: &Frame<'_>, operands: &[ExprId], ends: bool) -> Option<bool> {
        let all: Vec<Option<bool>> =
            operands.iter().map(|operand| self.decide(frame, *operand)).collect();
        let known = all.iter().all(Option::is_some);
        (known || all.contains(&Some(ends))).then(|| all.contains(&Some(ends)) == ends)
    }

    /// `hasattr(row, "owner")`, where the model has such a field.
    fn has_field(&self, frame: &Frame<'_>, test: ExprId) -> bool {
        let code = frame.code;
        let Some((callee, [of, name])) = code.call(test) else { return false };
        let model = match (code.name(callee), code.expr(of.value)) {
            (Some("hasattr"), Expr::Name(of)) => frame.env.get(of).and_then(|of| of.model()),
            _ => None,
        };
        let name = code.string(name.value);
        model.zip(name).is_some_and(|(model, name)| self.world.models.field(model, name).is_some())
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

/// What a parameter is by who calls the function, and nothing else so far: `None`, `True` or `False`.
fn decided<'f>(frame: &'f Frame<'_>, name: Symbol) -> Option<&'f What> {
    let value = frame.env.get(name).filter(|_| frame.decided.contains(&name));
    value.filter(|value| is_plain(value)).map(|value| &value.what)
}
