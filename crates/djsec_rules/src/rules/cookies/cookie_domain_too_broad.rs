use djsec_base::Severity;
use djsec_django::settings::{Part, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds session and CSRF cookies that are shared with more hosts than the site has:
    /// `SESSION_COOKIE_DOMAIN` or `CSRF_COOKIE_DOMAIN` names a parent domain, the domain that also
    /// serves uploaded files, or a domain that strangers share.
    ///
    /// ## Why it matters
    /// A cookie for `example.com` is sent to every host under it: the blog somebody else hosts, the
    /// status page, the forgotten test server. Each of them can take the session, and each can set
    /// a cookie of its own in its place. Where uploaded files live under the domain, a user's HTML file
    /// can do the same.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["shop.example.com"]
    /// SESSION_COOKIE_DOMAIN = ".example.com"  # finding
    /// ```
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["example.com"]
    /// MEDIA_URL = "https://files.example.com/"
    /// SESSION_COOKIE_DOMAIN = "example.com"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SESSION_COOKIE_DOMAIN = None
    /// ```
    /// ```python settings.py
    /// # The project itself serves every host under the domain.
    /// ALLOWED_HOSTS = [".example.com"]
    /// SESSION_COOKIE_DOMAIN = ".example.com"
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting: the cookie then belongs to the host that set it. To share a login between
    /// hosts, prefer a login protocol (OpenID Connect) to a shared cookie.
    ///
    /// ## Limits
    /// djsec sees the hosts in `ALLOWED_HOSTS` and `MEDIA_URL`. A site that serves several hosts of the
    /// domain shares its session on purpose, and is not reported.
    ///
    /// ## References
    /// - [Django: SESSION_COOKIE_DOMAIN](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-domain)
    /// - [The public suffix list](https://publicsuffix.org/)
    RULE {
        id: "cookie-domain-too-broad",
        group: "cookies",
        summary: "a cookie is shared with hosts that are not the site's",
        severity: Medium,
        cwe: [1275, 565],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.3"],
        checklist: ["cookie-scope"],
        since: "next",
        checks: [
            Check::Setting(&["SESSION_COOKIE_DOMAIN"], session),
            Check::Setting(&["CSRF_COOKIE_DOMAIN"], csrf),
        ],
    }
}

fn session(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.alternatives() {
        if !(part.when & cx.project.session_middleware()).is_never() {
            domain(cx, setting, &part, "session", out);
        }
    }
}

fn csrf(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.setting("CSRF_USE_SESSIONS").truthy().is_always() {
        return;
    }
    for part in setting.alternatives() {
        if !(part.when & cx.project.csrf_middleware()).is_never() {
            domain(cx, setting, &part, "CSRF", out);
        }
    }
}

fn domain(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    part: &Part<'_>,
    cookie: &str,
    out: &mut Findings,
) {
    let Data::Str(domain) = &part.data else { return };
    let domain = domain.trim_start_matches('.').to_ascii_lowercase();
    if domain.is_empty() || !domain.contains(|c: char| c.is_ascii_alphabetic()) {
        return;
    }
    let (severity, message) = if is_public_suffix(&domain) {
        let message = format!(
            "the {cookie} cookie is for `{domain}`, which strangers' sites share, so browsers refuse it"
        );
        (Severity::Medium, message)
    } else if let Some(media) = cx.media_host().filter(|host| is_below(host, &domain)) {
        let message = format!(
            "the {cookie} cookie is also sent to `{media}`, where uploaded files live that can read or \
             replace it"
        );
        (Severity::Medium, message)
    } else if parent_of_one_host(cx, &domain) {
        let message = format!(
            "the {cookie} cookie is sent to every host under `{domain}`, and each of them can read or \
             replace it"
        );
        (Severity::Low, message)
    } else {
        return;
    };
    // The CSRF token opens nothing without the session.
    let severity = if cookie == "CSRF" { severity.lower() } else { severity };
    out.judge(cx, &RULE, setting, part.when, message)
        .rated(severity)
        .at(part.span)
        .help("remove the setting: the cookie then belongs to the host that sets it")
        .fix(cx.set(setting, "Keep the cookie on its own host", "None"))
        .done();
}

fn is_public_suffix(domain: &str) -> bool {
    domain.contains('.')
        && psl::suffix(domain.as_bytes())
            .is_some_and(|suffix| suffix.is_known() && suffix == domain.as_bytes())
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether the site is one host below the domain: then the cookie goes further than the site.
fn parent_of_one_host(cx: &Cx<'_>, domain: &str) -> bool {
    let hosts = cx.setting("ALLOWED_HOSTS");
    if hosts.is_open() {
        return false;
    }
    let mut below: Vec<String> = Vec::new();
    for element in hosts.elements() {
        let Some(host) = element.data.as_str() else { return false };
        let host = host.to_ascii_lowercase();
        if host == "*" || host.trim_start_matches('.') == domain {
            return false;
        }
        if is_below(host.trim_start_matches('.'), domain) && !below.contains(&host) {
            below.push(host);
        }
    }
    below.len() == 1
}
