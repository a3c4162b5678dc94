use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds settings of Simple JWT that let stolen tokens work for long: access tokens of more than an
    /// hour, refresh tokens of more than 30 days, and rotated refresh tokens that stay valid, on
    /// purpose or because the blacklist is not installed.
    ///
    /// ## Why it matters
    /// An access token cannot be withdrawn: whoever has it is the user until it ends, whatever happens
    /// to the password. Rotation only helps when the old refresh token dies. `BLACKLIST_AFTER_ROTATION`
    /// does nothing, and says nothing, without the app `rest_framework_simplejwt.token_blacklist`.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from datetime import timedelta
    ///
    /// SIMPLE_JWT = {
    ///     "ACCESS_TOKEN_LIFETIME": timedelta(days=7),  # finding
    ///     "ROTATE_REFRESH_TOKENS": True,
    ///     "BLACKLIST_AFTER_ROTATION": True,  # finding
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from datetime import timedelta
    ///
    /// INSTALLED_APPS += ["rest_framework_simplejwt.token_blacklist"]
    /// SIMPLE_JWT = {
    ///     "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    ///     "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    ///     "ROTATE_REFRESH_TOKENS": True,
    ///     "BLACKLIST_AFTER_ROTATION": True,
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Keep access tokens to minutes (the default is 5), install the blacklist, and set both
    /// `ROTATE_REFRESH_TOKENS` and `BLACKLIST_AFTER_ROTATION`.
    ///
    /// ## References
    /// - [Simple JWT: settings](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html)
    /// - [Simple JWT: blacklist app](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/blacklist_app.html)
    RULE {
        id: "simplejwt-weak-config",
        group: "auth",
        summary: "stolen tokens work for long",
        severity: Medium,
        cwe: [613],
        owasp: ["2025:A07"],
        asvs: ["5.0:9.2.1", "5.0:7.4.1"],
        checklist: ["tokens-sound"],
        since: "next",
        checks: [Check::Setting(&["SIMPLE_JWT"], check)],
    }
}

const HOUR: i64 = 3_600 * 1_000_000;
const DAY: i64 = 24 * HOUR;
const BLACKLIST: &str = "rest_framework_simplejwt.token_blacklist";

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    // The package's own defaults are short.
    if !setting.explicit {
        return;
    }
    lifetime(cx, &setting.entry("ACCESS_TOKEN_LIFETIME"), HOUR, "access", out);
    lifetime(cx, &setting.entry("REFRESH_TOKEN_LIFETIME"), 30 * DAY, "refresh", out);

    let rotate = setting.entry("ROTATE_REFRESH_TOKENS");
    let blacklist = setting.entry("BLACKLIST_AFTER_ROTATION");
    let installed = cx.has_app(BLACKLIST);
    let message = "`BLACKLIST_AFTER_ROTATION` does nothing: the blacklist is not installed";
    out.judge(cx, &RULE, &blacklist, rotate.truthy() & blacklist.truthy() & !installed, message)
        .help(format!("add `\"{BLACKLIST}\"` to `INSTALLED_APPS`"))
        .done();
    let message = "refresh tokens are replaced, but the old ones stay valid";
    out.judge(cx, &RULE, &rotate, rotate.truthy() & blacklist.falsy(), message)
        .rated(Severity::Low)
        .help("set `BLACKLIST_AFTER_ROTATION` to `True`, and install the blacklist")
        .done();
}

fn lifetime(cx: &Cx<'_>, setting: &SettingRef<'_>, most: i64, kind: &str, out: &mut Findings) {
    for part in setting.alternatives() {
        let Data::Delta(time) = part.data else { continue };
        if time <= most {
            continue;
        }
        let very = time > DAY.max(most * 6);
        let message = format!("{kind} tokens work for {} after they are stolen", words(time));
        out.judge(cx, &RULE, setting, part.when, message)
            .rated(if very { Severity::Medium } else { Severity::Low })
            .at(part.span)
            .help(format!("lower `{}_TOKEN_LIFETIME`", kind.to_ascii_uppercase()))
            .done();
    }
}

/// A time in whole hours or days.
fn words(microseconds: i64) -> String {
    match (microseconds / DAY, microseconds / HOUR) {
        (days @ 2.., _) => format!("{days} days"),
        (_, hours @ 2..) => format!("{hours} hours"),
        _ => "more than an hour".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, words};

    #[test]
    fn times_are_told_in_the_largest_unit_that_fits() {
        assert_eq!(words(365 * DAY), "365 days");
        assert_eq!(words(24 * HOUR), "24 hours");
        assert_eq!(words(HOUR + 1), "more than an hour");
    }
}
