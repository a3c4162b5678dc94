use djsec_base::{Finding, Severity};
use djsec_django::middleware::SECURITY;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

/// Half a year: what scanners ask for at least.
const SHORT: i64 = 15_768_000;
/// A year: what ASVS and the preload list ask for.
const YEAR: i64 = 31_536_000;

declare_rule! {
    /// ## What it does
    /// Finds an HSTS policy that protects less than it could: it lasts under half a year, it
    /// leaves out subdomains, or it asks for preloading without meeting the list's conditions.
    ///
    /// ## Why it matters
    /// After `SECURE_HSTS_SECONDS`, browsers forget the policy; a visitor who returns later begins on plain
    /// HTTP again. Without `includeSubDomains`, somebody on the way can invent `http://a.example.com` and from
    /// there set cookies for the whole domain. The preload list takes only policies of a year or
    /// more with subdomains.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_HSTS_SECONDS = 3600  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_HSTS_SECONDS = 60 * 60 * 24 * 200
    /// SECURE_HSTS_PRELOAD = True  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    /// SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    /// SECURE_HSTS_PRELOAD = True
    /// ```
    /// ```python settings.py
    /// # Without any HSTS there is no policy to strengthen: hsts-missing says so.
    /// SECURE_HSTS_SECONDS = 0
    /// SECURE_HSTS_INCLUDE_SUBDOMAINS = False
    /// ```
    ///
    /// ## How to fix
    /// Raise `SECURE_HSTS_SECONDS` step by step to 31536000, then set
    /// `SECURE_HSTS_INCLUDE_SUBDOMAINS = True` once all subdomains speak HTTPS.
    ///
    /// ## Limits
    /// That `SECURE_HSTS_PRELOAD` is off is for information, as Django mentions it (`security.W021`):
    /// being on the list cannot be undone for months, so it is the owner's decision.
    ///
    /// ## References
    /// - [Django: SECURE_HSTS_SECONDS](https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-seconds)
    /// - [The conditions of the preload list](https://hstspreload.org/#submission-requirements)
    RULE {
        id: "hsts-weak-policy",
        group: "transport",
        summary: "the HSTS policy is short or leaves hosts out",
        severity: Low,
        cwe: [319],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.1"],
        checklist: ["hsts-enabled"],
        django: ["security.W005", "security.W021"],
        since: "next",
        checks: [
            Check::Setting(&["SECURE_HSTS_SECONDS"], age),
            Check::Setting(&["SECURE_HSTS_INCLUDE_SUBDOMAINS"], subdomains),
            Check::Setting(&["SECURE_HSTS_PRELOAD"], preload),
            Check::Settings(proxy),
        ],
    }
}

/// The worlds in which HSTS is sent.
fn sent<'a>(cx: &Cx<'a>) -> Cond<'a> {
    cx.setting("SECURE_HSTS_SECONDS").truthy() & cx.project.security_middleware()
}

fn seconds(data: &Data) -> Option<i64> {
    match data {
        Data::Str(text) => text.trim().parse().ok(),
        Data::Int(age) => Some(*age),
        _ => None,
    }
}

fn shorter<'a>(setting: &SettingRef<'a>, limit: i64) -> Cond<'a> {
    setting.is(|data| seconds(data).map(|age| age > 0 && age < limit))
}

fn age(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let shown = setting
        .value()
        .alts
        .iter()
        .find_map(|alt| seconds(&alt.data).filter(|age| *age > 0 && *age < SHORT));
    let Some(shown) = shown else { return };
    out.judge(
        cx,
        &RULE,
        setting,
        shorter(setting, SHORT).surely() & cx.project.security_middleware(),
        format!(
            "browsers forget the HSTS policy after {}, so a visitor who returns later begins on plain \
             HTTP again",
            duration(shown)
        ),
    )
    .help("raise `SECURE_HSTS_SECONDS` step by step to a year (31536000)")
    .done();
}

/// The policy that a proxy sends where Django sends none.
fn proxy(cx: &Cx<'_>, out: &mut Findings) {
    if !sent(cx).is_never() {
        return;
    }
    for hsts in cx.edges().filter_map(|edge| edge.hsts.as_ref()) {
        let age = hsts.max_age.and_then(|age| i64::try_from(age).ok());
        let message = match age {
            Some(age) if age > 0 && age < SHORT => format!(
                "browsers forget the HSTS policy after {}, so a visitor who returns later begins on \
                 plain HTTP again",
                duration(age)
            ),
            Some(age) if age > 0 && !hsts.include_subdomains => {
                "the HSTS policy leaves out subdomains, from which cookies can be planted"
                    .to_owned()
            }
            _ => continue,
        };
        let subject = "Strict-Transport-Security";
        let finding = Finding::new(&RULE.meta, hsts.span.into(), subject, message)
            .help("send `max-age=31536000; includeSubDomains` once every subdomain speaks HTTPS");
        out.report(finding).done();
    }
}

fn duration(seconds: i64) -> String {
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

fn subdomains(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let preload = cx.setting("SECURE_HSTS_PRELOAD").truthy().is_always();
    let extra =
        if preload { ", and the preload list refuses a policy that leaves them out" } else { "" };
    let django = !cx.has_middleware(SECURITY).is_never();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.falsy() & sent(cx),
        format!("the HSTS policy leaves out subdomains, from which cookies can be planted{extra}"),
    )
    .help("set it to `True` once every subdomain speaks HTTPS")
    .django_check_if(django, "security.W005")
    .fix(cx.set(setting, "Include subdomains", "True"))
    .done();
    if django {
        out.judge_truthy_switch(cx, &RULE, setting, sent(cx), "security.W005");
    }
}

fn preload(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let age = cx.setting("SECURE_HSTS_SECONDS");
    // A policy under half a year is reported for that.
    let under_a_year = shorter(&age, YEAR) & !shorter(&age, SHORT);
    out.judge(
        cx,
        &RULE,
        setting,
        setting.truthy() & under_a_year & sent(cx),
        "the preload list refuses a policy of less than a year, so `preload` is without effect",
    )
    .help("set `SECURE_HSTS_SECONDS = 31536000`, or leave `preload` off")
    .done();
    let django = !cx.has_middleware(SECURITY).is_never();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.falsy() & sent(cx),
        "the site does not ask for a place on the browsers' preload list, so a first visit may begin on \
         plain HTTP",
    )
    .severity(Severity::Info)
    .help("read the list's conditions first: a place on it cannot be given up for months")
    .django_check_if(django, "security.W021")
    .done();
    if django {
        out.judge_truthy_switch(cx, &RULE, setting, sent(cx), "security.W021");
    }
}
