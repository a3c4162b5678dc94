//! What stands in the payload of a token, in a cookie or in a session, as far as nobody else should read it.

use djsec_django::models::is_secret_name;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::Cx;
use crate::own::Site;

/// What something is that nobody else should read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Private {
    /// A password, or the hash of one.
    Password,
    /// The number of a card or paper.
    Number,
    /// A key, or a whole user.
    Other,
}

/// Something in a payload that nobody else should read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// The value.
    pub(crate) place: ExprId,
    /// What it is, for a message.
    pub(crate) words: String,
    /// What it is.
    pub(crate) kind: Private,
    /// Whether the value says so itself, not only its key.
    pub(crate) sure: bool,
}

impl Item {
    /// What is put into a payload under a key, if nobody else should read it.
    pub(crate) fn of(at: Site<'_>, key: Option<&str>, value: ExprId) -> Option<Self> {
        if let Some(name) = exposed(at, value, 0) {
            let (name, kind) = name;
            return Some(Self { place: value, words: format!("`{name}`"), kind, sure: true });
        }
        // What is in it is known by its key alone.
        let open = match at.code.expr(value) {
            Expr::Name(_) | Expr::Attribute(..) => true,
            Expr::Subscript(_, key) => at.code.string(key).is_some(),
            _ => false,
        };
        let key = key.filter(|_| open)?;
        let kind = private(key)?;
        Some(Self { place: value, words: format!("what is called `{key}`"), kind, sure: false })
    }
}

/// What of a payload nobody else should read, with the module where it stands.
pub(crate) fn items<'a>(cx: &Cx<'a>, at: Site<'a>, payload: ExprId) -> Vec<(Site<'a>, Item)> {
    let code = at.code;
    match code.expr(payload) {
        Expr::Name(_) => {
            let values = at.given(payload).unwrap_or_default();
            let mut found: Vec<_> =
                values.iter().flat_map(|value| written(cx, at, *value)).collect();
            found.extend(added(at, payload).into_iter().map(|item| (at, item)));
            if found.is_empty() {
                found.extend(Item::of(at, None, payload).map(|item| (at, item)));
            }
            found
        }
        _ => written(cx, at, payload),
    }
}

/// What stands in a payload that is written out, or that a function of the project gives.
fn written<'a>(cx: &Cx<'a>, at: Site<'a>, payload: ExprId) -> Vec<(Site<'a>, Item)> {
    let code = at.code;
    let here = |item: Item| (at, item);
    match code.expr(payload) {
        Expr::Dict(entries) => {
            let item = |(key, value): &(Option<ExprId>, ExprId)| match key {
                Some(key) => Item::of(at, code.string(*key), *value),
                None => whole_user(at, *value),
            };
            code.entries(entries).iter().filter_map(item).map(here).collect()
        }
        Expr::Call(callee, arguments) => {
            if let Some(item) = whole_user(at, payload) {
                return vec![here(item)];
            }
            if code.is_dotted(callee, "dict") {
                let arguments = code.arguments(arguments).iter();
                let named = arguments.filter_map(|argument| {
                    Item::of(at, Some(code.text(argument.keyword?)), argument.value)
                });
                return named.map(here).collect();
            }
            given_back(cx, &cx.resolved(at, callee))
        }
        _ => whole_user(at, payload)
            .or_else(|| Item::of(at, None, payload))
            .map(here)
            .into_iter()
            .collect(),
    }
}

/// What stands in the dicts that a function of the project gives back.
fn given_back<'a>(cx: &Cx<'a>, name: &QualifiedName) -> Vec<(Site<'a>, Item)> {
    let QualifiedName::Project(module, path) = name else { return Vec::new() };
    let Some(there) = cx.site(*module) else { return Vec::new() };
    let function = there.code.function_at(path).and_then(|id| there.code.function(id));
    let mut found = Vec::new();
    if let Some(function) = function {
        there.code.each_stmt(function.body, &mut |_, stmt| {
            let Stmt::Return(Some(value)) = stmt else { return };
            if matches!(there.code.expr(value), Expr::Dict(_)) {
                found.extend(written(cx, there, value));
            }
        });
    }
    found
}

