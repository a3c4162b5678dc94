use djsec_base::{Confidence, Severity};
use djsec_python::code::{Argument, Expr, ExprId};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds JSON web tokens that are decoded without a check of their signature: `verify_signature`
    /// off, `verify=False`, the algorithm `none`, an algorithm that the token itself names, or an empty
    /// key.
    ///
    /// ## Why it matters
    /// Everybody can write such a token, with any user and any role in it.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import jwt
    ///
    ///
    /// def current(token):
    ///     claims = jwt.decode(token, options={"verify_signature": False})  # finding
    ///     return claims["sub"]
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// import jwt
    /// from django.conf import settings
    ///
    ///
    /// def current(token):
    ///     claims = jwt.decode(token, settings.JWT_KEY, algorithms=["HS256"])
    ///     return claims["sub"]
    /// ```
    ///
    /// ## How to fix
    /// Give the key and a fixed list of algorithms.
    ///
    /// ## Limits
    /// Where the same function decodes a token with verification, too, the first look is taken for the
    /// choice of the key, and is left alone.
    ///
    /// ## References
    /// - [PyJWT: reading the claimset without validation](https://pyjwt.readthedocs.io/en/stable/usage.html#reading-the-claimset-without-validation)
    RULE {
        id: "jwt-not-verified",
        group: "auth",
        summary: "the signature of a token is not checked",
        severity: Critical,
        cwe: [347],
        owasp: ["2025:A08", "2025:A07"],
        asvs: ["5.0:9.1.1", "5.0:9.1.2"],
        checklist: ["tokens-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const DECODE: &[&str] =
    &["jwt.decode", "jwt.api_jwt.decode", "jose.jwt.decode", "jwt.decode_complete"];

const BY_TOKEN: &str = "the token itself names the algorithm that checks it";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx
        .sites()
        .filter(|at| at.code.symbol("jwt").is_some() || at.code.symbol("decode").is_some())
    {
        let calls: Vec<ExprId> = at
            .code
            .all_exprs()
            .filter(|(_, expr)| matches!(expr, Expr::Call(..)))
            .map(|(id, _)| id)
            .filter(|id| matches!(at.called(*id), Some("decode" | "decode_complete")))
            .filter(|id| at.code.call(*id).is_some_and(|(callee, _)| cx.names(at, callee, DECODE)))
            .collect();
        for call in &calls {
            let Some((_, arguments)) = at.code.call(*call) else { continue };
            let Some((place, message)) = flaw(at, arguments) else { continue };
            let verified = |other: &ExprId| {
                let around = |id: ExprId| at.code.function_around(at.code.expr_range(id).start());
                other != call
                    && around(*other) == around(*call)
                    && at
                        .code
                        .call(*other)
                        .is_some_and(|(_, arguments)| flaw(at, arguments).is_none())
            };
            if calls.iter().any(verified) {
                continue;
            }
            out.found(&RULE, at.expr_span(place), "jwt.decode", message)
                .severity(if message == BY_TOKEN { Severity::High } else { Severity::Critical })
                .confidence(Confidence::High)
                .help("give the key and a fixed list of algorithms")
                .done();
        }
    }
}

/// Whether the key is an object of a set of keys, which is good for algorithms of its own kind only.
fn of_key_set(at: Site<'_>, arguments: &[Argument]) -> bool {
    const MAKING: &[&str] = &["from_jwk", "get_signing_key", "get_signing_key_from_jwt"];
    let Some(mut key) = at.code.argument(arguments, 1, "key") else { return false };
    if let Expr::Attribute(of, _) = at.code.expr(key) {
        key = of;
    }
    let values = at.given(key).unwrap_or_else(|| vec![key]);
    values.into_iter().any(|value| at.called(value).is_some_and(|name| MAKING.contains(&name)))
}

fn flaw(at: Site<'_>, arguments: &[Argument]) -> Option<(ExprId, &'static str)> {
    let code = at.code;
    let of_header = |id: ExprId| {
        let mut found = false;
        code.each_inner(id, &mut |id, _| found |= at.called(id) == Some("get_unverified_header"));
        found
    };
    let off = |id: ExprId| code.bool(id) == Some(false);
    if let Some(options) = code.keyword(arguments, "options")
        && let Expr::Dict(entries) = code.expr(options)
    {
        for (key, value) in code.entries(entries) {
            if key.and_then(|key| code.string(key)) == Some("verify_signature") && off(*value) {
                return Some((*value, "the signature of the token is not checked"));
            }
        }
    }
    if let Some(verify) = code.argument(arguments, 2, "verify").filter(|verify| off(*verify)) {
        return Some((verify, "the signature of the token is not checked"));
    }
    if let Some(algorithms) = code.keyword(arguments, "algorithms") {
        let none = Cx::texts(at, algorithms)
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("none"));
        if let Some((_, place)) = none {
            return Some((place, "tokens without a signature are accepted"));
        }
        let mut from_token = false;
        code.each_inner(algorithms, &mut |id, _| {
            from_token |= at.given(id).unwrap_or_else(|| vec![id]).into_iter().any(of_header);
        });
        if from_token && !of_key_set(at, arguments) {
            return Some((algorithms, BY_TOKEN));
        }
    }
    let key = code.argument(arguments, 1, "key")?;
    (code.string(key) == Some("")).then_some((key, "the key that checks the token is empty"))
}
