//! Conditions on debug mode, which is off in production.

use djsec_python::QualifiedName;
use djsec_python::code::{Comparison, Expr, ExprId};

use super::Run;
use crate::Kind;
use crate::value::What;

/// Where Django keeps the settings.
const SETTINGS: &str = "django.conf.settings";
/// The one that says whether debug mode is on.
const DEBUG: &str = "django.conf.settings.DEBUG";

impl Run<'_, '_> {
    /// Whether this is run where debug mode is on only: `if settings.DEBUG:`. A name that says so is believed,
    /// whoever gave it its value.
    pub(super) fn only_in_debug(&self) -> bool {
        self.under.iter().any(|(test, holds)| self.asks_debug(*test, *holds))
    }

    /// Whether only those see it here who may: what is written in debug mode, or sent to the staff.
    pub(super) fn is_for_insiders(&self, kind: Kind) -> bool {
        match kind {
            Kind::Secret => self.only_in_debug(),
            Kind::Revealed | Kind::Told => self.is_among_insiders(),
            _ => false,
        }
    }

    pub(super) fn asks_debug(&self, test: ExprId, holds: bool) -> bool {
        let code = self.code;
        match code.expr(test) {
            Expr::Not(inner) => self.asks_debug(inner, !holds),
            Expr::And(list) if holds => {
                code.exprs(list).iter().any(|part| self.asks_debug(*part, true))
            }
            Expr::Name(name) | Expr::Attribute(_, name) if holds => {
                code.text(name).eq_ignore_ascii_case("debug") || self.is_debug(test)
            }
            _ => holds && self.is_debug(test),
        }
    }

    /// Whether an operand says nothing in production: `not settings.DEBUG and …`, `settings.DEBUG or …`.
    pub(super) fn is_so_in_production(&self, operand: ExprId, is_and: bool) -> bool {
        match (self.code.expr(operand), is_and) {
            (Expr::Not(inner), true) => self.is_debug(inner),
            (_, false) => self.is_debug(operand),
            _ => false,
        }
    }

    /// Whether an expression is true where debug mode is on and false where it is off: the setting, under
    /// whatever name, or a name that was given it.
    fn is_debug(&self, expr: ExprId) -> bool {
        let code = self.code;
        match code.expr(expr) {
            Expr::Name(name) if self.env.get(name).is_some() => {
                let known = self.env.get(name).flatten().map(|value| &value.what);
                matches!(known, Some(What::Name(name)) if name.is_external(DEBUG))
            }
            Expr::Name(_) | Expr::Attribute(..) => match self.meant(expr) {
                Some(QualifiedName::Project(_, path)) => &*path == "DEBUG",
                found => found.is_some_and(|name| name.is_external(DEBUG)),
            },
            Expr::Compare(left, rest) => match code.comparisons(rest) {
                [(Comparison::Eq | Comparison::Is, right)] => {
                    code.bool(*right) == Some(true) && self.is_debug(left)
                }
                _ => false,
            },
            // `getattr(settings, "DEBUG", False)`
            Expr::Call(callee, arguments) => {
                let [holder, name, ..] = code.arguments(arguments) else { return false };
                code.is_dotted(callee, "getattr")
                    && code.string(name.value) == Some("DEBUG")
                    && self.meant(holder.value).is_some_and(|name| name.is_external(SETTINGS))
            }
            _ => false,
        }
    }

    /// What an expression names in its module; nothing where its first name is one of the function.
    fn meant(&self, expr: ExprId) -> Option<QualifiedName> {
        let mut first = expr;
        while let Expr::Attribute(holder, _) = self.code.expr(first) {
            first = holder;
        }
        match self.code.expr(first) {
            Expr::Name(name) if self.env.get(name).is_none() => self.named(expr),
            _ => None,
        }
    }
}
