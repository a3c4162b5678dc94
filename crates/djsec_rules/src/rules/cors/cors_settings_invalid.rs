use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::{Data, ObjectKind};

use super::policy;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds values in the settings of django-cors-headers that its own system checks refuse: wrong
    /// types, origins without a scheme or with a path, settings that no longer exist.
    ///
    /// ## Why it matters
    /// Such a value does something else than it says. An origin with a path or without a scheme never
    /// matches; one string in place of a list is taken apart into its characters; the text `"False"`
    /// counts as on.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["corsheaders"]
    /// CORS_ALLOWED_ORIGINS = [
    ///     "https://app.example.com",
    ///     "www.example.com",  # finding
    ///     "https://example.com/",  # finding
    /// ]
    /// CORS_ALLOW_CREDENTIALS = "False"  # finding
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["corsheaders"]
    /// CORS_ALLOWED_ORIGINS = "https://app.example.com"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import re
    ///
    /// INSTALLED_APPS += ["corsheaders"]
    /// CORS_ALLOWED_ORIGINS = ("https://app.example.com", "null", "capacitor://localhost")
    /// CORS_ALLOWED_ORIGIN_REGEXES = [re.compile(r"^https://\w+\.example\.com$")]
    /// CORS_ALLOW_HEADERS = ["authorization"]
    /// CORS_PREFLIGHT_MAX_AGE = 0
    /// ```
    ///
    /// ## How to fix
    /// Write origins as scheme and host (`https://app.example.com`), lists as lists, and switches as
    /// `True` or `False`.
    ///
    /// ## References
    /// - [django-cors-headers: configuration](https://github.com/adamchainz/django-cors-headers#configuration)
    RULE {
        id: "cors-settings-invalid",
        group: "cors",
        summary: "a CORS setting does not mean what it says",
        severity: Low,
        cwe: [1284],
        owasp: ["2025:A02"],
        checklist: ["cors-restricted"],
        django: [
            "corsheaders.E001", "corsheaders.E002", "corsheaders.E003", "corsheaders.E004",
            "corsheaders.E005", "corsheaders.E006", "corsheaders.E007", "corsheaders.E008",
            "corsheaders.E009", "corsheaders.E012", "corsheaders.E013", "corsheaders.E014",
            "corsheaders.E015",
        ],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let origins = policy::origins(cx);
    let patterns = policy::patterns(cx);
    for (setting, id) in [
        (cx.setting("CORS_ALLOW_CREDENTIALS"), "corsheaders.E003"),
        (policy::allow_all(cx), "corsheaders.E005"),
        (cx.setting("CORS_ALLOW_PRIVATE_NETWORK"), "corsheaders.E015"),
    ] {
        let wrong = setting.is(|data| Some(!matches!(data, Data::Bool(_) | Data::Absent)));
        report(cx, &setting, wrong, "is not `True` or `False`, and any text counts as on", id, out);
    }
    for (setting, id) in [
        (cx.setting("CORS_ALLOW_HEADERS"), "corsheaders.E001"),
        (cx.setting("CORS_ALLOW_METHODS"), "corsheaders.E002"),
        (origins.clone(), "corsheaders.E006"),
        (patterns, "corsheaders.E007"),
        (cx.setting("CORS_EXPOSE_HEADERS"), "corsheaders.E008"),
    ] {
        let wrong = not_texts(&setting, id == "corsheaders.E007");
        report(cx, &setting, wrong, "is not a list of strings", id, out);
    }
    let age = cx.setting("CORS_PREFLIGHT_MAX_AGE");
    let wrong = age.is(|data| match data {
        Data::Absent => Some(false),
        other => Some(other.as_int().is_none_or(|seconds| seconds < 0)),
    });
    report(cx, &age, wrong, "is not a number of seconds", "corsheaders.E004", out);
    let urls = cx.setting("CORS_URLS_REGEX");
    let wrong = urls.is(|data| Some(!matches!(data, Data::Absent) && !is_pattern(data)));
    report(cx, &urls, wrong, "is not a pattern", "corsheaders.E009", out);
    for (name, id) in
        [("CORS_MODEL", "corsheaders.E012"), ("CORS_REPLACE_HTTPS_REFERER", "corsheaders.E013")]
    {
        let setting = cx.setting(name);
        let gone = (!setting.is_absent()).surely();
        report(cx, &setting, gone, "no longer exists, and has no effect", id, out);
    }
    let one = origins.is(|data| Some(matches!(data, Data::Str(text) if !text.is_empty())));
    let text = "is one string instead of a list: each character is taken for an origin";
    report(cx, &origins, one, text, "corsheaders.E013", out);
    each_origin(cx, &origins, out);
}

fn report(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    wrong: Cond<'_>,
    what: &str,
    id: &'static str,
    out: &mut Findings,
) {
    let when = (wrong & cx.uses_app("corsheaders")).surely();
    out.judge(cx, &RULE, setting, when, format!("`{}` {what}", setting.path))
        .django_check(id)
        .done();
}

/// In which worlds a value is no sequence of strings (or of patterns).
fn not_texts<'a>(setting: &SettingRef<'a>, patterns: bool) -> Cond<'a> {
    let shape = setting.is(|data| {
        Some(!matches!(data, Data::List(_) | Data::Tuple(_) | Data::Str(_) | Data::Absent))
    });
    let element = setting.any(|data| match data {
        Data::Sym(_) => None,
        Data::Str(_) => Some(false),
        other => Some(!(patterns && is_pattern(other))),
    });
    shape | element
}

fn is_pattern(data: &Data) -> bool {
    match data {
        Data::Str(_) => true,
        // A compiled pattern, or something that only looks like an object to djsec.
        Data::Object(object) => object.kind == ObjectKind::Instance,
        _ => false,
    }
}

fn each_origin(cx: &Cx<'_>, origins: &SettingRef<'_>, out: &mut Findings) {
    for part in origins.elements() {
        let Data::Str(origin) = &part.data else { continue };
        let Some((problem, id)) = problem(origin) else { continue };
        let message = format!("the origin `{origin}` {problem}, so it matches no site");
        let when = (part.when & cx.uses_app("corsheaders")).surely();
        let help = "write scheme and host: `https://app.example.com`";
        out.judge(cx, &RULE, origins, when, message)
            .django_check(id)
            .at(part.span)
            .help(help)
            .done();
    }
}

/// What django-cors-headers says of an origin.
fn problem(origin: &str) -> Option<(&'static str, &'static str)> {
    if matches!(origin, "null" | "file://") {
        return None;
    }
    let missing = Some(("has no scheme or no host", "corsheaders.E013"));
    let Some((scheme, rest)) = origin.split_once("://") else { return missing };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (Some(host), Some(tail)) = (rest.get(..end), rest.get(end..)) else { return missing };
    if host.is_empty() || !is_scheme(scheme) {
        return missing;
    }
    // `urlsplit` drops an empty query and an empty fragment.
    (!matches!(tail, "" | "?" | "#"))
        .then_some(("has more than scheme and host", "corsheaders.E014"))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}
