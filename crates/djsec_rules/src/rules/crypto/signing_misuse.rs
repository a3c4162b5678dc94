use std::collections::BTreeMap;

use djsec_base::{Confidence, Severity, Span};
use djsec_python::code::{Expr, ExprId};

use super::signing_pickle;
use crate::calls::Called;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds projects in which several features accept values that are signed without a salt of their own; signed
    /// links for a login, a reset or an invitation that are accepted for ever, without a `max_age`; and signed
    /// values that are unpickled.
    ///
    /// ## Why it matters
    /// Without a salt, all signatures are good everywhere: a value that was signed for one purpose, say an
    /// unsubscribe link, is taken for the other, say a login, too. A link without an age lets in whoever finds it
    /// years later, in a mailbox or a log. Who has the key that signs pickled values runs code on the server.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.core import signing
    ///
    ///
    /// def unsubscribe(request, value):
    ///     return signing.loads(value)  # finding
    ///
    ///
    /// def login_by_link(request, value):
    ///     return signing.loads(value, max_age=600)
    ///
    ///
    /// def invite(request, value):
    ///     return signing.loads(value, salt="invite")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.core import signing
    ///
    ///
    /// def unsubscribe(request, value):
    ///     return signing.loads(value, salt="unsubscribe")
    ///
    ///
    /// def login_by_link(request, value):
    ///     return signing.loads(value, max_age=600)
    /// ```
    ///
    /// ## How to fix
    /// Give each purpose its own salt where its values are signed and where they are read, and a `max_age` to what
    /// lets somebody in. Sign JSON, which is the default.
    ///
    /// ## Limits
    /// Values that the site keeps itself, as in a session, do not count, and texts are not taken for objects. What a
    /// link is for is told from the name of the function and from the salt; where the code looks at a time
    /// itself, nothing is said. Links to unsubscribe need no age. That `salted_hmac()` takes SHA-1 by default is no
    /// finding: as an HMAC it is not broken.
    ///
    /// ## References
    /// - [Django: using the salt argument](https://docs.djangoproject.com/en/stable/topics/signing/#using-the-salt-argument)
    RULE {
        id: "signing-misuse",
        group: "crypto",
        summary: "signed values are accepted for another purpose, for ever, or unpickled",
        severity: Medium,
        cwe: [347, 613, 502],
        owasp: ["2025:A04", "2025:A08"],
        asvs: ["5.0:11.1.1"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(check), Check::Project(ages), Check::Project(unpickled)],
    }
}

const SIGNING: &[&str] = &[
    "django.core.signing.Signer",
    "django.core.signing.TimestampSigner",
    "django.core.signing.loads",
];

/// Where values are read that were signed without a salt, by how: only those can be taken for each
/// other.
type Read = BTreeMap<(&'static str, &'static str), Vec<(String, Span)>>;

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut read: Read = BTreeMap::new();
    for call in cx.calls_to(SIGNING) {
        let salted = call.keyword("salt").is_some() || call.arguments.iter().any(|a| a.spread);
        // A key of its own keeps them apart as well.
        let keyed = call.keyword("key").is_some()
            || (call.name != "django.core.signing.loads" && !call.arguments.is_empty());
        if salted || keyed {
            continue;
        }
        for (how, place) in reads(&call) {
            let Some(function) = call.at.function_of(place) else { continue };
            let found = read.entry((call.name, how)).or_default();
            let name = format!("{}:{}", call.at.file.0, function.path);
            if !found.iter().any(|(other, _)| *other == name) {
                found.push((name, call.at.expr_span(place)));
            }
        }
    }
    for places in read.into_values() {
        let [(_, first), others @ ..] = places.as_slice() else { continue };
        if others.is_empty() {
            continue;
        }
        let message =
            "what is signed for one purpose is accepted for another: no salt tells them apart";
        let mut report = out.found(&RULE, *first, "salt", message).confidence(Confidence::Medium);
        for (_, other) in others.iter().take(3) {
            report = report.related(Some(*other), "this takes the same values");
        }
        report.help("give each purpose its own `salt`").done();
    }
}

/// The calls that read a value with a signer, and what they give.
fn reads(call: &Called<'_>) -> Vec<(&'static str, ExprId)> {
    let (at, code) = (call.at, call.at.code);
    let Some(function) = call.function() else { return Vec::new() };
    if call.name == "django.core.signing.loads" {
        return if of_session(call, call.id) { Vec::new() } else { vec![("loads", call.id)] };
    }
    let mut found = Vec::new();
    for id in at.calls_in(function) {
        let how = match at.called(id) {
            Some("unsign") => "unsign",
            Some("unsign_object") => "unsign_object",
            _ => continue,
        };
        let Some((callee, _)) = code.call(id) else { continue };
        let Expr::Attribute(signer, _) = code.expr(callee) else { continue };
        let made =
            signer == call.id || at.given(signer).is_some_and(|values| values.contains(&call.id));
        if made && !of_session(call, id) {
            found.push((how, id));
        }
    }
    found
}

/// Whether what is read was kept by the site.
fn of_session(call: &Called<'_>, read: ExprId) -> bool {
    let code = call.at.code;
    let mut found = false;
    code.each_inner(read, &mut |_, expr| {
        if let Expr::Attribute(_, name) | Expr::Name(name) = expr {
            found |= matches!(code.text(name), "session" | "cache");
        }
    });
    found
}

/// What lets somebody in, by the name of the function or the salt.
fn lets_in(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "activate",
        "activation",
        "invitation",
        "invite",
        "login",
        "magic",
        "recovery",
        "reset",
        "signin",
    ];
    let text = text.to_ascii_lowercase();
    let has = |word: &str| text.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == word);
    let email = has("email")
        && ["confirm", "confirmation", "verification", "verify"].iter().any(|w| has(w));
    email || WORDS.iter().any(|word| has(word))
}

/// Links that let somebody in and that are accepted however old they are.
fn ages(cx: &Cx<'_>, out: &mut Findings) {
    const TIMES: &[&str] = &[
        "datetime",
        "expires",
        "expires_at",
        "max_age",
        "now",
        "time",
        "timedelta",
        "timestamp",
        "timezone",
    ];
    for call in cx.calls_to(SIGNING) {
        let Some(function) = call.function() else { continue };
        let code = call.at.code;
        let salt = call.keyword("salt").and_then(|salt| code.string(salt)).unwrap_or_default();
        let name = function.path.rsplit('.').next().unwrap_or_default();
        if !(lets_in(name) || lets_in(salt)) || call.at.mentions(function, TIMES) {
            continue;
        }
        for (_, place) in reads(&call) {
            let arguments = code.call(place).map(|(_, arguments)| arguments).unwrap_or_default();
            let aged = code.keyword(arguments, "max_age").is_some();
            if aged || arguments.iter().any(|argument| argument.spread) {
                continue;
            }
            let message = "a signed value that lets somebody in is accepted however old it is";
            out.found(&RULE, call.at.expr_span(place), call.path_around(), message)
                .confidence(Confidence::Medium)
                .help("give a `max_age`, with `TimestampSigner` or `signing.loads()`")
                .done();
        }
    }
}

/// Signed values that are unpickled.
fn unpickled(cx: &Cx<'_>, out: &mut Findings) {
    for (call, place) in signing_pickle::unpickled(cx) {
        let message = "a signed value is unpickled: who has the key runs code on the server";
        out.found(&RULE, call.at.expr_span(place), call.path_around(), message)
            .severity(Severity::High)
            .help("sign JSON: leave `serializer` out")
            .done();
    }
}
