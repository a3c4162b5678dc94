use djsec_base::{Confidence, Severity};
use djsec_python::code::ExprId;

use crate::own::Site;
use crate::token_names::{Kind, kind, says_what_for};
use crate::weak_random::Weakness;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds tokens and codes that the project makes itself, for a reset, a confirmation, an invitation or a
    /// login, of something that can be guessed: `random`, `uuid1`, the time, a hash of an id, or a few
    /// characters.
    ///
    /// ## Why it matters
    /// Who knows the token is let in. The numbers of `random` follow from those before, `uuid1` and the time
    /// are known to everybody, and a hash of an id can be computed by anybody.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import random
    ///
    /// from django.core.mail import send_mail
    ///
    ///
    /// def forgot(user):
    ///     user.reset_code = random.randint(100000, 999999)  # finding
    ///     user.save()
    ///     send_mail("Reset", f"Your code: {user.reset_code}", None, [user.email])
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// import secrets
    ///
    /// from django.core.mail import send_mail
    ///
    ///
    /// def forgot(user):
    ///     user.reset_code = secrets.token_urlsafe(32)
    ///     user.save()
    ///     send_mail("Reset", f"Your code: {user.reset_code}", None, [user.email])
    /// ```
    ///
    /// ## How to fix
    /// Use Django's `PasswordResetTokenGenerator` or `TimestampSigner` with a `max_age`, which need no column
    /// and end by themselves; or `secrets.token_urlsafe()`.
    ///
    /// ## Limits
    /// A value counts by where it goes: a name, column or argument that says what it is for, or a function
    /// that does. `uuid4` is taken for good, and so are short codes of `get_random_string()` that are meant
    /// to be typed: attempts have to be limited there.
    ///
    /// ## References
    /// - [OWASP: forgot password](https://cheatsheetseries.owasp.org/cheatsheets/Forgot_Password_Cheat_Sheet.html)
    /// - [Python: secrets](https://docs.python.org/3/library/secrets.html)
    RULE {
        id: "one-time-token-weak",
        group: "auth",
        summary: "a token that lets somebody in can be guessed",
        severity: High,
        cwe: [640, 330],
        owasp: ["2025:A07"],
        asvs: ["5.0:11.5.1", "5.0:6.6.2"],
        checklist: ["password-reset-safe", "crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for found in cx.guessable() {
        if let Some(at) = cx.site(found.module) {
            report(at, &found.name, found.value, found.weakness, out);
        }
    }
}

fn report(at: Site<'_>, name: &str, value: ExprId, weakness: Weakness, out: &mut Findings) {
    let Some(kind) = kind(name) else { return };
    // What somebody types is short; what matters then is how often it may be tried.
    if weakness == Weakness::Short && kind != Kind::Token {
        return;
    }
    let confidence = if says_what_for(name) { Confidence::High } else { Confidence::Medium };
    let severity = if weakness == Weakness::Short { Severity::Medium } else { Severity::High };
    let span = at.expr_span(value);
    // The same value may be an argument in a statement that is looked at as a whole.
    if out.findings.iter().any(|known| known.primary == djsec_base::Location::Span(span)) {
        return;
    }
    let message = format!("`{name}` can be guessed: {}", weakness.words());
    out.found(&RULE, span, name, message)
        .severity(severity)
        .confidence(confidence)
        .help("make it with `secrets.token_urlsafe()`, or use Django's own token generator")
        .done();
}
