use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use super::views::{self, Own, VIEWS, survey};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a Django REST framework that limits no client: no throttle class by default, or one that
    /// has no rate.
    ///
    /// ## Why it matters
    /// Without a limit, one client may guess tokens and codes, or ask for expensive answers, as fast as
    /// it likes. A throttle class without a rate in `DEFAULT_THROTTLE_RATES` looks like a limit, and
    /// lets everything through.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],  # finding
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"anon": "60/min"},
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Set both `DEFAULT_THROTTLE_CLASSES` and `DEFAULT_THROTTLE_RATES`, and stricter ones on views
    /// that check passwords, codes or tokens.
    ///
    /// ## Limits
    /// Limits of a gateway or a web server do not show here. Nothing is said when the project has no
    /// API views, or all have throttles of their own.
    ///
    /// ## References
    /// - [DRF: throttling](https://www.django-rest-framework.org/api-guide/throttling/)
    RULE {
        id: "drf-throttling-missing",
        group: "api",
        summary: "the API limits no client",
        severity: Low,
        cwe: [770],
        owasp: ["2025:A06"],
        asvs: ["5.0:2.4.1"],
        checklist: ["login-throttled"],
        since: "next",
        checks: [
            Check::Setting(&["REST_FRAMEWORK"], missing),
            Check::Setting(&["REST_FRAMEWORK"], without_rate),
        ],
    }
}

const THROTTLES: Own = Own {
    attributes: &["throttle_classes", "get_throttles", "check_throttles"],
    decorator: "throttle_classes",
    bases: VIEWS,
};

fn missing(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_THROTTLE_CLASSES");
    let none = classes.falsy() & cx.uses_app("rest_framework");
    if none.is_never() {
        return;
    }
    let views = survey(cx, &THROTTLES);
    let Some(words) = views.words() else { return };
    let rates = setting.entry("DEFAULT_THROTTLE_RATES").truthy() & none;
    let message = if views.own > 0 {
        format!("some API views limit no client: {words}")
    } else if rates.surely().is_never() {
        format!("the API limits no client: {words}")
    } else {
        format!("`DEFAULT_THROTTLE_RATES` limits nothing without throttle classes: {words}")
    };
    out.judge(cx, &RULE, &classes, none, message)
        .at(views::default_place(cx, setting))
        .help("set `DEFAULT_THROTTLE_CLASSES` and `DEFAULT_THROTTLE_RATES`")
        .done();
}

fn without_rate(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let classes = setting.entry("DEFAULT_THROTTLE_CLASSES");
    let rates = setting.entry("DEFAULT_THROTTLE_RATES");
    for (class, scope) in [("AnonRateThrottle", "anon"), ("UserRateThrottle", "user")] {
        let path = format!("rest_framework.throttling.{class}");
        // A derived class may bring its own rate.
        let listed = classes.any(|data| match data {
            Data::Sym(_) => None,
            other => Some(crate::classes::dotted(other) == Some(&*path)),
        });
        // A dict of rates without the scope fails loudly; DRF's own has `None`.
        let rate = rates.entry(scope);
        let none = rates.is_absent() | rate.is(|data| Some(*data == Data::None));
        let message = format!("`{class}` limits nothing: it has no rate");
        out.judge(cx, &RULE, &classes, listed & none & cx.uses_app("rest_framework"), message)
            .rated(Severity::Medium)
            .at(classes.element_span(listed, |data| crate::classes::dotted(data) == Some(&*path)))
            .help(format!("give `DEFAULT_THROTTLE_RATES` a rate for `{scope}`"))
            .done();
    }
}
