use djsec_base::{Fix, Severity, Span};

use super::pattern::{Gap, Stranger, stranger};
use super::policy;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds patterns in `CORS_ALLOWED_ORIGIN_REGEXES` that match sites of strangers too, and shows one
    /// that they match.
    ///
    /// ## Why it matters
    /// django-cors-headers applies a pattern with `re.match`: it must match from the beginning, but
    /// need not reach the end. Without `$`, any domain may follow; a dot without a backslash stands for
    /// any character. Whoever registers such a domain may read what the pattern was to protect.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGIN_REGEXES = [
    ///     r"^https://\w+\.example\.com",  # finding
    ///     r"^https://api.example.com$",  # finding
    ///     r"^https://.*\.vercel\.app$",  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from .base_settings import *
    ///
    /// MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *MIDDLEWARE]
    /// CORS_ALLOWED_ORIGIN_REGEXES = [
    ///     r"^https://\w+\.example\.com$",
    ///     r"https://(www\.)?example\.org\Z",
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// End the pattern with `$`, write dots as `\.`, and put `\.` in front of a domain whose subdomains
    /// are meant. Where the sites are known, `CORS_ALLOWED_ORIGINS` needs no pattern.
    ///
    /// ## Fix safety
    /// The fix adds the `$` where that is all that is missing. Origins with a port no longer match then.
    ///
    /// ## Limits
    /// A finding always comes with an origin that the pattern matches. Patterns with look-arounds or
    /// flags are not examined. A pattern that matches everything, together with
    /// `CORS_ALLOW_CREDENTIALS`, is `cors-credentialed-wildcard`.
    ///
    /// ## References
    /// - [django-cors-headers: CORS_ALLOWED_ORIGIN_REGEXES](https://github.com/adamchainz/django-cors-headers#cors_allowed_origin_regexes-sequencestr--patternstr)
    RULE {
        id: "cors-origin-pattern-weak",
        group: "cors",
        summary: "a pattern of allowed origins matches strangers",
        severity: High,
        cwe: [942, 185],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.2"],
        checklist: ["cors-restricted"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let setting = policy::patterns(cx);
    let lists_count = policy::lists_count(cx);
    let credentials = policy::credentials(cx);
    for part in setting.elements() {
        let Some(pattern) = policy::pattern(&part.data) else { continue };
        let Some(found) = stranger(pattern) else { continue };
        let mut when = part.when & lists_count;
        if found.gap == Gap::Everything {
            when = when & !credentials.surely();
        }
        let severity =
            if (credentials & when).is_never() { Severity::Medium } else { Severity::High };
        let message = match found.gap {
            Gap::Everything => "this pattern matches every site".to_owned(),
            _ => format!("this pattern also matches `{}`, the site of a stranger", found.origin),
        };
        out.judge(cx, &RULE, &setting, when, message)
            .rated(severity)
            .at(part.span)
            .help(advice(found.gap))
            .fix(part.span.and_then(|span| anchored(cx, span, pattern, &found)))
            .done();
    }
}

const fn advice(gap: Gap) -> &'static str {
    match gap {
        Gap::Everything => "name the sites that may in `CORS_ALLOWED_ORIGINS`",
        Gap::End => "end the pattern with `$`: it need not match to the end otherwise",
        Gap::Dot => "write each dot as `\\.`, and one in front of the domain",
        Gap::Shared => "name the hosts: anybody can get a name under this domain",
    }
}

/// The pattern with `$` at its end, if nothing else is wrong.
fn anchored(cx: &Cx<'_>, span: Span, pattern: &str, found: &Stranger) -> Option<Fix> {
    if found.gap != Gap::End || stranger(&format!("{pattern}$")).is_some() {
        return None;
    }
    let literal = cx.files.slice(span);
    let quote = literal.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let body = literal.strip_suffix(quote)?;
    let plain = !body.ends_with(quote) && body.trim_start_matches('r').starts_with(quote);
    plain.then(|| Fix::unsafe_replace("End the pattern", span, format!("{body}${quote}")))
}
