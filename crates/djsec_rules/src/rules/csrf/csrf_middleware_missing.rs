use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds projects with sessions but without `CsrfViewMiddleware`.
    ///
    /// ## Why it matters
    /// Any page on the web can make a visitor's browser post to your site, with the visitor's
    /// session. The middleware refuses posts that do not carry the site's token; without it every form of
    /// every view is open, unless each one is decorated with `csrf_protect`.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = [  # finding
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.contrib.auth.middleware.AuthenticationMiddleware",
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = [
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    ///     "django.middleware.csrf.CsrfViewMiddleware",
    ///     "django.contrib.auth.middleware.AuthenticationMiddleware",
    /// ]
    /// ```
    /// ```python settings.py
    /// # No session, no cookie: clients send a token in a header, which no other site can make them do.
    /// MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    /// ```
    ///
    /// ## How to fix
    /// Add `"django.middleware.csrf.CsrfViewMiddleware"` to `MIDDLEWARE`, before middleware that
    /// assume that CSRF attacks have been dealt with.
    ///
    /// ## Limits
    /// Django warns whenever the middleware is missing (`security.W003`). A project without any session
    /// middleware has no cookie that another site could misuse, and is not reported here. Classes
    /// derived from Django's middleware count, and so does a package's class of the same name.
    ///
    /// ## References
    /// - [Django: Cross Site Request Forgery protection](https://docs.djangoproject.com/en/stable/ref/csrf/)
    /// - [OWASP: CSRF](https://owasp.org/www-community/attacks/csrf)
    RULE {
        id: "csrf-middleware-missing",
        group: "csrf",
        summary: "other sites can post in the name of visitors",
        severity: High,
        cwe: [352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-middleware"],
        django: ["security.W003"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    out.judge(
        cx,
        &RULE,
        setting,
        !cx.project.csrf_middleware() & cx.project.session_middleware(),
        "there are sessions but no `CsrfViewMiddleware`, so other sites can post in the name of visitors",
    )
    .help("add `\"django.middleware.csrf.CsrfViewMiddleware\"` after the session middleware")
    .django_check("security.W003")
    .done();
}
