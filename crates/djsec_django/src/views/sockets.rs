//! What stands around a consumer of Channels, and whom it lets into which groups.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Stmt};
use djsec_python::value::Data;

use super::classes::ClassView;
use super::rows::Source;
use super::site::{Cx, Def};
use crate::hierarchy::AttributeValue;
use crate::routes::{Origin, Route, Target, Wrapper};

const VALIDATORS: &[&str] = &[
    "channels.security.websocket.AllowedHostsOriginValidator",
    "channels.security.websocket.OriginValidator",
];
/// Middleware that knows visitors by the cookie of their session.
const COOKIES: &[&str] = &[
    "channels.auth.AuthMiddlewareStack",
    "channels.auth.AuthMiddleware",
    "channels.sessions.SessionMiddlewareStack",
    "channels.sessions.SessionMiddleware",
];

/// What stands around the consumer of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stack {
    /// Whether the `Origin` of the handshake is checked; `None` where code of the project may.
    pub origin: Option<bool>,
    /// Where sessions are recognised by their cookie.
    pub cookie: Option<Span>,
    /// Whether middleware of the project stands there, too, which may ask for something else.
    pub own: bool,
}

/// What stands around a route of Channels; nothing for other routes.
pub fn stack(source: Source<'_>, route: &Route) -> Option<Stack> {
    if route.origin != Origin::WebSocket {
        return None;
    }
    let Source { program, hierarchy, settings, models } = source;
    let cx = Cx::new(program, hierarchy, settings, models);
    let mut stack = Stack { origin: Some(false), ..Stack::default() };
    for wrapper in &route.wrappers {
        let is = |names: &[&str]| hierarchy.derives_from(&wrapper.name, names) == Some(true);
        let named = |names: &[&str]| names.iter().any(|name| wrapper.name.is_external(name));
        if is(VALIDATORS) || named(VALIDATORS) {
            let all = lets_all_in(wrapper);
            stack.origin = stack.origin.map(|known| known || !all);
        } else if is(COOKIES) || named(COOKIES) {
            stack.cookie.get_or_insert(wrapper.place);
        } else if !is_of_channels(&wrapper.name) {
            stack.own = true;
            if stack.origin == Some(false) && !leaves_origin(&cx, &wrapper.name) {
                stack.origin = None;
            }
        }
    }
    Some(stack)
}

/// `OriginValidator(…, ["*"])`.
fn lets_all_in(wrapper: &Wrapper) -> bool {
    let given = wrapper.arguments.iter().chain(wrapper.keywords.iter().map(|(_, value)| value));
    let star = |data: &Data| data.as_str() == Some("*");
    given
        .flat_map(|value| &value.alts)
        .filter_map(|alt| alt.data.as_seq())
        .any(|seq| seq.items.iter().any(|item| item.value.alts.iter().any(|alt| star(&alt.data))))
}

fn is_of_channels(name: &QualifiedName) -> bool {
    matches!(name, QualifiedName::External(name) if name.starts_with("channels."))
}

/// Whether it is certain that middleware of the project does not look at the `Origin`.
fn leaves_origin(cx: &Cx<'_>, class: &QualifiedName) -> bool {
    let QualifiedName::Project(module, _) = class else { return false };
    let Some(site) = cx.site(*module) else { return false };
    ["origin", "Origin"].iter().all(|word| site.code.symbol(word).is_none())
        && cx.program.class_code(class).is_some()
}

/// Whether middleware of the project around a consumer may send visitors away.
pub(super) fn may_refuse(cx: &Cx<'_>, class: &QualifiedName) -> bool {
    let view = ClassView::new(cx, class);
    let Some((_, def)) = view.method("__call__") else {
        // A function around the application, or a class that leaves it to a package's.
        return !matches!(
            cx.hierarchy.attribute(class, "__call__").map(|found| found.value),
            Some(AttributeValue::KnownMethod)
        );
    };
    let code = def.site.code;
    let mut refuses = false;
    code.each_stmt(def.function.body, &mut |_, stmt| {
        refuses |= matches!(stmt, Stmt::Raise(_));
    });
    // That `send` is handed on to the application itself sends nothing: only a call of it does.
    code.each_expr(def.function.body, &mut |_, expr| {
        refuses |= match expr {
            Expr::Call(callee, _) => code.name(callee) == Some("send"),
            Expr::Name(name) | Expr::Attribute(_, name) => {
                matches!(code.text(name), "close" | "WebsocketDenier" | "DenyConnection")
            }
            _ => false,
        };
    });
    refuses
}

