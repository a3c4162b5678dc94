use djsec_django::middleware::SECURITY;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds sites that nobody sends to HTTPS: `SECURE_SSL_REDIRECT` is off, and no server
    /// configuration in the repository redirects either.
    ///
    /// ## Why it matters
    /// People type addresses without `https://` and follow old links. Without a redirect such a visit
    /// stays on plain HTTP: everybody on the way can read and change the pages, and log in as the user.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_SSL_REDIRECT = False  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SECURE_SSL_REDIRECT = os.environ.get("HTTPS_ONLY", "0") == "1"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_SSL_REDIRECT = True
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// SECURE_SSL_REDIRECT = not DEBUG
    /// ```
    ///
    /// ## How to fix
    /// Redirect in the server in front (nginx: `return 301 https://$host$request_uri;`), or set
    /// `SECURE_SSL_REDIRECT = True`. Behind a proxy that ends TLS, Django then needs
    /// `SECURE_PROXY_SSL_HEADER` as well: without it, it takes every request for plain HTTP and
    /// redirects for ever.
    ///
    /// ## Fix safety
    /// The fix is unsafe: behind a proxy it needs `SECURE_PROXY_SSL_HEADER`.
    ///
    /// ## Limits
    /// Without `SecurityMiddleware` the setting does nothing; that is another finding. A load balancer
    /// that redirects but has no configuration in the repository cannot be seen: accept the finding
    /// with that reason. A value that is true without being `True` is for information.
    ///
    /// ## References
    /// - [Django: SECURE_SSL_REDIRECT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-ssl-redirect)
    /// - [Django: SSL/HTTPS](https://docs.djangoproject.com/en/stable/topics/security/#ssl-https)
    RULE {
        id: "ssl-redirect-disabled",
        group: "transport",
        summary: "plain HTTP is not redirected to HTTPS",
        severity: Medium,
        cwe: [319],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:12.2.1"],
        checklist: ["https-enforced"],
        django: ["security.W008"],
        since: "next",
        checks: [Check::Setting(&["SECURE_SSL_REDIRECT"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.edges().any(|edge| edge.https_redirect.is_some()) {
        return;
    }
    let active = cx.project.security_middleware();
    let django = !cx.has_middleware(SECURITY).is_never();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.falsy() & active,
        "plain HTTP is not redirected to HTTPS, so a visit that begins there stays readable and \
         changeable on the way",
    )
    .help(
        "redirect in the server in front, or set `SECURE_SSL_REDIRECT = True` (behind a proxy together \
         with `SECURE_PROXY_SSL_HEADER`)",
    )
    .django_check_if(django, "security.W008")
    .fix(cx.set(setting, "Redirect to HTTPS", "True"))
    .done();
    if django {
        out.judge_truthy_switch(cx, &RULE, setting, active, "security.W008");
    }
}