/// What is put into a payload later: `payload["password"] = …`.
fn added(at: Site<'_>, payload: ExprId) -> Vec<Item> {
    let code = at.code;
    let (Some(name), Some(function)) = (code.name(payload), at.function_of(payload)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
        for target in code.exprs(targets) {
            let Expr::Subscript(on, key) = code.expr(*target) else { continue };
            if code.name(on) == Some(name) {
                found.extend(Item::of(at, code.string(key), value));
            }
        }
    });
    found
}

/// All columns of a user: `model_to_dict(user)`, `user.__dict__`, `vars(user)`.
fn whole_user(at: Site<'_>, value: ExprId) -> Option<Item> {
    let code = at.code;
    let is_user = |id: ExprId| match code.expr(id) {
        Expr::Name(name) | Expr::Attribute(_, name) => {
            let name = code.text(name);
            name == "user" || name.ends_with("_user")
        }
        _ => false,
    };
    let whole = match code.expr(value) {
        Expr::Attribute(on, name) => code.text(name) == "__dict__" && is_user(on),
        Expr::Call(callee, arguments) => {
            let arguments = code.arguments(arguments);
            let name = code.dotted(callee).unwrap_or_default();
            let all = matches!(name.rsplit('.').next(), Some("model_to_dict" | "vars"));
            all && arguments.len() == 1 && arguments.first().is_some_and(|it| is_user(it.value))
        }
        _ => false,
    };
    let words = "a whole user, with the hash of the password,".to_owned();
    whole.then_some(Item { place: value, words, kind: Private::Other, sure: true })
}

/// The name of something private that a value holds as it is.
fn exposed(at: Site<'_>, value: ExprId, depth: u8) -> Option<(String, Private)> {
    let code = at.code;
    if depth > 4 {
        return None;
    }
    let named = |name: &str| Some((name.to_owned(), private(name)?));
    match code.expr(value) {
        Expr::Name(name) => named(code.text(name)),
        Expr::Attribute(_, name) => {
            let (_, kind) = named(code.text(name))?;
            Some((code.dotted(value)?, kind))
        }
        Expr::Subscript(_, key) => code.string(key).and_then(named),
        Expr::Format(parts) => {
            code.exprs(parts).iter().find_map(|part| exposed(at, *part, depth + 1))
        }
        Expr::Call(callee, arguments) => {
            let arguments = code.arguments(arguments);
            let first = arguments.first().map(|argument| argument.value);
            match code.expr(callee) {
                Expr::Attribute(_, name) if code.text(name) == "get" => {
                    first.and_then(|key| code.string(key)).and_then(named)
                }
                Expr::Attribute(on, name) if matches!(code.text(name), "decode" | "strip") => {
                    exposed(at, on, depth + 1)
                }
                Expr::Name(name) if matches!(code.text(name), "str" | "make_password") => {
                    first.and_then(|inner| exposed(at, inner, depth + 1))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// What a name says of its value, if nobody else should read it. Tokens are made to be handed on.
fn private(name: &str) -> Option<Private> {
    const NUMBERS: &[&str] = &[
        "card_number",
        "credit_card_number",
        "cvc",
        "cvv",
        "iban",
        "passport_number",
        "social_security_number",
        "ssn",
        "tax_id",
    ];
    let lower = name.to_ascii_lowercase();
    if NUMBERS.contains(&lower.as_str()) {
        return Some(Private::Number);
    }
    if !is_secret_name(&lower) || lower.split('_').any(|part| part == "token") {
        return None;
    }
    let password = ["passphrase", "passwd", "password", "pwd"].iter().any(|w| lower.contains(w));
    Some(if password { Private::Password } else { Private::Other })
}
