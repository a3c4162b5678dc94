//! What a middleware of the project decides about views: its `process_view`.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, Function, Stmt};

use super::test::is_request;
use crate::hierarchy::AttributeValue;
use crate::views::objects::World;

/// Whether a middleware of the project decides for each view who may call it: it has a `process_view`
/// that looks at the user. What its table says of a view is not followed.
pub fn decided_by_middleware(world: World<'_>, middleware: &[QualifiedName]) -> bool {
    hooks(world, middleware).any(|(code, function)| asks_user(code, function))
}

/// The parameters of addresses that a `process_view` takes out of what the view is given, where it looks at the user
/// and turns some requests away: `view_kwargs.get("team")` of a middleware that lets only members of a team go on. What
/// a view finds by them is theirs.
pub fn asked_parameters(world: World<'_>, middleware: &[QualifiedName]) -> BTreeSet<Arc<str>> {
    let asking = hooks(world, middleware)
        .filter(|(code, function)| asks_user(code, function) && refuses(code, function));
    asking.flat_map(|(code, function)| taken(code, function)).collect()
}

fn hooks<'a>(
    world: World<'a>,
    middleware: &'a [QualifiedName],
) -> impl Iterator<Item = (&'a Code, &'a Function)> {
    middleware.iter().filter_map(move |class| {
        match world.hierarchy.attribute(class, "process_view")?.value {
            AttributeValue::Method(_, code, id) => Some((code, code.function(id)?)),
            _ => None,
        }
    })
}

fn asks_user(code: &Code, function: &Function) -> bool {
    let mut asks = false;
    code.each_expr(function.body, &mut |_, expr| {
        if let Expr::Attribute(value, name) = expr {
            asks |= code.text(name) == "user" && is_request(code, value);
        }
    });
    asks
}

/// Whether it answers in place of some views, or raises.
fn refuses(code: &Code, function: &Function) -> bool {
    let mut refuses = false;
    code.each_stmt(function.body, &mut |_, stmt| {
        refuses |= match stmt {
            Stmt::Return(Some(value)) => !matches!(code.expr(value), Expr::None),
            Stmt::Raise(_) => true,
            _ => false,
        };
    });
    refuses
}

/// The names under which it asks its last parameter, which is what the address gives the view.
fn taken(code: &Code, function: &Function) -> Vec<Arc<str>> {
    let Some(given) = function.parameters.get(4) else { return Vec::new() };
    let given = code.text(given.name);
    let mut names = Vec::new();
    code.each_expr(function.body, &mut |id, expr| {
        let key = match expr {
            Expr::Subscript(value, key) if code.name(value) == Some(given) => Some(key),
            Expr::Call(..) => code.call(id).and_then(|(callee, arguments)| {
                let Expr::Attribute(value, method) = code.expr(callee) else { return None };
                let asks = matches!(code.text(method), "get" | "pop");
                let first = arguments.first().filter(|first| !first.spread)?;
                (asks && code.name(value) == Some(given)).then_some(first.value)
            }),
            _ => None,
        };
        names.extend(key.and_then(|key| code.string(key)).map(Arc::from));
    });
    names
}
