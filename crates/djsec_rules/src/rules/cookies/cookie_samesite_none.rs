use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a session or CSRF cookie that browsers send along with requests from other sites:
    /// `SESSION_COOKIE_SAMESITE` or `CSRF_COOKIE_SAMESITE` is `"None"`, or turned off altogether.
    ///
    /// ## Why it matters
    /// With `Lax`, Django's default, a form or script on another site acts without the user's session.
    /// With `"None"`, every request from anywhere carries it, and the CSRF token is all that stands
    /// between a foreign page and the user's account; views without the token check have nothing.
    /// `False` or `None` send no attribute at all, which Safari and Firefox treat like `"None"`.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SESSION_COOKIE_SAMESITE = "None"  # finding
    /// ```
    /// ```python settings.py
    /// CSRF_COOKIE_SAMESITE = False  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SESSION_COOKIE_SAMESITE = "Strict"
    /// CSRF_COOKIE_SAMESITE = "Lax"
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting. If the site must work inside other sites' frames, or takes logins by a POST
    /// from an identity provider, keep `"None"`, keep the CSRF middleware, and accept the finding with
    /// that reason; `csrf_exempt` is then never an option for views that use the session.
    ///
    /// ## Limits
    /// The finding is low while the CSRF middleware is active, and high without it.
    ///
    /// ## References
    /// - [Django: SESSION_COOKIE_SAMESITE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-samesite)
    /// - [MDN: SameSite](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#samesitesamesite-value)
    RULE {
        id: "cookie-samesite-none",
        group: "cookies",
        summary: "other sites' requests carry the session or CSRF cookie",
        severity: Medium,
        cwe: [1275],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.2"],
        checklist: ["cookie-samesite"],
        since: "next",
        checks: [
            Check::Setting(&["SESSION_COOKIE_SAMESITE"], session),
            Check::Setting(&["CSRF_COOKIE_SAMESITE"], csrf),
        ],
    }
}

fn session(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let csrf = cx.project.csrf_middleware();
    let severity = if csrf.is_always() { Severity::Low } else { Severity::High };
    let shield = if csrf.is_always() {
        "only the CSRF token protects the session"
    } else {
        "nothing keeps other sites from acting with the session"
    };
    report(cx, setting, cx.project.session_middleware(), "session", (severity, shield), out);
}

fn csrf(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let in_cookie = cx.project.csrf_middleware() & !cx.setting("CSRF_USE_SESSIONS").truthy();
    let shield = "a form in another site's page is one step closer to passing for the site's own";
    report(cx, setting, in_cookie, "CSRF", (Severity::Low, shield), out);
}

fn report(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    used: Cond<'_>,
    cookie: &str,
    (severity, shield): (Severity, &str),
    out: &mut Findings,
) {
    let explicit = setting.is(|data| match data {
        Data::Str(text) => Some(text.eq_ignore_ascii_case("none")),
        _ => Some(false),
    });
    out.judge(
        cx,
        &RULE,
        setting,
        explicit & used,
        format!("the {cookie} cookie goes along with requests from other sites: {shield}"),
    )
    .rated(severity)
    .help("use `\"Lax\"`, Django's default, unless the site must work inside other sites")
    .fix(cx.set(setting, "Keep the cookie out of other sites' requests", "\"Lax\""))
    .done();
    let left_out = setting.is(|data| match data {
        Data::Str(text) => Some(text.is_empty()),
        Data::Bool(false) | Data::None => Some(true),
        _ => Some(false),
    });
    out.judge(
        cx,
        &RULE,
        setting,
        left_out & used,
        format!(
            "the {cookie} cookie has no `SameSite` attribute, so Safari and Firefox send it along with \
             requests from other sites: {shield}"
        ),
    )
    .rated(severity)
    .help("use `\"Lax\"`, Django's default")
    .fix(cx.set(setting, "Keep the cookie out of other sites' requests", "\"Lax\""))
    .done();
}
