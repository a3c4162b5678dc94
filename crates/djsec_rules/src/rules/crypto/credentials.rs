//! What a connection is given to log in with, and where it goes.

use djsec_python::code::{Expr, ExprId, Function, List, Operator, Stmt};
use djsec_python::value::Data;

use crate::Cx;
use crate::calls::Called;
use crate::network::{url, without_port};
use crate::own::Site;

/// How a text begins: itself, as far as it stands in the code or the settings.
pub(super) fn start<'a>(cx: &Cx<'a>, at: Site<'a>, id: ExprId) -> Option<String> {
    let code = at.code;
    match code.expr(id) {
        Expr::Str(text) => Some(code.text(text).to_owned()),
        Expr::Format(parts) => start(cx, at, *code.exprs(parts).first()?),
        Expr::Binary(left, Operator::Add | Operator::Mod, _) => start(cx, at, left),
        Expr::Call(callee, arguments) => match code.expr(callee) {
            Expr::Attribute(text, name) if code.text(name) == "format" => start(cx, at, text),
            _ => {
                let first = code.arguments(arguments).first()?;
                let joins = matches!(at.called(id), Some("urljoin"));
                if joins { start(cx, at, first.value) } else { of_setting(cx, at, id) }
            }
        },
        Expr::Name(_) | Expr::Attribute(..) => of_setting(cx, at, id).or_else(|| {
            let text = |there: Site<'a>, id: ExprId| {
                matches!(there.code.expr(id), Expr::Str(_) | Expr::Format(_) | Expr::Binary(..))
            };
            let (there, value) = cx.origin(at, id, &text).filter(|(_, value)| *value != id)?;
            match there.code.expr(value) {
                Expr::Str(text) => Some(there.code.text(text).to_owned()),
                Expr::Format(parts) => {
                    let first = there.code.exprs(parts).first()?;
                    there.code.string(*first).map(str::to_owned)
                }
                Expr::Binary(left, ..) => there.code.string(left).map(str::to_owned),
                _ => None,
            }
        }),
        _ => None,
    }
}

/// The text of a setting, where it is the same in every world.
fn of_setting(cx: &Cx<'_>, at: Site<'_>, id: ExprId) -> Option<String> {
    let setting = cx.setting(&cx.setting_read(at, id)?);
    match &setting.value().single()?.data {
        Data::Str(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The host of an address, or a bare host.
pub(super) fn host_of(text: &str) -> &str {
    match url(text) {
        Some(url) => url.host,
        None => without_port(text),
    }
}

/// What a request is sent with that opens something.
pub(super) fn sends_credentials<'a>(
    cx: &Cx<'a>,
    call: &Called<'a>,
    address: ExprId,
    begins: &str,
) -> Option<&'static str> {
    let (at, code) = (call.at, call.at.code);
    if url(begins).is_some_and(|url| !url.password.is_empty()) || names_a_key(at, address) {
        return Some("the login in the address");
    }
    if call.keyword("auth").is_some_and(|auth| code.expr(auth) != Expr::None) {
        return Some("the login");
    }
    let urllib = call.name.starts_with("urllib.");
    let headers = if urllib { call.argument(2, "headers") } else { call.keyword("headers") };
    if headers.is_some_and(|it| keys(cx, at, it).iter().any(|key| is_login_header(key))) {
        return Some("the login in the headers");
    }
    let mut sent: Vec<ExprId> =
        ["data", "json", "params"].iter().filter_map(|name| call.keyword(name)).collect();
    if matches!(call.name.rsplit('.').next(), Some("post" | "put")) {
        sent.extend(call.argument(1, "data"));
    }
    let secret = sent.into_iter().any(|it| keys(cx, at, it).iter().any(|key| is_secret(key)));
    secret.then_some("the secret that is sent")
}

/// The keys of a dict that is written out here, or where its name is given a value.
fn keys<'a>(cx: &Cx<'a>, at: Site<'a>, id: ExprId) -> Vec<&'a str> {
    let is_dict = |there: Site<'a>, id: ExprId| matches!(there.code.expr(id), Expr::Dict(_));
    let Some((there, dict)) = cx.origin(at, id, &is_dict) else { return Vec::new() };
    let Expr::Dict(entries) = there.code.expr(dict) else { return Vec::new() };
    let entries = there.code.entries(entries).iter();
    entries.filter_map(|(key, _)| there.code.string((*key)?)).collect()
}

fn is_login_header(key: &str) -> bool {
    const HEADERS: &[&str] =
        &["authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token"];
    let key = key.to_ascii_lowercase();
    HEADERS.contains(&key.as_str()) || is_secret(&key.trim_start_matches("x-").replace('-', "_"))
}

fn is_secret(key: &str) -> bool {
    djsec_django::models::is_secret_name(key)
}

/// Whether a key is put into the query of an address: `f"http://…/?api_key={KEY}"`.
fn names_a_key(at: Site<'_>, address: ExprId) -> bool {
    let Expr::Format(parts) = at.code.expr(address) else { return false };
    let parts = at.code.exprs(parts);
    parts.windows(2).any(|pair| {
        let [text, value] = pair else { return false };
        let Some(text) = at.code.string(*text).filter(|_| at.code.string(*value).is_none()) else {
            return false;
        };
        let name = text.strip_suffix('=').and_then(|text| text.rsplit(['?', '&']).next());
        name.is_some_and(is_secret)
    })
}

/// Whether a login has a password that is given: not an anonymous one.
pub(super) fn is_login(at: Site<'_>, login: ExprId) -> bool {
    let Some((_, arguments)) = at.code.call(login) else { return false };
    let first = arguments.first().and_then(|argument| at.code.string(argument.value));
    let empty = arguments.iter().all(|argument| at.code.string(argument.value) == Some(""));
    !empty && first != Some("anonymous")
}

/// A connection with the code that may use it.
pub(super) struct Kept<'a> {
    at: Site<'a>,
    call: ExprId,
    /// The name or attribute that it is assigned to.
    name: Option<String>,
    function: Option<&'a Function>,
}

