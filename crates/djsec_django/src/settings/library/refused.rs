//! Settings that Django itself refuses when it loads them.

use djsec_python::eval::{At, Interp, Leaf, NsId, Object, Val};
use djsec_python::worlds::Guard;

use crate::defaults::DjangoSeries;

/// Settings that must be a list or a tuple.
const SEQUENCES: [&str; 5] =
    ["ALLOWED_HOSTS", "INSTALLED_APPS", "TEMPLATE_DIRS", "LOCALE_PATHS", "SECRET_KEY_FALLBACKS"];
/// Settings that `MAILERS` replaces.
const EMAIL: [&str; 9] = [
    "EMAIL_BACKEND",
    "EMAIL_FILE_PATH",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
];
const REFUSED: &str = "ImproperlyConfigured";

/// Raises what Django raises for the names of a settings module.
pub(in crate::settings) fn check(it: &mut Interp<'_>, ns: NsId, series: DjangoSeries, at: At) {
    for name in SEQUENCES {
        let Some(val) = bound(it, ns, name) else { continue };
        let wrong = not_a_sequence(it, &val);
        let span = val.alts.iter().find_map(|alt| alt.span).unwrap_or(at.span);
        let message = format!("The {name} setting must be a list or a tuple.");
        it.raise(wrong, REFUSED, message, At { span, ..at });
    }
    let at_least = |major: u16, minor: u16| (series.major, series.minor) >= (major, minor);
    if at_least(4, 2) && !at_least(5, 1) {
        for name in ["DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE"] {
            both(it, ns, name, "STORAGES", at);
        }
    }
    if at_least(6, 1) {
        for name in EMAIL {
            both(it, ns, name, "MAILERS", at);
        }
    }
}

fn bound(it: &Interp<'_>, ns: NsId, name: &str) -> Option<Val> {
    it.namespace(ns)?.find(name).map(|bound| bound.val.clone())
}

fn not_a_sequence(it: &mut Interp<'_>, val: &Val) -> Guard {
    let mut wrong = Guard::NEVER;
    for alt in &val.alts {
        let fits = match &alt.leaf {
            Leaf::Absent | Leaf::Tuple(_) | Leaf::Sym(_) | Leaf::Ext(_) => true,
            Leaf::Ref(id) => !matches!(it.object(*id), Some(Object::Dict(_) | Object::Set(_))),
            _ => false,
        };
        if !fits {
            wrong = it.worlds.or(wrong, alt.guard);
        }
    }
    wrong
}

fn both(it: &mut Interp<'_>, ns: NsId, a: &str, b: &str, at: At) {
    let (Some(first), Some(second)) = (bound(it, ns, a), bound(it, ns, b)) else { return };
    let (no_first, no_second) = (it.absent(&first), it.absent(&second));
    let missing = it.worlds.or(no_first, no_second);
    let refused = it.worlds.not(missing);
    let span = first.alts.iter().find_map(|alt| alt.span).unwrap_or(at.span);
    let message = format!("{a}/{b} are mutually exclusive.");
    it.raise(refused, REFUSED, message, At { span, ..at });
}
