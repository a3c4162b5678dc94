use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds security settings of a type that takes their effect: one text where a list belongs, and
    /// texts or truth values where a number of seconds or bytes belongs.
    ///
    /// ## Why it matters
    /// Python makes something of it. A text is a list of its characters: `SECURE_REDIRECT_EXEMPT =
    /// "health/"` exempts every path with an `h` in it from the redirect to HTTPS. `in` on a text
    /// looks for parts of it. `SECURE_HSTS_SECONDS = True` sends `max-age=True`, which browsers ignore.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_REDIRECT_EXEMPT = r"^health/$"  # finding
    /// SECURE_HSTS_SECONDS = True  # finding
    /// ```
    /// ```python settings.py
    /// SESSION_COOKIE_AGE = "3600"  # finding
    /// ```
    /// A comma is missing:
    /// ```python settings.py
    /// CSRF_TRUSTED_ORIGINS = ("https://shop.example.com")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    /// SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    /// ```
    /// ```python settings.py
    /// CSRF_TRUSTED_ORIGINS = ("https://shop.example.com",)
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SESSION_COOKIE_AGE = int(os.environ.get("SESSION_AGE", "3600"))
    /// ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
    /// ```
    ///
    /// ## How to fix
    /// Write the list, or the number, that the setting's documentation asks for.
    ///
    /// ## References
    /// - [Django: settings](https://docs.djangoproject.com/en/stable/ref/settings/)
    RULE {
        id: "setting-wrong-type",
        group: "settings",
        summary: "a security setting has a type that takes its effect",
        severity: Medium,
        cwe: [704],
        owasp: ["2025:A02"],
        checklist: ["production-settings-known"],
        since: "next",
        checks: [
            Check::Setting(
                &[
                    "ALLOWED_HOSTS",
                    "AUTHENTICATION_BACKENDS",
                    "CORS_ALLOWED_ORIGINS",
                    "CORS_ALLOWED_ORIGIN_REGEXES",
                    "CSRF_TRUSTED_ORIGINS",
                    "INTERNAL_IPS",
                    "MIDDLEWARE",
                    "PASSWORD_HASHERS",
                    "SECRET_KEY_FALLBACKS",
                    "SECURE_REDIRECT_EXEMPT",
                    "SILENCED_SYSTEM_CHECKS",
                ],
                check_list
            ),
            Check::Setting(
                &[
                    "CSRF_COOKIE_AGE",
                    "DATA_UPLOAD_MAX_MEMORY_SIZE",
                    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
                    "DATA_UPLOAD_MAX_NUMBER_FILES",
                    "FILE_UPLOAD_MAX_MEMORY_SIZE",
                    "FILE_UPLOAD_PERMISSIONS",
                    "PASSWORD_RESET_TIMEOUT",
                    "SECURE_HSTS_SECONDS",
                    "SESSION_COOKIE_AGE",
                ],
                check_number
            ),
        ],
    }
}

fn check_list(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !setting.explicit {
        return;
    }
    let name = &setting.path;
    let text = setting.is(|data| Some(matches!(data, Data::Str(text) if !text.is_empty())));
    let (effect, severity) = match &**name {
        "ALLOWED_HOSTS" | "SECRET_KEY_FALLBACKS" => {
            ("Django refuses to start".to_owned(), Severity::Low)
        }
        "INTERNAL_IPS" | "SILENCED_SYSTEM_CHECKS" => {
            ("every part of it counts as an entry".to_owned(), Severity::Medium)
        }
        "SECURE_REDIRECT_EXEMPT" => (
            "each of its characters is a pattern, and nearly every path is exempt from the redirect to HTTPS"
                .to_owned(),
            Severity::Medium,
        ),
        _ => ("each of its characters is taken for an entry".to_owned(), Severity::Medium),
    };
    let message = format!("`{name}` is one text where a list belongs: {effect}");
    let span = setting.span_when(text);
    let literal = span.filter(|span| cx.files.slice(*span).starts_with(['"', '\'']));
    let report = out
        .judge(cx, &RULE, setting, text, message)
        .at_most(severity)
        .django_check_if(&**name == "CSRF_TRUSTED_ORIGINS" && cx.django_at_least(4, 0), "4_0.E001")
        .help("put the text into a list; a tuple of one needs a comma");
    match literal {
        Some(span) => {
            let list = format!("[{}]", cx.files.slice(span));
            report.replace("Put it into a list", list).done();
        }
        None => report.done(),
    }
}

fn check_number(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !setting.explicit {
        return;
    }
    let name = &setting.path;
    let hsts = &**name == "SECURE_HSTS_SECONDS";
    let text = setting.is(|data| Some(matches!(data, Data::Str(text) if !text.is_empty())));
    if !hsts {
        let message =
            format!("`{name}` is a text where a number belongs: requests that need it fail");
        let number = setting.value().single().and_then(|alt| match &alt.data {
            Data::Str(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
                Some(text.to_string())
            }
            _ => None,
        });
        let report = out
            .judge(cx, &RULE, setting, text, message)
            .severity(Severity::Low)
            .help("write the number without quotes");
        match number {
            Some(number) => report.replace("Write the number", number).done(),
            None => report.done(),
        }
    }
    let on = setting.is(|data| Some(*data == Data::Bool(true)));
    let message = if hsts {
        "`SECURE_HSTS_SECONDS = True` sends `max-age=True`, which browsers ignore: there is no HSTS"
            .to_owned()
    } else {
        format!("`{name}` is `True`, which counts as 1")
    };
    out.judge(cx, &RULE, setting, on, message).help("write a number").done();
}
