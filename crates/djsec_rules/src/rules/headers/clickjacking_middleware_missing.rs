use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds projects that let any site show theirs in a frame: no `XFrameOptionsMiddleware`, and no
    /// enforced content security policy with `frame-ancestors`.
    ///
    /// ## Why it matters
    /// Another site can lay your page, invisible, over its own, and the user's clicks on a game or a
    /// cookie banner press your buttons: delete, pay, grant access.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = [  # finding
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.csrf.CsrfViewMiddleware",
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.middleware.clickjacking.XFrameOptionsMiddleware",
    /// ]
    /// ```
    /// ```python settings.py
    /// # frame-ancestors is the newer word for the same.
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"frame-ancestors": ["'self'"]}}
    /// ```
    ///
    /// ## How to fix
    /// Add `"django.middleware.clickjacking.XFrameOptionsMiddleware"` to `MIDDLEWARE`. Views that other
    /// sites may frame get `@xframe_options_exempt`, each by itself.
    ///
    /// ## Limits
    /// Django's own check (`security.W002`) does not know `frame-ancestors`; djsec takes it for enough.
    ///
    /// ## References
    /// - [Django: clickjacking protection](https://docs.djangoproject.com/en/stable/ref/clickjacking/)
    RULE {
        id: "clickjacking-middleware-missing",
        group: "headers",
        summary: "any site may show this one in a frame",
        severity: Medium,
        cwe: [1021],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.6"],
        checklist: ["clickjacking-blocked"],
        django: ["security.W002"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.proxy_sends("X-Frame-Options") || cx.proxy_sends("frame-ancestors") {
        return;
    }
    out.judge(
        cx,
        &RULE,
        setting,
        !cx.project.frame_middleware() & !cx.project.frame_ancestors(),
        "any site may show this one in a frame and make users click on it unawares",
    )
    .help(format!(
        "add `\"django.middleware.clickjacking.XFrameOptionsMiddleware\"` to `{}`",
        cx.middleware_setting()
    ))
    .django_check("security.W002")
    .done();
}
