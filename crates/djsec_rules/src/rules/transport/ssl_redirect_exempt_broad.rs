use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECURE_REDIRECT_EXEMPT` that exempts nearly every path from the redirect to HTTPS.
    ///
    /// ## Why it matters
    /// Each entry is a regular expression that is *searched* in the path, not matched from its
    /// beginning to its end. `".*"` and `""` are found in every path. The redirect then looks switched
    /// on and does nothing.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_REDIRECT_EXEMPT = [".*"]  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_REDIRECT_EXEMPT = [r"^healthz/$", ""]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^\.well-known/acme-challenge/"]
    /// ```
    ///
    /// ## How to fix
    /// Name the few paths that must answer over plain HTTP, anchored: `[r"^healthz/$"]`. Paths have no
    /// leading slash here.
    ///
    /// ## Limits
    /// A text in place of the list, which Django takes letter by letter, is reported by
    /// setting-wrong-type.
    ///
    /// ## References
    /// - [Django: SECURE_REDIRECT_EXEMPT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-redirect-exempt)
    RULE {
        id: "ssl-redirect-exempt-broad",
        group: "transport",
        summary: "the redirect to HTTPS exempts nearly every path",
        severity: Medium,
        cwe: [319],
        owasp: ["2025:A02"],
        asvs: ["5.0:12.2.1"],
        checklist: ["https-enforced"],
        since: "next",
        checks: [Check::Setting(&["SECURE_REDIRECT_EXEMPT"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let redirects = cx.setting("SECURE_SSL_REDIRECT").truthy() & cx.project.security_middleware();
    let redirects = redirects.possibly();
    for part in setting.elements() {
        let Data::Str(pattern) = &part.data else { continue };
        if finds_everything(pattern) {
            out.judge(
                cx,
                &RULE,
                setting,
                part.when & redirects,
                format!("{pattern:?} is found in every path, so nothing is redirected to HTTPS"),
            )
            .at(part.span)
            .help("name the few paths that must answer over plain HTTP, as in `r\"^healthz/$\"`")
            .done();
        }
    }
}

/// Whether a regular expression is found in every path, for the shapes people write: nothing but
/// anchors and "anything".
fn finds_everything(pattern: &str) -> bool {
    let bare = pattern.trim_start_matches('^').trim_end_matches('$').trim_matches(['(', ')']);
    // `^$` is the home page alone.
    if bare.is_empty() {
        return !(pattern.starts_with('^') && pattern.ends_with('$'));
    }
    matches!(bare, ".*" | ".*?" | ".+" | "." | ".*/" | "/.*" | ".*/.*" | "/?.*" | "\\S*" | "[^ ]*")
        && !(bare.contains('/') && pattern.starts_with("^/"))
}
