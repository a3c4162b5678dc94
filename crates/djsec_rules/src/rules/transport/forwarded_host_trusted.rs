use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `USE_X_FORWARDED_HOST` that lets the client choose the site's host name: the header is
    /// trusted, and `ALLOWED_HOSTS` lets any host in.
    ///
    /// ## Why it matters
    /// Django builds links from the host of the request, in password reset mails above all. Whoever can set
    /// `X-Forwarded-Host` makes those links point to a host of their own, and receives the token
    /// when the victim follows one. `X-Forwarded-Host` passes through proxies that would refuse a foreign
    /// `Host`.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["*"]
    /// USE_X_FORWARDED_HOST = True  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # Whatever the header says, it must be one of these.
    /// ALLOWED_HOSTS = ["shop.example.com"]
    /// USE_X_FORWARDED_HOST = True
    /// ```
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["*"]
    /// USE_X_FORWARDED_HOST = False
    /// ```
    ///
    /// ## How to fix
    /// Name the site's hosts in `ALLOWED_HOSTS`, and let the proxy pass the host in `Host` itself
    /// (nginx: `proxy_set_header Host $host;`) so that `USE_X_FORWARDED_HOST` is not needed. If it is, let the
    /// proxy overwrite the header.
    ///
    /// ## References
    /// - [Django: USE_X_FORWARDED_HOST](https://docs.djangoproject.com/en/stable/ref/settings/#use-x-forwarded-host)
    /// - [Django: Host header validation](https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation)
    RULE {
        id: "forwarded-host-trusted",
        group: "transport",
        summary: "clients can choose the host name that links are built from",
        severity: High,
        cwe: [644, 290],
        owasp: ["2025:A02"],
        asvs: ["5.0:4.1.3"],
        checklist: ["allowed-hosts-explicit"],
        since: "next",
        checks: [Check::Setting(&["USE_X_FORWARDED_HOST"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let any_host = cx.setting("ALLOWED_HOSTS").contains("*");
    out.judge(
        cx,
        &RULE,
        setting,
        setting.truthy() & any_host,
        "any client can choose the host name that links in mails and redirects are built from",
    )
    .help(
        "name the site's hosts in `ALLOWED_HOSTS`, and let the proxy overwrite `X-Forwarded-Host`",
    )
    .fix(cx.set(setting, "Do not trust X-Forwarded-Host", "False"))
    .done();
}
