use std::collections::BTreeSet;

use djsec_base::{Fix, Severity};
use djsec_django::settings::SettingRef;
use djsec_django::views::Purpose;
use djsec_python::value::Data;

use super::views::{self, Own, VIEWS, survey_but};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a Django REST framework whose views are open to everybody unless they say otherwise:
    /// `DEFAULT_PERMISSION_CLASSES` is missing, empty, or `AllowAny`.
    ///
    /// ## Why it matters
    /// `AllowAny` is DRF's own default. A view whose author forgets `permission_classes` then serves
    /// its data to anybody, and nothing fails that would tell.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {"PAGE_SIZE": 50}  # finding
    /// ```
    /// ```python views.py
    /// from rest_framework.generics import ListAPIView
    ///
    ///
    /// class OrderList(ListAPIView):
    ///     pass
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Set `DEFAULT_PERMISSION_CLASSES` to `["rest_framework.permissions.IsAuthenticated"]`, and write
    /// `permission_classes = [AllowAny]` in the views that are meant for everybody.
    ///
    /// ## Fix safety
    /// With the fix, views without `permission_classes` ask for a login, also those that should not.
    ///
    /// ## Limits
    /// Medium when most views say otherwise, and for information only when all do.
    ///
    /// ## References
    /// - [DRF: setting the permission policy](https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy)
    RULE {
        id: "drf-default-permission-open",
        group: "api",
        summary: "API views are open to everybody unless they say otherwise",
        severity: High,
        cwe: [1188, 862],
        owasp: ["2025:A01", "2025:A02"],
        asvs: ["5.0:8.2.1"],
        checklist: ["api-defaults-closed", "views-require-auth"],
        since: "next",
        checks: [Check::Setting(&["REST_FRAMEWORK"], check)],
    }
}

const ALLOW_ANY: &str = "rest_framework.permissions.AllowAny";
const PERMISSIONS: Own = Own {
    attributes: &["permission_classes", "get_permissions", "check_permissions"],
    decorator: "permission_classes",
    bases: VIEWS,
};

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_PERMISSION_CLASSES");
    // A view is open when every class lets everybody in.
    let closed = classes.any(|data| cx.is_class(data, &[ALLOW_ANY]).map(|open| !open));
    let text = classes.is(|data| Some(matches!(data, Data::Str(_))));
    let open = !closed & !text & cx.uses_app("rest_framework");
    if open.is_never() {
        return;
    }
    let views = survey_but(cx, &PERMISSIONS, meant(cx));
    let (severity, message) = match views.words() {
        Some(words) => (
            // Where nearly all say otherwise, the few are likely meant for everybody.
            if views.count * 4 < views.own { Severity::Medium } else { Severity::High },
            format!("API views are open to everybody unless they say otherwise: {words}"),
        ),
        None => (
            Severity::Info,
            "API views are open to everybody unless they say otherwise; none relies on that now"
                .to_owned(),
        ),
    };
    out.judge(cx, &RULE, &classes, open, message)
        .rated(severity)
        .at(views::default_place(cx, setting))
        .help("let `DEFAULT_PERMISSION_CLASSES` be `[\"rest_framework.permissions.IsAuthenticated\"]`")
        .fix(closing(cx, setting, &classes))
        .done();
}

/// The views that are there for everybody by what they do: a webhook that checks a signature, a login.
fn meant(cx: &Cx<'_>) -> BTreeSet<String> {
    let public = |endpoint: &Endpoint<'_>| {
        endpoint.purpose().is_some_and(|purpose| purpose != Purpose::Published)
    };
    cx.endpoints().filter(public).map(|endpoint| endpoint.view.dotted.clone()).collect()
}

fn closing(cx: &Cx<'_>, setting: &SettingRef<'_>, classes: &SettingRef<'_>) -> Option<Fix> {
    let title = "Ask for a login by default";
    let literal = "[\"rest_framework.permissions.IsAuthenticated\"]";
    if classes.is_absent().is_always() {
        return cx.add_entry(setting, title, "DEFAULT_PERMISSION_CLASSES", literal);
    }
    let span = classes.value().single()?.span?;
    cx.files.slice(span).starts_with(['[', '(']).then(|| Fix::unsafe_replace(title, span, literal))
}
