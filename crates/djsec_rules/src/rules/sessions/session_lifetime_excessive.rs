use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds sessions that last longer than 30 days, and password reset links that work longer than
    /// Django's three.
    ///
    /// ## Why it matters
    /// A session on a shared or stolen device, or in a leaked backup, is good until it ends. A reset
    /// link lies in a mailbox, which others may get to read later: until it expires, it is a password.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SESSION_COOKIE_AGE = 60 * 60 * 24 * 365  # finding
    /// PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 14  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
    /// PASSWORD_RESET_TIMEOUT = 60 * 60
    /// ```
    /// ```python settings.py
    /// # The browser forgets the cookie when it is closed.
    /// SESSION_COOKIE_AGE = 60 * 60 * 24 * 365
    /// SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    /// ```
    ///
    /// ## How to fix
    /// Lower the numbers: two weeks for sessions (Django's default) or less where the admin is used,
    /// and a day or less for reset links.
    ///
    /// ## Limits
    /// For information only where the admin is not installed, as sites for customers often accept long
    /// sessions. `set_expiry()` in code is not looked at.
    ///
    /// ## References
    /// - [Django: SESSION_COOKIE_AGE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-age)
    /// - [Django: PASSWORD_RESET_TIMEOUT](https://docs.djangoproject.com/en/stable/ref/settings/#password-reset-timeout)
    RULE {
        id: "session-lifetime-excessive",
        group: "sessions",
        summary: "sessions or reset links are good for very long",
        severity: Low,
        cwe: [613],
        owasp: ["2025:A07"],
        asvs: ["5.0:7.3.2", "5.0:6.4.1"],
        checklist: ["session-timeout", "password-reset-safe"],
        since: "next",
        checks: [
            Check::Setting(&["SESSION_COOKIE_AGE"], session),
            Check::Setting(&["PASSWORD_RESET_TIMEOUT"], reset),
        ],
    }
}

const DAY: i64 = 24 * 60 * 60;

fn longer_than(days: i64) -> impl Fn(&Data) -> Option<bool> {
    move |data| match data {
        #[expect(clippy::cast_precision_loss, reason = "days are far from the limit")]
        Data::Float(seconds) => Some(*seconds > (days * DAY) as f64),
        other => Some(other.as_int().is_some_and(|seconds| seconds > days * DAY)),
    }
}

/// A number of seconds in words.
fn in_days(setting: &SettingRef<'_>, days: i64) -> String {
    let long = setting.value().alts.iter().filter_map(|alt| alt.data.as_int());
    match long.filter(|seconds| *seconds > days * DAY).max() {
        Some(seconds) => format!("{} days", seconds / DAY),
        None => format!("more than {days} days"),
    }
}

fn session(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.uses_middleware("django.contrib.sessions.middleware.SessionMiddleware");
    let kept = !cx.setting("SESSION_EXPIRE_AT_BROWSER_CLOSE").truthy();
    let admin = !cx.has_app("django.contrib.admin").is_never();
    let severity = if admin { Severity::Low } else { Severity::Info };
    let message = format!("sessions last {}", in_days(setting, 30));
    let message = if admin { format!("{message}, those of the admin too") } else { message };
    out.judge(cx, &RULE, setting, setting.is(longer_than(30)) & active & kept, message)
        .rated(severity)
        .help("lower `SESSION_COOKIE_AGE`")
        .done();
}

fn reset(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let long = setting.is(longer_than(3)) & cx.uses_app("django.contrib.auth");
    let message = format!("links that reset a password work for {}", in_days(setting, 3));
    out.judge(cx, &RULE, setting, long, message)
        .help("lower `PASSWORD_RESET_TIMEOUT`; Django's default is three days")
        .done();
}
