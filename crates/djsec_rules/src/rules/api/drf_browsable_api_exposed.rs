use djsec_django::settings::SettingRef;

use super::views::{self, Own, VIEWS, survey};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a production API that answers browsers with DRF's browsable pages.
    ///
    /// ## Why it matters
    /// The pages show everybody how the API is built: its addresses, the fields it takes, and forms
    /// with the choices of related objects, which are read from the database for each page. Browsers
    /// have no need of them in production.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]  # finding
    /// ```
    /// ```python views.py
    /// from rest_framework.views import APIView
    ///
    ///
    /// class Stock(APIView):
    ///     def get(self, request): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
    /// if DEBUG:
    ///     REST_FRAMEWORK["DEFAULT_RENDERER_CLASSES"].append(
    ///         "rest_framework.renderers.BrowsableAPIRenderer"
    ///     )
    /// ```
    ///
    /// ## How to fix
    /// Set `DEFAULT_RENDERER_CLASSES` to `["rest_framework.renderers.JSONRenderer"]`, and add
    /// `BrowsableAPIRenderer` under `if DEBUG:`.
    ///
    /// ## References
    /// - [DRF: the browsable API](https://www.django-rest-framework.org/topics/browsable-api/)
    RULE {
        id: "drf-browsable-api-exposed",
        group: "api",
        summary: "the API explains itself to browsers in production",
        severity: Info,
        cwe: [200],
        owasp: ["2025:A02"],
        checklist: ["api-defaults-closed"],
        since: "next",
        checks: [Check::Setting(&["REST_FRAMEWORK"], check)],
    }
}

const BROWSABLE: &[&str] =
    &["rest_framework.renderers.BrowsableAPIRenderer", "rest_framework.renderers.AdminRenderer"];
const RENDERERS: Own = Own {
    attributes: &["renderer_classes", "get_renderers"],
    decorator: "renderer_classes",
    bases: VIEWS,
};

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_RENDERER_CLASSES");
    let listed = classes.any(|data| cx.is_class(data, BROWSABLE));
    let when = (listed | classes.is_absent()) & cx.uses_app("rest_framework");
    if when.is_never() {
        return;
    }
    let Some(words) = survey(cx, &RENDERERS).words() else { return };
    let message = format!("the API explains itself to every browser: {words}");
    let place = classes
        .element_span(when, |data| cx.is_class(data, BROWSABLE) == Some(true))
        .or_else(|| views::default_place(cx, setting));
    out.judge(cx, &RULE, &classes, when, message)
        .at(place)
        .help("keep `BrowsableAPIRenderer` for development")
        .done();
}
