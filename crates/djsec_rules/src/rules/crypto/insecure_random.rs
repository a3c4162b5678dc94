use djsec_base::{Confidence, Location};
use djsec_django::models::is_secret_name;
use djsec_python::code::ExprId;

use crate::own::Site;
use crate::token_names::kind;
use crate::weak_random::{Guessable, Weakness};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords, keys and other secrets that the project makes with `random`, or of the time.
    ///
    /// ## Why it matters
    /// The numbers of `random` follow from those before: who has seen some of them knows the next, and so
    /// the passwords and keys that are made of them.
    ///
    /// ## Flagged
    /// ```python accounts.py
    /// import random
    /// import string
    ///
    ///
    /// def invite(user):
    ///     password = "".join(random.choice(string.ascii_letters) for _ in range(12))  # finding
    ///     user.set_password(password)
    /// ```
    ///
    /// ## Not flagged
    /// ```python accounts.py
    /// import random
    /// import secrets
    ///
    ///
    /// def invite(user, greetings):
    ///     user.greeting = random.choice(greetings)
    ///     user.set_password(secrets.token_urlsafe(12))
    /// ```
    ///
    /// ## How to fix
    /// Use `secrets.choice()`, `secrets.token_urlsafe()` or Django's `get_random_string()`.
    ///
    /// ## Limits
    /// `random` is fine for samples, delays and colors: a value counts by where it goes, which is a name,
    /// column or argument that says that it is a secret. Tokens and codes that let somebody in are what
    /// `one-time-token-weak` reports.
    ///
    /// ## References
    /// - [Python: random, warning](https://docs.python.org/3/library/random.html)
    /// - [Python: secrets](https://docs.python.org/3/library/secrets.html)
    RULE {
        id: "insecure-random",
        group: "crypto",
        summary: "a secret can be guessed",
        severity: High,
        cwe: [330, 338],
        owasp: ["2025:A04"],
        asvs: ["5.0:11.5.1"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for Guessable { module, name, value, weakness } in cx.guessable() {
        let ours = is_secret_name(name) && kind(name).is_none();
        if let Some(at) = cx.site(*module).filter(|_| ours) {
            report(cx, at, (name, *value), *weakness, out);
        }
    }
}

fn report(
    cx: &Cx<'_>,
    at: Site<'_>,
    (name, value): (&str, ExprId),
    weakness: Weakness,
    out: &mut Findings,
) {
    // What a hash is made of is not seen whole, and short passwords may be meant to be changed.
    if !matches!(weakness, Weakness::Predictable | Weakness::Known) || cx.is_other_profile(at) {
        return;
    }
    let span = at.expr_span(value);
    // The same value may be looked at as an argument, as a part of another, and by the name that it has.
    let known = |other: &djsec_base::Finding| match other.primary {
        Location::Span(place) if place.file == span.file => {
            let within = place.range.contains_range(span.range);
            within
                || span.range.contains_range(place.range)
                || (at.code.name(value).is_some() && near(at, value, place))
        }
        _ => false,
    };
    if out.findings.iter().any(known) {
        return;
    }
    // In a game, a secret is a number.
    let confidence = if name == "secret" { Confidence::Medium } else { Confidence::High };
    out.found(&RULE, span, name, format!("`{name}` can be guessed: {}", weakness.words()))
        .confidence(confidence)
        .help("make it with `secrets.token_urlsafe()` or `get_random_string()`")
        .done();
}

/// Whether a place is in the function around an expression: a name there has the value reported.
fn near(at: Site<'_>, value: ExprId, place: djsec_base::Span) -> bool {
    let around = at.function_of(value);
    around.is_some_and(|function| function.range.contains_range(place.range))
}
