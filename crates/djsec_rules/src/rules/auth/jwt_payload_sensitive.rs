use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::own::Site;
use crate::payload::{Item, items};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords, their hashes, keys, whole users and numbers of cards or papers in what is signed and given
    /// away: JSON web tokens, `signing.dumps()`, signed cookies.
    ///
    /// ## Why it matters
    /// A signature keeps others from changing a token, not from reading it: its payload is plain Base64. It is kept in
    /// browsers, and gets into logs, proxies and addresses. A password's hash can be tried there at leisure.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import jwt
    /// from django.conf import settings
    ///
    ///
    /// def token_for(user):
    ///     payload = {
    ///         "sub": user.pk,
    ///         "password": user.password,  # finding
    ///     }
    ///     return jwt.encode(payload, settings.JWT_KEY, algorithm="HS256")
    /// ```
    ///
    /// ## Not flagged
    /// Who it is, and what they may do; a fingerprint of the hash that ends the token with the password:
    /// ```python views.py
    /// import jwt
    /// from django.conf import settings
    /// from django.utils.crypto import salted_hmac
    ///
    ///
    /// def token_for(user):
    ///     payload = {
    ///         "sub": user.pk,
    ///         "email": user.email,
    ///         "roles": list(user.groups.values_list("name", flat=True)),
    ///         "purpose": "password_reset",
    ///         "fingerprint": salted_hmac("reset", user.password).hexdigest(),
    ///     }
    ///     return jwt.encode(payload, settings.JWT_KEY, algorithm="HS256")
    /// ```
    ///
    /// ## How to fix
    /// Put the user's id into the token, and look up the rest where it is read. What must travel unseen is encrypted:
    /// with JWE, or Fernet.
    ///
    /// ## Limits
    /// Names, addresses of mail and birthdays are no findings: OpenID Connect puts them into tokens, too.
    ///
    /// ## References
    /// - [RFC 8725, JSON Web Token best current practices](https://www.rfc-editor.org/rfc/rfc8725)
    /// - [Django: cryptographic signing](https://docs.djangoproject.com/en/stable/topics/signing/)
    RULE {
        id: "jwt-payload-sensitive",
        group: "auth",
        summary: "something secret stands in a token that is signed, not encrypted",
        severity: Medium,
        cwe: [522, 312],
        owasp: ["2025:A04", "2025:A07"],
        asvs: ["5.0:14.2.1"],
        checklist: ["tokens-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// Functions that sign, with the place of what they sign and how people call the result.
const SIGN: &[(&str, usize, &str)] = &[
    ("authlib.jose.jwt.encode", 1, "a JSON web token"),
    ("django.core.signing.dumps", 0, "a signed value"),
    ("jose.jwt.encode", 0, "a JSON web token"),
    ("jwt.encode", 0, "a JSON web token"),
];
/// Objects that sign.
const SIGNERS: &[&str] = &[
    "django.core.signing.Signer",
    "django.core.signing.TimestampSigner",
    "itsdangerous.JSONWebSignatureSerializer",
    "itsdangerous.Signer",
    "itsdangerous.TimedJSONWebSignatureSerializer",
    "itsdangerous.TimestampSigner",
    "itsdangerous.URLSafeSerializer",
    "itsdangerous.URLSafeTimedSerializer",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let names: Vec<&'static str> = SIGN.iter().map(|(name, ..)| *name).collect();
    for call in cx.calls_to(&names) {
        let Some((_, position, words)) = SIGN.iter().find(|(name, ..)| *name == call.name) else {
            continue;
        };
        let payload = ["payload", "claims", "obj"].iter();
        let payload = payload.copied().find_map(|name| call.argument(*position, name));
        if let Some(payload) = payload {
            report(cx, call.at, payload, words, out);
        }
    }
    for at in cx.sites() {
        for (id, expr) in at.code.all_exprs() {
            if matches!(expr, Expr::Call(..)) {
                method(cx, at, id, out);
            }
        }
        for (_, stmt) in at.code.all_stmts() {
            claim(at, stmt, out);
        }
    }
}

/// `Signer().sign(…)`, `response.set_signed_cookie("key", …)`.
fn method(cx: &Cx<'_>, at: Site<'_>, call: ExprId, out: &mut Findings) {
    let code = at.code;
    let Some((callee, arguments)) = code.call(call) else { return };
    let Expr::Attribute(on, name) = code.expr(callee) else { return };
    let signs = |id: ExprId| code.call(id).is_some_and(|(callee, _)| cx.names(at, callee, SIGNERS));
    let signer = || signs(on) || at.given(on).is_some_and(|all| all.iter().any(|id| signs(*id)));
    let (payload, words) = match code.text(name) {
        "set_signed_cookie" => (code.argument(arguments, 1, "value"), "a signed cookie"),
        "dumps" | "sign" | "sign_object" if signer() => {
            (arguments.first().map(|argument| argument.value), "a signed value")
        }
        _ => return,
    };
    if let Some(payload) = payload {
        report(cx, at, payload, words, out);
    }
}

/// `token["password"] = …` on a token of Simple JWT.
fn claim(at: Site<'_>, stmt: Stmt, out: &mut Findings) {
    let code = at.code;
    let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
    for target in code.exprs(targets) {
        let Expr::Subscript(token, key) = code.expr(*target) else { continue };
        let is_token = |id: &ExprId| matches!(at.called(*id), Some("for_user" | "get_token"));
        let made = at.given(token).is_some_and(|values| values.iter().any(is_token));
        if made && let Some(item) = Item::of(at, code.string(key), value) {
            say(at, &item, "a JSON web token", out);
        }
    }
}

fn report(cx: &Cx<'_>, at: Site<'_>, payload: ExprId, words: &str, out: &mut Findings) {
    for (there, item) in items(cx, at, payload) {
        say(there, &item, words, out);
    }
}

fn say(at: Site<'_>, item: &Item, words: &str, out: &mut Findings) {
    let message = format!(
        "{} stands in {words}, which is signed, not encrypted: whoever gets hold of it reads it",
        item.words
    );
    out.found(&RULE, at.expr_span(item.place), at.path_around(item.place), message)
        .confidence(if item.sure { Confidence::High } else { Confidence::Medium })
        .help("put the user's id into it, and look up the rest where it is read")
        .done();
}
