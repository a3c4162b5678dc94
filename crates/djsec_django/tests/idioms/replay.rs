//! Does to a text what the operations of a symbol say, where that can be done.

use std::sync::Arc;

use crate::python::Py;

/// The value after all operations; `None` when one of them is not known here.
pub(crate) fn replay(mut py: Py, ops: &[Arc<str>]) -> Option<Py> {
    for op in ops {
        py = apply(&py, op)?;
    }
    Some(py)
}

fn apply(py: &Py, op: &str) -> Option<Py> {
    if let Some(text) = op.strip_prefix("== ") {
        return Some(Py::Bool(literal(text)? == *py));
    }
    match (py, op) {
        (Py::Str(s), ".lower()") => Some(Py::Str(s.to_lowercase())),
        (Py::Str(s), ".upper()") => Some(Py::Str(s.to_uppercase())),
        (Py::Str(s), ".strip()") => Some(Py::Str(s.trim().to_owned())),
        (Py::Str(_), "str") => Some(py.clone()),
        (Py::Str(s), "int") => int(s).map(Py::Int),
        (Py::Str(s), "is an int") => Some(Py::Bool(int(s).is_some())),
        (Py::Str(s), "float") => s.trim().parse().ok().map(Py::Float),
        (Py::Str(s), ".split(',')") => Some(list(s.split(','))),
        (Py::Str(s), ".split()") => Some(list(s.split_whitespace())),
        (Py::List(items), "tuple") => Some(Py::Tuple(items.clone())),
        (Py::List(items) | Py::Tuple(items), "list") => Some(Py::List(items.clone())),
        (Py::Str(s), "django-environ bool") => Some(Py::Bool(
            matches!(s.trim().to_lowercase().as_str(), "true" | "on" | "ok" | "y" | "yes" | "1")
                || int(s).is_some_and(|i| i != 0),
        )),
        (Py::Str(s), "django-environ list") => {
            Some(list(s.split(',').filter(|part| !part.is_empty())))
        }
        (Py::Str(s), _) => affix(s, op),
        _ => None,
    }
}

/// `in 'before{}'`, `+ 'after'`.
fn affix(text: &str, op: &str) -> Option<Py> {
    if let Some(head) = op.strip_prefix("in '").and_then(|rest| rest.strip_suffix("{}'")) {
        return Some(Py::Str(format!("{head}{text}")));
    }
    let tail = op.strip_prefix("+ '")?.strip_suffix('\'')?;
    Some(Py::Str(format!("{text}{tail}")))
}

fn list<'a>(parts: impl Iterator<Item = &'a str>) -> Py {
    Py::List(parts.map(|part| Py::Str(part.to_owned())).collect())
}

fn int(text: &str) -> Option<i64> {
    text.trim().replace('_', "").parse().ok()
}

/// A constant in Python's notation, as far as comparisons use it.
fn literal(text: &str) -> Option<Py> {
    match text {
        "None" => return Some(Py::None),
        "True" => return Some(Py::Bool(true)),
        "False" => return Some(Py::Bool(false)),
        _ => {}
    }
    if let Ok(i) = text.parse() {
        return Some(Py::Int(i));
    }
    let inner = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .or_else(|| text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')))?;
    (!inner.contains('\\')).then(|| Py::Str(inner.to_owned()))
}