/// What is opened by a call.
pub(super) fn object<'a>(call: &Called<'a>) -> Kept<'a> {
    let (at, code) = (call.at, call.at.code);
    let first = |targets: List| code.exprs(targets).first().and_then(|id| code.dotted(*id));
    let name = code.all_stmts().find_map(|(_, stmt)| match stmt {
        Stmt::Assign { targets, value: Some(value), .. } if value == call.id => first(targets),
        Stmt::With { items, .. } => {
            let item = code.with_items(items).iter().find(|(entered, _)| *entered == call.id)?;
            code.dotted(item.1?)
        }
        _ => None,
    });
    Kept { at, call: call.id, name, function: call.function() }
}

impl<'a> Kept<'a> {
    /// The calls of its methods of these names; for an attribute anywhere in the class.
    pub(super) fn calls(&self, methods: &[&str]) -> impl Iterator<Item = ExprId> + use<'a> {
        let code = self.at.code;
        let class_of = |id: ExprId| code.class_around(code.expr_range(id).start());
        let kept = self.name.as_deref().is_some_and(|name| name.contains('.'));
        let found: Vec<ExprId> = code
            .all_exprs()
            .filter(|(id, expr)| {
                let Expr::Call(callee, _) = expr else { return false };
                let Expr::Attribute(on, method) = code.expr(*callee) else { return false };
                let near = self
                    .function
                    .is_none_or(|function| function.range.contains_range(code.expr_range(*id)));
                let same = on == self.call
                    || self.name.as_deref().is_some_and(|name| code.is_dotted(on, name));
                let far = kept && class_of(*id) == class_of(self.call);
                methods.contains(&code.text(method)) && same && (near || far)
            })
            .map(|(id, _)| id)
            .collect();
        found.into_iter()
    }

    /// Whether the code around names a password.
    pub(super) fn names_a_password(&self) -> bool {
        let Some(function) = self.function else { return false };
        let mut found = false;
        self.at.code.each_expr(function.body, &mut |_, expr| {
            if let Expr::Name(name) | Expr::Attribute(_, name) = expr {
                found |= is_secret(self.at.code.text(name));
            }
        });
        found
    }
}
