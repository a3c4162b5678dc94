//! What a call says of its arguments where it comes back at all: what does not fit raises.

use std::sync::Arc;

use djsec_python::code::ExprId;

use super::Run;
use super::checks::is_strict;
use super::construct::FIRST;
use crate::args::{Args, Bound};
use crate::env::Learnt;
use crate::summary::Summary;
use crate::taint::Origin;
use crate::value::Value;
use crate::{Kind, Kinds};

/// Raises unless what it is called with matches.
pub(super) const VALIDATOR: &str = "django.core.validators.RegexValidator";

/// Functions that raise unless their first argument is a number.
const NUMERIC: &[&str] = &[
    "builtins.int",
    "builtins.float",
    "decimal.Decimal",
    "fractions.Fraction",
    "django.core.validators.validate_integer",
];

/// Functions that raise unless their first argument is harmless.
const STRICT: &[&str] = &[
    "uuid.UUID",
    "ipaddress.ip_address",
    "ipaddress.ip_network",
    "datetime.date.fromisoformat",
    "datetime.datetime.fromisoformat",
    "datetime.datetime.strptime",
    "django.core.validators.validate_slug",
    "django.core.validators.validate_unicode_slug",
    "django.core.validators.validate_ipv4_address",
    "django.core.validators.validate_ipv46_address",
];

impl Run<'_, '_> {
    /// After a call of such a function.
    pub(super) fn after_strict(&mut self, strict: Option<(ExprId, Kinds)>) {
        if let Some((expr, safe)) = strict {
            self.ensured(expr, safe, Kinds::NONE);
        }
    }

    /// After `path.relative_to(folder)`.
    pub(super) fn after_method(&mut self, name: &str, args: &Args) {
        if name == "relative_to"
            && let Some(receiver) = &args.receiver
        {
            self.ensured(receiver.expr, Kinds::of([Kind::Path]), Kinds::RESOLVED);
        }
    }

    /// After a call of a validator with a pattern.
    pub(super) fn validated(&mut self, validator: &Value, args: &Args) {
        let pattern = validator.known_field("regex").or(validator.known_field(FIRST));
        let inverse = validator.known_field("inverse_match").is_some();
        let strict = pattern.and_then(Value::as_text).is_some_and(|p| is_strict(p, true, true));
        if let Some(given) = args.positional.first().filter(|_| strict && !inverse) {
            self.ensured(given.expr, Kinds::ALL, Kinds::NONE);
        }
    }

    /// After a call of a function of the project: what it let through.
    pub(super) fn after_own(&mut self, summary: &Summary, bound: &[Bound]) {
        for (argument, safe) in bound.iter().zip(summary.ensures.iter().flatten()) {
            if *safe != Kinds::NONE
                && let Some(expr) = argument.expr
            {
                self.ensured(expr, *safe, Kinds::NONE);
            }
        }
    }

    pub(super) fn ensured(&mut self, expr: ExprId, safe: Kinds, needs: Kinds) {
        // `refuse_private(urlsplit(url).hostname)` says it of the address.
        if let Some((subject, most)) = self.host_of(expr) {
            self.learn(&Learnt { subject, safe: safe.and(most), doubt: 0, needs });
        }
        let subject: Option<Arc<str>> = self.written(expr);
        if let Some(subject) = subject {
            self.learn(&Learnt { subject, safe, doubt: 0, needs });
        }
    }

    /// Notes what can be said of the parameters where the function comes to an end.
    pub(super) fn ends(&mut self) {
        if !self.inner.is_empty() {
            return;
        }
        let function = self.function;
        let mut safe: Vec<Kinds> = Vec::with_capacity(function.parameters.len());
        for (at, parameter) in (0_u16..).zip(&function.parameters) {
            let own = at == 0 && self.owner.is_some();
            let value = match self.env.get(parameter.name) {
                Some(value) if !own && !self.assigned.contains(&parameter.name) => value,
                _ => {
                    safe.push(Kinds::NONE);
                    continue;
                }
            };
            let labels = value.map(|value| value.taint.labels()).unwrap_or_default();
            let whole = labels.iter().find(|label| label.origin == Origin::Parameter(at, None));
            // Nothing is left of it where it is harmless; a request never had anything.
            let was = self.began.get(usize::from(at)).copied().unwrap_or_default();
            safe.push(match whole {
                Some(label) => label.safe,
                None if was => Kinds::ALL,
                None => Kinds::NONE,
            });
        }
        match &mut self.out.ensures {
            Some(known) => {
                for (known, safe) in known.iter_mut().zip(safe) {
                    *known = known.and(safe);
                }
            }
            None => self.out.ensures = Some(safe),
        }
    }
}

/// What of its arguments a package's function raises for, and as what it is harmless otherwise.
pub(super) fn strict(name: &str, args: &Args) -> Option<(ExprId, Kinds)> {
    let (at, safe) = match name {
        _ if NUMERIC.contains(&name) => (0, Kinds::NUMBER),
        _ if STRICT.contains(&name) => (0, Kinds::ALL),
        "django.utils._os.safe_join" => (1, Kinds::of([Kind::Path])),
        _ => return None,
    };
    args.positional.get(at).map(|given| (given.expr, safe))
}
