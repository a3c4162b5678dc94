use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds login cookies of well-known packages that go over plain HTTP or are open to scripts: the
    /// JWT cookies of dj-rest-auth, the "remember this device" cookie of django-two-factor-auth, and
    /// `AUTH_COOKIE_…` settings in `SIMPLE_JWT`.
    ///
    /// ## Why it matters
    /// These cookies stand for the user just as the session cookie does, but `SESSION_COOKIE_SECURE`
    /// says nothing about them: each package has its own switches, and dj-rest-auth and
    /// django-two-factor-auth leave `Secure` off by default.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// REST_AUTH = {"USE_JWT": True, "JWT_AUTH_COOKIE": "access"}  # finding
    /// ```
    /// ```python settings.py
    /// REST_AUTH = {
    ///     "USE_JWT": True,
    ///     "JWT_AUTH_COOKIE": "access",
    ///     "JWT_AUTH_SECURE": True,
    ///     "JWT_AUTH_HTTPONLY": False,  # finding
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// REST_AUTH = {"USE_JWT": True, "JWT_AUTH_COOKIE": "access", "JWT_AUTH_SECURE": True}
    /// ```
    /// ```python settings.py
    /// # Tokens go in the body, not in a cookie.
    /// REST_AUTH = {"USE_JWT": True, "JWT_AUTH_HTTPONLY": False}
    /// ```
    ///
    /// ## How to fix
    /// Set the package's own switches: `JWT_AUTH_SECURE`, `TWO_FACTOR_REMEMBER_COOKIE_SECURE`,
    /// `AUTH_COOKIE_SECURE`.
    ///
    /// ## Limits
    /// `SIMPLE_JWT` has no cookie of its own: its `AUTH_COOKIE_…` keys are read by the project's code.
    /// Only keys that say "off" are reported. Language and message cookies are not login cookies.
    ///
    /// ## References
    /// - [dj-rest-auth: configuration](https://dj-rest-auth.readthedocs.io/en/latest/configuration.html)
    /// - [django-two-factor-auth: configuration](https://django-two-factor-auth.readthedocs.io/en/stable/configuration.html)
    RULE {
        id: "auxiliary-auth-cookie-flags",
        group: "cookies",
        summary: "a login cookie of a package is unprotected",
        severity: High,
        cwe: [614, 1004],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.3.1", "5.0:3.3.4"],
        checklist: ["application-cookies"],
        since: "next",
        checks: [
            Check::Setting(&["REST_AUTH"], rest_auth),
            Check::Setting(&["JWT_AUTH_COOKIE"], rest_auth_before_3),
            Check::Setting(&["TWO_FACTOR_REMEMBER_COOKIE_AGE"], remember_device),
            Check::Setting(&["SIMPLE_JWT"], simple_jwt),
        ],
    }
}

const PLAIN: &str = "is also sent over plain HTTP, where anyone on the way can take the login";
const OPEN: &str = "can be read by scripts, so one cross-site scripting hole gives the login away";

fn rest_auth(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let names = setting.entry("JWT_AUTH_COOKIE").truthy()
        | setting.entry("JWT_AUTH_REFRESH_COOKIE").truthy();
    let used = (setting.entry("USE_JWT").truthy() & names).surely();
    let flags = [("JWT_AUTH_SECURE", Unset::Off, PLAIN), ("JWT_AUTH_HTTPONLY", Unset::On, OPEN)];
    for (key, unset, consequence) in flags {
        let flag = setting.entry(key);
        report(cx, &flag, unset, used, format!("dj-rest-auth's JWT cookie {consequence}"), out);
    }
}

/// dj-rest-auth 2 and older: a setting each.
fn rest_auth_before_3(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let used = (setting.truthy() & cx.setting("REST_USE_JWT").truthy()).surely();
    let flags = [("JWT_AUTH_SECURE", Unset::Off, PLAIN), ("JWT_AUTH_HTTPONLY", Unset::On, OPEN)];
    for (name, unset, consequence) in flags {
        let flag = cx.setting(name);
        report(cx, &flag, unset, used, format!("dj-rest-auth's JWT cookie {consequence}"), out);
    }
}

fn remember_device(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let used = (setting.truthy() & cx.has_app("two_factor")).surely();
    let flags = [
        ("TWO_FACTOR_REMEMBER_COOKIE_SECURE", Unset::Off, PLAIN),
        ("TWO_FACTOR_REMEMBER_COOKIE_HTTPONLY", Unset::On, OPEN),
    ];
    for (name, unset, consequence) in flags {
        let flag = cx.setting(name);
        let message = format!("the cookie that replaces the second factor {consequence}");
        report(cx, &flag, unset, used, message, out);
    }
}

fn simple_jwt(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let used = setting.entry("AUTH_COOKIE").truthy().surely();
    let flags = [("AUTH_COOKIE_SECURE", PLAIN), ("AUTH_COOKIE_HTTP_ONLY", OPEN)];
    for (key, consequence) in flags {
        let flag = setting.entry(key);
        report(cx, &flag, Unset::On, used, format!("the JWT cookie {consequence}"), out);
    }
}

/// What the package does when the switch is not set.
#[derive(Clone, Copy, PartialEq)]
enum Unset {
    On,
    Off,
}

fn report(
    cx: &Cx<'_>,
    flag: &SettingRef<'_>,
    unset: Unset,
    used: Cond<'_>,
    message: String,
    out: &mut Findings,
) {
    let missing = flag.is(|data| Some(*data == Data::Absent));
    let off = if unset == Unset::Off { flag.falsy() } else { flag.falsy() & !missing };
    let name =
        flag.path.rsplit_once("[\"").map_or(&*flag.path, |(_, key)| key.trim_end_matches("\"]"));
    out.judge(cx, &RULE, flag, off & used, message)
        .help(format!("set `{name}` to `True`"))
        .fix(
            cx.set(flag, "Protect the cookie", "True")
                .filter(|_| flag.explicit || !flag.path.contains('[')),
        )
        .done();
}
