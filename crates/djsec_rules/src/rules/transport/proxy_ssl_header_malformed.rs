use djsec_base::{Fix, Span};
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECURE_PROXY_SSL_HEADER` that can never match: a header name that is not in WSGI's
    /// form, a value that no proxy sends, or something else than a pair.
    ///
    /// ## Why it matters
    /// Django looks the name up in `request.META`, where `X-Forwarded-Proto` is called
    /// `HTTP_X_FORWARDED_PROTO`. With another spelling every request counts as plain HTTP: no HSTS is
    /// sent, links in mails begin with `http://`, the redirect to HTTPS never ends, and teams then turn it
    /// off. With `"http"` as the value, plain requests count as secure.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = "HTTP_X_FORWARDED_PROTO"  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "HTTPS")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    /// ```
    /// ```python settings.py
    /// SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_SSL", "on")
    /// ```
    ///
    /// ## How to fix
    /// Write `SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")`, with the name of the
    /// header that your proxy sets: upper case, `_` for `-`, `HTTP_` in front.
    ///
    /// ## References
    /// - [Django: SECURE_PROXY_SSL_HEADER](https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header)
    RULE {
        id: "proxy-ssl-header-malformed",
        group: "transport",
        summary: "Django cannot tell secure requests from plain ones",
        severity: Medium,
        cwe: [1284],
        owasp: ["2025:A02"],
        asvs: ["5.0:4.1.3"],
        checklist: ["proxy-ssl-header"],
        since: "next",
        checks: [Check::Setting(&["SECURE_PROXY_SSL_HEADER"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let no_pair = setting.is(|data| {
        Some(match data {
            Data::None | Data::Absent => false,
            Data::Str(text) => !text.is_empty() && text.chars().count() != 2,
            other => match other.as_seq() {
                Some(seq) if seq.open || seq.items.is_empty() => false,
                Some(seq) => seq.items.len() != 2 && seq.items.iter().all(|i| i.guard.is_always()),
                None => false,
            },
        })
    });
    out.judge(
        cx,
        &RULE,
        setting,
        no_pair,
        "`SECURE_PROXY_SSL_HEADER` is not a pair of a header name and a value, so requests fail",
    )
    .help("write `(\"HTTP_X_FORWARDED_PROTO\", \"https\")`")
    .done();
    for part in setting.alternatives() {
        let Some(seq) = part.data.as_seq() else { continue };
        let [name, value] = seq.items.as_slice() else { continue };
        let (Some(name), Some(value)) = (name.value.single(), value.value.single()) else {
            continue;
        };
        let (Data::Str(name_text), Data::Str(value_text)) = (&name.data, &value.data) else {
            continue;
        };
        let (message, fix) = if let Some(right) = right_name(name_text) {
            let message = format!(
                "`request.META` has no {name_text:?}, so Django takes every request for plain HTTP: the \
                 header is called `{right}` there"
            );
            (message, replace(cx, name.span, &right))
        } else if let Some(message) = wrong_value(value_text) {
            (message, replace(cx, value.span, "https"))
        } else {
            continue;
        };
        out.judge(cx, &RULE, setting, part.when, message)
            .at(name.span.filter(|span| part.span.is_none_or(|whole| whole.file == span.file)))
            .help("write the name in upper case with `HTTP_` in front and `_` for `-`")
            .fix(fix)
            .done();
    }
}

fn replace(cx: &Cx<'_>, span: Option<Span>, text: &str) -> Option<Fix> {
    let span = span.filter(|span| cx.files.slice(*span).starts_with(['"', '\'']))?;
    Some(Fix::unsafe_replace("Write the header as Django sees it", span, format!("{text:?}")))
}

/// How WSGI calls a header that is written in another way.
fn right_name(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase().replace('-', "_");
    let looks_like_a_header = upper.starts_with("X_") || upper.starts_with("HTTP_X_");
    let right = if upper.starts_with("HTTP_") { upper } else { format!("HTTP_{upper}") };
    (looks_like_a_header && right != name).then_some(right)
}

fn wrong_value(value: &str) -> Option<String> {
    if value == "http" {
        Some("requests that came over plain HTTP count as secure, the others do not".to_owned())
    } else if value.eq_ignore_ascii_case("https") && value != "https" {
        Some(format!("proxies send `https`, never {value:?}, so no request counts as secure"))
    } else {
        None
    }
}