/// What a consumer does when somebody connects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Connects {
    /// Whether the consumer looks at who asks, or their session, anywhere.
    pub asks: bool,
    /// Where it joins a group whose name comes from the address, without a look at more than
    /// whether somebody is logged in.
    pub joins: Option<Span>,
}

/// Calls in `connect` that decide nothing.
const PLAIN: &[&str] = &[
    "accept",
    "async_to_sync",
    "close",
    "connect",
    "format",
    "group_add",
    "group_discard",
    "group_send",
    "int",
    "lower",
    "print",
    "replace",
    "send",
    "send_json",
    "str",
    "super",
    "debug",
    "info",
];

/// What a consumer does when somebody connects.
pub fn connects(source: Source<'_>, target: &Target) -> Option<Connects> {
    let Target::Class { class, .. } = target else { return None };
    let Source { program, hierarchy, settings, models } = source;
    let cx = Cx::new(program, hierarchy, settings, models);
    let view = ClassView::new(&cx, class);
    let mut asks = false;
    for owner in view.order.iter() {
        let (QualifiedName::Project(module, _), Some((code, id))) =
            (owner, program.class_code(owner))
        else {
            continue;
        };
        let defs = code.methods(id).into_iter().filter_map(|id| cx.site(*module)?.def(id));
        asks |= defs.into_iter().any(|def| mentions_asker(def) > 0);
    }
    let connect = view.method("connect").or_else(|| view.method("websocket_connect"));
    let joins = connect.and_then(|(_, def)| joins(def)).filter(|_| hierarchy.is_complete(class));
    Some(Connects { asks, joins })
}

/// How often a function takes the visitor or the session from the scope.
fn mentions_asker(def: Def<'_>) -> usize {
    let code = def.site.code;
    let mut found = 0;
    code.each_expr(def.function.body, &mut |_, expr| {
        found += usize::from(match expr {
            Expr::Str(text) => matches!(code.text(text), "user" | "session" | "token"),
            Expr::Attribute(_, name) => matches!(code.text(name), "user" | "session"),
            _ => false,
        });
    });
    found
}

fn joins(def: Def<'_>) -> Option<Span> {
    let code = def.site.code;
    let (mut by_address, mut other, mut logged_in, mut joins) = (false, false, 0, None);
    code.each_expr(def.function.body, &mut |id, expr| match expr {
        Expr::Str(text) => by_address |= code.text(text) == "url_route",
        Expr::Attribute(_, name) => {
            logged_in +=
                usize::from(matches!(code.text(name), "is_authenticated" | "is_anonymous"));
        }
        Expr::Call(callee, arguments) => match called(code, callee) {
            Some("group_add") => joins = joins.or(Some((id, arguments))),
            Some(name) if PLAIN.contains(&name) => {}
            // `async_to_sync(self.channel_layer.group_add)(name, channel)`
            None => {
                let inner = code.call(callee).and_then(|(_, given)| Some(given.first()?.value));
                match inner.and_then(|value| called(code, value)) {
                    Some("group_add") => joins = joins.or(Some((id, arguments))),
                    Some(name) if PLAIN.contains(&name) => {}
                    _ => other = true,
                }
            }
            Some(_) => other = true,
        },
        _ => {}
    });
    let (id, arguments) = joins?;
    let name = code.arguments(arguments).first()?.value;
    let fixed = code.string(name).is_some();
    let more = mentions_asker(def) > logged_in;
    (by_address && !other && !more && !fixed).then(|| def.site.span(id)).flatten()
}

/// The last part of the name of what is called.
fn called(code: &Code, callee: ExprId) -> Option<&str> {
    match code.expr(callee) {
        Expr::Name(name) | Expr::Attribute(_, name) => Some(code.text(name)),
        _ => None,
    }
}
