use djsec_base::Severity;
use djsec_django::settings::{Part, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds entries of `CSRF_TRUSTED_ORIGINS` that trust strangers (a wildcard over a domain that
    /// anybody can get a name under), plain HTTP, or the visitor's own computer, and entries that
    /// Django does not understand.
    ///
    /// ## Why it matters
    /// A page of a trusted origin may post in the name of your visitors. Anybody can have a site
    /// under `herokuapp.com`. A page that comes over plain HTTP can be replaced by whoever is on the way. An
    /// entry without a scheme matches nothing, so the form it was meant for fails, and the next fix is often
    /// worse.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// CSRF_TRUSTED_ORIGINS = ["https://*.herokuapp.com"]  # finding
    /// ```
    /// ```python settings.py
    /// CSRF_TRUSTED_ORIGINS = ["http://shop.example.com"]  # finding
    /// ```
    /// ```python settings.py
    /// CSRF_TRUSTED_ORIGINS = ["shop.example.com"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # Only the owner of example.com hands out names under it.
    /// CSRF_TRUSTED_ORIGINS = ["https://*.example.com", "https://shop.herokuapp.com"]
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// CSRF_TRUSTED_ORIGINS = os.environ["CSRF_TRUSTED_ORIGINS"].split(",")
    /// ```
    ///
    /// ## How to fix
    /// Name the origins one by one, with `https://`. Keep `http://localhost:8000` in the development
    /// settings.
    ///
    /// ## Limits
    /// A text in place of the list, which Django takes letter by letter, is reported by
    /// setting-wrong-type.
    ///
    /// ## References
    /// - [Django: CSRF_TRUSTED_ORIGINS](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins)
    RULE {
        id: "csrf-trusted-origins-broad",
        group: "csrf",
        summary: "strangers' pages may post in the name of visitors",
        severity: Medium,
        cwe: [346, 352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-middleware"],
        django: ["4_0.E001"],
        since: "next",
        checks: [Check::Setting(&["CSRF_TRUSTED_ORIGINS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let schemes = cx.django_at_least(4, 0);
    // Without the middleware nothing reads the list, but Django checks its form all the same.
    let active = cx.project.csrf_middleware().possibly();
    for part in setting.elements() {
        let Data::Str(origin) = &part.data else { continue };
        if schemes && !origin.contains("://") {
            out.judge(
                cx,
                &RULE,
                setting,
                part.when,
                format!(
                    "{origin:?} has no scheme, so it matches no origin and Django's checks fail"
                ),
            )
            .rated(Severity::Low)
            .at(part.span)
            .help(format!("write \"https://{origin}\""))
            .django_check("4_0.E001")
            .done();
        } else if !(part.when & active).is_never() {
            trusted(cx, setting, &part, origin, out);
        }
    }
}

fn trusted(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    part: &Part<'_>,
    origin: &str,
    out: &mut Findings,
) {
    let lower = origin.to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://").unwrap_or(("", &lower));
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = authority.split(':').next().unwrap_or(authority);
    let (severity, message) = if let Some(suffix) = host.strip_prefix("*.").filter(|s| shared(s)) {
        let message = format!(
            "anybody can have a site under `{suffix}`, and its pages may post in the name of visitors"
        );
        (Severity::Medium, message)
    } else if is_local(host) {
        let message = format!(
            "whatever answers at {origin:?} on a visitor's computer may post in the visitor's name: an \
             entry for development"
        );
        (Severity::Low, message)
    } else if scheme == "http" && !host.is_empty() && host != "*" {
        let message = format!(
            "{origin:?} is plain HTTP: whoever is on the way can make its pages post in the name of \
             visitors"
        );
        (Severity::Medium, message)
    } else {
        return;
    };
    out.judge(cx, &RULE, setting, part.when, message)
        .rated(severity)
        .at(part.span)
        .help("name the origins one by one, with `https://`")
        .done();
}

/// Whether strangers have names under this domain.
fn shared(domain: &str) -> bool {
    psl::suffix(domain.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix == domain.as_bytes())
}

fn is_local(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "0.0.0.0"
        || host == "[::1]"
        || host == "["
        || host.starts_with("127.")
}
