//! The functions behind a view, as far as it hands on its request.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Code, Expr, ExprId};

use super::View;
use super::limits::{AUTHENTICATE, COUNTERS};
use super::site::{Cx, Def, last};
use crate::hierarchy::AttributeValue;
use crate::templates::RENDERERS;

/// Functions are followed this deep.
const DEEPEST: u8 = 2;
/// Functions of one view.
const MOST: usize = 60;

/// The functions that run for a view, and those of the project to which they hand the request; each once.
pub(super) fn functions<'a>(cx: &'a Cx<'a>, view: &View) -> Vec<Def<'a>> {
    let mut found: Vec<(Def<'a>, Option<QualifiedName>, u8)> = Vec::new();
    for body in &view.bodies {
        if let Some(def) = cx.site(body.module).and_then(|site| site.def(body.function)) {
            found.push((def, body.receiver.clone(), 0));
        }
    }
    let mut at = 0;
    while let Some((def, receiver, depth)) = found.get(at).cloned()
        && found.len() < MOST
    {
        at += 1;
        if depth >= DEEPEST {
            continue;
        }
        let calls = calls(def);
        let next = calls.handed.iter().filter_map(|at| called(cx, def, receiver.as_ref(), *at));
        for (def, receiver) in next {
            let same = |known: &Def<'_>| known.id == def.id && known.site.module == def.site.module;
            if !found.iter().any(|(known, ..)| same(known)) {
                found.push((def, receiver, depth + 1));
            }
        }
    }
    found.into_iter().map(|(def, ..)| def).collect()
}

/// The function that a call runs, with the class that `self` is in there.
fn called<'a>(
    cx: &'a Cx<'a>,
    def: Def<'a>,
    receiver: Option<&QualifiedName>,
    callee: ExprId,
) -> Option<(Def<'a>, Option<QualifiedName>)> {
    let code = def.site.code;
    if let Expr::Attribute(value, name) = code.expr(callee)
        && code.is_dotted(value, "self")
    {
        let found = cx.hierarchy.attribute(receiver?, code.text(name))?;
        let AttributeValue::Method(module, _, id) = found.value else { return None };
        return Some((cx.site(module)?.def(id)?, receiver.cloned()));
    }
    Some((cx.def(&def.site.resolve(callee))?, None))
}

fn is_request(code: &Code, value: ExprId) -> bool {
    code.is_dotted(value, "request") || code.is_dotted(value, "self.request")
}

/// Calls `f` with each call in a function: the call, what is called, and with what.
fn each_call<'a>(def: Def<'a>, f: &mut impl FnMut(ExprId, ExprId, &'a [Argument])) {
    let code = def.site.code;
    code.each_expr(def.function.body, &mut |id, expr| {
        if let Expr::Call(callee, arguments) = expr {
            f(id, callee, code.arguments(arguments));
        }
    });
}

/// Whether a method calls the next one of its name.
pub(super) fn asks_next(def: Def<'_>, name: &str) -> bool {
    let mut asks = false;
    each_call(def, &mut |call, _, _| asks |= def.site.is_super_call(call, name));
    asks
}

/// The calls in a function of these of what is wanted, each with the name of what is called.
pub(super) fn calls_of(def: Def<'_>, names: &[&str]) -> Vec<(ExprId, &'static str)> {
    calls(def).known.iter().copied().filter(|(_, name)| names.contains(name)).collect()
}

/// What functions behind views are searched for.
fn wanted() -> impl Iterator<Item = &'static str> {
    let renderers = RENDERERS.iter().filter(|renderer| renderer.responds);
    let limits = COUNTERS.iter().copied().chain([AUTHENTICATE]);
    renderers.map(|renderer| renderer.call).chain(limits)
}

/// What is called in a function.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// What is handed the request.
    handed: Vec<ExprId>,
    /// The calls of what is wanted, with its name.
    known: Vec<(ExprId, &'static str)>,
}

/// What is called in a function; looked for once, as many views inherit it.
fn calls(def: Def<'_>) -> Arc<Calls> {
    def.site.cx.calls.get_or(&def.place(), || {
        let mut found = Calls::default();
        each_call(def, &mut |call, callee, arguments| {
            if arguments.iter().any(|argument| is_request(def.site.code, argument.value)) {
                found.handed.push(callee);
            }
            found.known.extend(named(def, callee).map(|name| (call, name)));
        });
        Arc::new(found)
    })
}

/// Which of what is wanted an expression means; it has to be imported under its own name.
fn named(def: Def<'_>, expr: ExprId) -> Option<&'static str> {
    let written = match def.site.code.expr(expr) {
        Expr::Name(name) | Expr::Attribute(_, name) => def.site.code.text(name),
        _ => return None,
    };
    if !wanted().any(|name| last(name) == written) {
        return None;
    }
    let dotted = def.site.dotted(expr);
    wanted().find(|name| *name == dotted)
}
