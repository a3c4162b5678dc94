use djsec_base::Severity;
use djsec_django::middleware::FRAME;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds an `X_FRAME_OPTIONS` that is neither `DENY` nor `SAMEORIGIN`.
    ///
    /// ## Why it matters
    /// Browsers know only these two. `ALLOW-FROM` was dropped by all of them, `ALLOWALL` never was a value, and a
    /// header they do not know is a header that is not there: any site may show this one in a frame
    /// and make users click on it unawares.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// X_FRAME_OPTIONS = "ALLOWALL"  # finding
    /// ```
    /// ```python settings.py
    /// X_FRAME_OPTIONS = "ALLOW-FROM https://partner.example"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// X_FRAME_OPTIONS = "DENY"
    /// ```
    ///
    /// ## How to fix
    /// Use `"DENY"` or `"SAMEORIGIN"`. To let certain sites in, send a content security policy with
    /// `frame-ancestors`; browsers then do not look at `X-Frame-Options`.
    ///
    /// ## Limits
    /// `SAMEORIGIN` is a sound choice. Django's check demands `DENY` in capitals (`security.W019`), so
    /// other spellings of the two are mentioned for information. Where an enforced policy has
    /// `frame-ancestors`, a wrong value is for information too.
    ///
    /// ## References
    /// - [Django: X_FRAME_OPTIONS](https://docs.djangoproject.com/en/stable/ref/settings/#x-frame-options)
    /// - [MDN: X-Frame-Options](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Frame-Options)
    RULE {
        id: "x-frame-options-weak",
        group: "headers",
        summary: "browsers ignore the X-Frame-Options header",
        severity: Medium,
        cwe: [1021],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.6"],
        checklist: ["clickjacking-blocked"],
        django: ["security.W019"],
        since: "next",
        checks: [Check::Setting(&["X_FRAME_OPTIONS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.proxy_sends("X-Frame-Options") || cx.proxy_sends("frame-ancestors") {
        return;
    }
    let active = cx.project.frame_middleware();
    let django = !cx.has_middleware(FRAME).is_never();
    let covered = cx.project.frame_ancestors();
    let works = setting.is(|data| {
        Some(data.as_str().is_some_and(|text| {
            text.eq_ignore_ascii_case("DENY") || text.eq_ignore_ascii_case("SAMEORIGIN")
        }))
    });
    let crashes = setting.is(|data| Some(!matches!(data, Data::Str(_) | Data::Absent)));
    out.judge(
        cx,
        &RULE,
        setting,
        !works & !crashes & active & !covered,
        "browsers do not know this value, so any site may show this one in a frame",
    )
    .help("use `\"DENY\"` or `\"SAMEORIGIN\"`")
    .django_check_if(django, "security.W019")
    .fix(cx.set(setting, "Refuse to be framed", "\"DENY\""))
    .done();
    out.judge(
        cx,
        &RULE,
        setting,
        crashes & active,
        "every response fails: the middleware needs a text here",
    )
    .help("use `\"DENY\"` or `\"SAMEORIGIN\"`; to send no header, remove `XFrameOptionsMiddleware`")
    .django_check_if(django, "security.W019")
    .fix(cx.set(setting, "Refuse to be framed", "\"DENY\""))
    .done();
    let other = setting.is(|data| Some(matches!(data, Data::Str(text) if &**text != "DENY")));
    out.judge(
        cx,
        &RULE,
        setting,
        (other & active & (works | covered)).surely(),
        "`X_FRAME_OPTIONS` is not `\"DENY\"`, which Django's deployment check asks for",
    )
    .severity(Severity::Info)
    .help("`SAMEORIGIN` is a sound choice where the site frames itself; otherwise use `\"DENY\"`")
    .django_check_if(django, "security.W019")
    .done();
}
