use djsec_base::Severity;
use djsec_django::settings::Cond;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds protections of django-allauth that are switched off: its limits on logins, its silence
    /// about who has an account, the questions before a logout or a confirmation, the verification of
    /// addresses, and links in mails over HTTPS.
    ///
    /// ## Why it matters
    /// allauth limits failed logins by itself, and does not tell strangers which addresses have an
    /// account. With these switches off, passwords can be guessed without end, lists of addresses can
    /// be checked, and a link on another page logs users out. Mail scanners that open
    /// links confirm addresses that nobody confirmed.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["allauth", "allauth.account"]
    /// ACCOUNT_RATE_LIMITS = False  # finding
    /// ACCOUNT_PREVENT_ENUMERATION = False  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["allauth", "allauth.account"]
    /// ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/ip,5/5m/key"}
    /// ACCOUNT_PREVENT_ENUMERATION = "strict"
    /// ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting: allauth's defaults are sound.
    ///
    /// ## Limits
    /// Adapters and views of the project that change what allauth does are not looked at.
    ///
    /// ## References
    /// - [django-allauth: configuration of accounts](https://docs.allauth.org/en/latest/account/configuration.html)
    /// - [django-allauth: rate limits](https://docs.allauth.org/en/latest/account/rate_limits.html)
    RULE {
        id: "allauth-weakened",
        group: "auth",
        summary: "a protection of allauth is switched off",
        severity: Medium,
        cwe: [1188, 307, 204],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1", "5.0:6.3.8"],
        checklist: ["login-throttled", "password-reset-safe"],
        since: "next",
        checks: [Check::Settings(switches), Check::Settings(limits)],
    }
}

struct Switch {
    name: &'static str,
    weak: fn(&Data) -> bool,
    severity: Severity,
    message: &'static str,
    fixed: &'static str,
}

const SWITCHES: &[Switch] = &[
    Switch {
        name: "ACCOUNT_RATE_LIMITS",
        weak: |data| matches!(data, Data::Bool(false)),
        severity: Severity::Medium,
        message: "allauth limits neither logins nor password resets",
        fixed: "{}",
    },
    Switch {
        name: "ACCOUNT_LOGIN_ATTEMPTS_LIMIT",
        weak: |data| matches!(data, Data::None | Data::Int(0)),
        severity: Severity::Medium,
        message: "allauth does not limit failed logins",
        fixed: "5",
    },
    Switch {
        name: "ACCOUNT_PREVENT_ENUMERATION",
        weak: |data| matches!(data, Data::Bool(false)),
        severity: Severity::Low,
        message: "strangers can find out which addresses have an account",
        fixed: "True",
    },
    Switch {
        name: "ACCOUNT_LOGOUT_ON_GET",
        weak: |data| matches!(data, Data::Bool(true)),
        severity: Severity::Low,
        message: "a link on any other page logs users out",
        fixed: "False",
    },
    Switch {
        name: "ACCOUNT_CONFIRM_EMAIL_ON_GET",
        weak: |data| matches!(data, Data::Bool(true)),
        severity: Severity::Low,
        message: "mail scanners that open links confirm addresses for their owners",
        fixed: "False",
    },
    Switch {
        name: "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
        weak: |data| data.as_str().is_some_and(|text| text.eq_ignore_ascii_case("http")),
        severity: Severity::Low,
        message: "links in mails that are sent outside of a request go to plain HTTP",
        fixed: "\"https\"",
    },
];

fn switches(cx: &Cx<'_>, out: &mut Findings) {
    let active = cx.uses_app("allauth.account");
    for switch in SWITCHES {
        let setting = cx.setting(switch.name);
        let weak = setting.is(|data| Some((switch.weak)(data)));
        out.judge(cx, &RULE, &setting, weak & active, switch.message)
            .rated(switch.severity)
            .help(format!("set `{}` to `{}`", switch.name, switch.fixed))
            .fix(cx.set(&setting, "Use the sound value", switch.fixed))
            .done();
    }
    let setting = cx.setting("ACCOUNT_EMAIL_VERIFICATION");
    // Where people log in with other services only, allauth wants no verification of its own.
    let social_only = cx.setting("SOCIALACCOUNT_ONLY").truthy();
    let none = setting.equals("none") & active & !social_only;
    out.judge(cx, &RULE, &setting, none, "people can sign up with the e-mail addresses of others")
        .rated(Severity::Low)
        .help("set `ACCOUNT_EMAIL_VERIFICATION` to `\"mandatory\"`")
        .done();
}

fn limits(cx: &Cx<'_>, out: &mut Findings) {
    let setting = cx.setting("ACCOUNT_RATE_LIMITS");
    for (key, what) in [
        ("login_failed", "failed logins"),
        ("reset_password", "mails that reset a password"),
        ("reauthenticate", "failed confirmations of a password"),
    ] {
        let limit = setting.entry(key);
        let off: Cond<'_> = !limit.is_absent() & limit.falsy() & cx.uses_app("allauth.account");
        out.judge(cx, &RULE, &limit, off, format!("allauth does not limit {what}"))
            .help("remove the entry: allauth has a limit by default")
            .done();
    }
}
