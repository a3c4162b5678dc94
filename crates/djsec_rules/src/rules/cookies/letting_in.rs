//! What lets somebody in, by its value or its name.

use djsec_python::code::{Expr, ExprId};

use crate::Cx;
use crate::own::Site;

/// Whether a value is one that lets somebody in: a token that is made here, the key of a session, what is called
/// a token.
pub(super) fn is_key(cx: &Cx<'_>, at: Site<'_>, value: ExprId, depth: u8) -> bool {
    const MAKERS: &[&str] = &[
        "django.contrib.auth.tokens.default_token_generator.make_token",
        "django.core.signing.dumps",
        "django.utils.crypto.get_random_string",
        "jose.jwt.encode",
        "jwt.encode",
        "secrets.token_hex",
        "secrets.token_urlsafe",
    ];
    let code = at.code;
    if depth > 4 {
        return false;
    }
    let inner = |id: ExprId| is_key(cx, at, id, depth + 1);
    match code.expr(value) {
        Expr::Name(name) => match at.given(value) {
            Some(values) if !values.is_empty() => values.iter().any(|value| inner(*value)),
            _ => says_token(code.text(name)),
        },
        Expr::Attribute(object, name) => match code.text(name) {
            "session_key" => true,
            "key" => matches!(code.expr(object), Expr::Name(of) | Expr::Attribute(_, of)
                if says_token(code.text(of))),
            name => says_token(name),
        },
        Expr::Subscript(_, key) => code.string(key).is_some_and(says_token),
        Expr::Call(callee, arguments) => {
            let arguments = code.arguments(arguments);
            let first = arguments.first().map(|argument| argument.value);
            let wraps = matches!(code.expr(callee), Expr::Name(name) if code.text(name) == "str");
            match code.expr(callee) {
                _ if cx.names(at, callee, MAKERS) => true,
                _ if wraps => first.is_some_and(inner),
                Expr::Attribute(object, name) => match code.text(name) {
                    "decode" => inner(object),
                    "for_user" | "make_token" => true,
                    "get" => first.and_then(|key| code.string(key)).is_some_and(says_token),
                    _ => false,
                },
                _ => false,
            }
        }
        _ => false,
    }
}

/// The words of a name: `accessToken`, `access-token`.
fn words(name: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut before = '_';
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_lowercase();
        if begins || !c.is_alphanumeric() {
            all.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = all.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    all
}

fn has_one(name: &str, wanted: &[&str]) -> bool {
    words(name).iter().any(|word| wanted.contains(&&**word))
}

/// Whether a name says that its value is a token that lets somebody in.
fn says_token(name: &str) -> bool {
    has_one(name, &["jwt", "token"]) && !is_about(name)
}

/// Whether the name of a cookie says that it lets somebody in.
pub(super) fn says_login(name: &str) -> bool {
    const LOGIN: &[&str] = &[
        "apikey",
        "auth",
        "bearer",
        "credential",
        "credentials",
        "jwt",
        "remember",
        "rememberme",
        "session",
        "sessionid",
        "sso",
        "token",
    ];
    has_one(name, LOGIN)
}

/// Whether a name says that its value is about a login or made for scripts to read.
pub(super) fn is_about(name: &str) -> bool {
    const ABOUT: &[&str] = &[
        "analytics",
        "backend",
        "cart",
        "basket",
        "count",
        "csrf",
        "csrfmiddlewaretoken",
        "csrftoken",
        "expired",
        "expires",
        "expiry",
        "has",
        "hint",
        "is",
        "lang",
        "last",
        "method",
        "next",
        "provider",
        "public",
        "redirect",
        "show",
        "theme",
        "timeout",
        "type",
        "xsrf",
    ];
    has_one(name, ABOUT)
}
