//! Calls that start an error monitor: they set nothing, and rules want to see their arguments.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Fact, Interp, Leaf, Val};

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    if name != "sentry_sdk.init" || it.worlds.impossible(at.pc) {
        return None;
    }
    let keywords = args
        .keywords
        .iter()
        .map(|(keyword, val)| (Arc::clone(keyword), it.note_value(val.clone())))
        .collect();
    let fact = Fact::Call { name: name.to_owned(), keywords, span: at.span };
    it.facts.push(fact);
    Some(Val::of(Leaf::None, Some(at.span)))
}
