//! What all readers of environment variables share: casts of known and unknown texts, defaults,
//! and the errors of variables that are not set.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, Val};
use djsec_python::worlds::Type;

/// A cast of a text: how it is called in operations, its type, and what it makes of a known text.
pub(super) struct Cast<'f> {
    /// The operation that an unknown text gets.
    pub(super) op: &'f str,
    /// The type of the result.
    pub(super) ty: Type,
    /// The value of a known text; raises where the reader would.
    pub(super) parse: &'f dyn Fn(&mut Interp<'_>, &str, At) -> Val,
}

/// Casts every alternative that is a text. A text from a file keeps its place there.
pub(super) fn cast(it: &mut Interp<'_>, val: &Val, cast: &Cast<'_>, at: At) -> Val {
    each(it, val, at, |it, leaf, here| match leaf {
        Leaf::Str(text) => (cast.parse)(it, text, here),
        Leaf::Sym(sym) => {
            it.may_fail(sym, &format!("is a {}", cast.op), at);
            it.symbol(sym.then(cast.op, cast.ty), here)
        }
        other => Val::of(other.clone(), Some(here.span)),
    })
}

/// As `Interp::map`, but the place of an alternative counts, not that of the call: the text of a
/// `.env` file is reported there.
pub(super) fn each(
    it: &mut Interp<'_>,
    val: &Val,
    at: At,
    mut f: impl FnMut(&mut Interp<'_>, &Leaf, At) -> Val,
) -> Val {
    let mut parts = Vec::with_capacity(val.alts.len());
    for alt in &val.alts {
        let pc = it.worlds.and(alt.guard, at.pc);
        if it.worlds.impossible(pc) {
            continue;
        }
        let span = alt.span.filter(|_| matches!(alt.leaf, Leaf::Str(_))).unwrap_or(at.span);
        let part = f(it, &alt.leaf, At { pc, span });
        parts.push(it.narrow(&part, alt.guard));
    }
    it.join(parts, at)
}

/// A value and the one it has where it is not set; without a default, that raises.
pub(super) fn or_raise(
    it: &mut Interp<'_>,
    val: &Val,
    default: Option<&Val>,
    kind: &str,
    message: &str,
    at: At,
) -> Val {
    match default {
        Some(default) => it.or_default(val, default, at),
        None => it.required(val, kind, message, at),
    }
}

/// A leaf at the place of `at`.
pub(super) fn leaf(leaf: Leaf, at: At) -> Val {
    Val::of(leaf, Some(at.span))
}

/// A text at the place of `at`.
pub(super) fn text(text: impl Into<Arc<str>>, at: At) -> Val {
    leaf(Leaf::Str(text.into()), at)
}

/// `None`.
pub(super) fn none(at: At) -> Val {
    leaf(Leaf::None, at)
}

/// A boolean.
pub(super) fn boolean(value: bool, at: At) -> Val {
    leaf(Leaf::Bool(value), at)
}

/// An exception in the worlds of `at`: no value.
pub(super) fn fail(it: &mut Interp<'_>, kind: &str, message: &str, at: At) -> Val {
    it.raise(at.pc, kind, message, at);
    Val::nothing()
}

/// A list of texts.
pub(super) fn texts<'t>(
    it: &mut Interp<'_>,
    parts: impl IntoIterator<Item = &'t str>,
    at: At,
) -> Val {
    let items = parts.into_iter().map(|part| text(part, at)).collect();
    sequence(it, items, at)
}

/// A list of values.
pub(super) fn sequence(it: &mut Interp<'_>, items: Vec<Val>, at: At) -> Val {
    use djsec_python::eval::SeqVal;
    use djsec_python::worlds::Guard;
    let items = items.into_iter().map(|item| (Guard::ALWAYS, item)).collect();
    it.list(SeqVal { items, open: false }, at)
}

/// A tuple of values.
pub(super) fn tuple(items: Vec<Val>, at: At) -> Val {
    use djsec_python::eval::SeqVal;
    use djsec_python::worlds::Guard;
    let items = items.into_iter().map(|item| (Guard::ALWAYS, item)).collect();
    leaf(Leaf::Tuple(std::rc::Rc::new(SeqVal { items, open: false })), at)
}

/// `int(text)`.
pub(super) fn int(it: &mut Interp<'_>, text: &str, error: &str, at: At) -> Val {
    match djsec_python::eval::numbers::integer(text) {
        Ok(Some(i)) => leaf(Leaf::Int(i), at),
        Ok(None) => it.unknown_of("a number that is too large", Type::Int, at),
        Err(_) => fail(it, error, &format!("{text:?} is not an integer"), at),
    }
}

/// `float(text)`.
pub(super) fn float(it: &mut Interp<'_>, text: &str, error: &str, at: At) -> Val {
    match djsec_python::eval::numbers::float(text) {
        Ok(f) => leaf(Leaf::Float(f), at),
        Err(_) => fail(it, error, &format!("{text:?} is not a number"), at),
    }
}

/// A boolean by words; what is in neither list raises `error`.
pub(super) fn words(
    it: &mut Interp<'_>,
    given: &str,
    yes: &[&str],
    no: &[&str],
    error: &str,
    at: At,
) -> Val {
    if yes.contains(&given) {
        boolean(true, at)
    } else if no.contains(&given) {
        boolean(false, at)
    } else {
        fail(it, error, &format!("{given:?} is not a boolean"), at)
    }
}

/// Calls a callable of the project or a built-in type with one argument.
pub(super) fn call(it: &mut Interp<'_>, callable: &Val, argument: Val, at: At) -> Val {
    it.call_value(callable, &Args::positional(vec![argument]), at)
}

/// Whether the value is this external name (`builtins.bool`) in every world.
pub(super) fn is(val: &Val, name: &str) -> bool {
    matches!(val.single(), Some(Leaf::Ext(found)) if &**found == name)
}
