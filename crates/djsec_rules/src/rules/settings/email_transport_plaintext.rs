use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::network::{Reach, reach};
use crate::{Check, Cx, Findings, declare_rule};

const SMTP: &str = "django.core.mail.backends.smtp.EmailBackend";

declare_rule! {
    /// ## What it does
    /// Finds mail that goes to a remote SMTP server with a password and without TLS, in the `EMAIL_…`
    /// settings and in `MAILERS` (Django 6.1).
    ///
    /// ## Why it matters
    /// The password goes over the network in the clear, and so does every mail: reset links are as good
    /// as a login for whoever reads them first.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// EMAIL_HOST = "smtp.example.com"  # finding
    /// EMAIL_HOST_USER = "shop"
    /// EMAIL_HOST_PASSWORD = os.environ["MAIL_PASSWORD"]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// EMAIL_HOST = "smtp.example.com"
    /// EMAIL_HOST_USER = "shop"
    /// EMAIL_USE_TLS = True
    /// ```
    /// A relay on this machine:
    /// ```python settings.py
    /// EMAIL_HOST = "localhost"
    /// EMAIL_HOST_USER = "shop"
    /// ```
    /// Another way of sending:
    /// ```python settings.py
    /// EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    /// EMAIL_HOST = "smtp.example.com"
    /// EMAIL_HOST_USER = "shop"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
    /// EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    /// EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "yes") == "yes"
    /// ```
    ///
    /// ## How to fix
    /// `EMAIL_USE_TLS = True` with port 587, or `EMAIL_USE_SSL = True` with port 465.
    ///
    /// ## Limits
    /// Without a user name the server is taken for a relay of the private network, which is left alone.
    ///
    /// ## References
    /// - [Django: EMAIL_USE_TLS](https://docs.djangoproject.com/en/stable/ref/settings/#email-use-tls)
    RULE {
        id: "email-transport-plaintext",
        group: "settings",
        summary: "mail and its password go out in the clear",
        severity: Medium,
        cwe: [319],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:12.3.1"],
        checklist: ["password-reset-safe"],
        since: "next",
        checks: [
            Check::Setting(&["EMAIL_HOST"], check_settings),
            Check::Setting(&["MAILERS"], check_mailers),
        ],
    }
}

fn check_settings(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.django_at_least(6, 1) && cx.setting("MAILERS").explicit {
        return;
    }
    let smtp = cx.setting("EMAIL_BACKEND").equals(SMTP);
    let user = cx.setting("EMAIL_HOST_USER").truthy();
    let plain = cx.setting("EMAIL_USE_TLS").falsy() & cx.setting("EMAIL_USE_SSL").falsy();
    let when = smtp & user & plain;
    report(cx, setting, when, "mail and its password go to the SMTP server in the clear", out);
}

fn check_mailers(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !cx.django_at_least(6, 1) {
        return;
    }
    for alias in setting.keys() {
        let mailer = setting.entry(&alias);
        let backend = mailer.entry("BACKEND");
        let smtp = backend.equals(SMTP) | backend.is_none();
        let options = mailer.entry("OPTIONS");
        let user = options.entry("username").truthy();
        let plain = options.entry("use_tls").falsy() & options.entry("use_ssl").falsy();
        let message =
            format!("mail and password of the mailer `{alias}` go to the SMTP server in the clear");
        report(cx, &options.entry("host"), smtp & user & plain, &message, out);
    }
}

fn report<'a>(
    cx: &Cx<'a>,
    host: &SettingRef<'a>,
    when: Cond<'a>,
    message: &str,
    out: &mut Findings,
) {
    let public = written(host, Reach::Public);
    out.judge(cx, &RULE, host, when & public, message)
        .help("turn `EMAIL_USE_TLS` on (port 587), or `EMAIL_USE_SSL` (port 465)")
        .done();
    let private = written(host, Reach::Private);
    out.judge(cx, &RULE, host, when & private, message)
        .at_most(Severity::Low)
        .help("turn `EMAIL_USE_TLS` on, if the server offers it")
        .done();
}

/// In which worlds the host is written down and lies this far away.
fn written<'a>(host: &SettingRef<'a>, wanted: Reach) -> Cond<'a> {
    host.is_raw(|data| match data {
        Data::Str(name) => Some(reach(name) == wanted),
        _ => Some(false),
    })
}
