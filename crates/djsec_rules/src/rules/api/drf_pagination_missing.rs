use djsec_django::settings::SettingRef;

use super::views::{self, LISTS, survey};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds list views of an API that answer with every row: no pagination class by default, or only
    /// a `PAGE_SIZE`, which does nothing alone.
    ///
    /// ## Why it matters
    /// The answer grows with the table. One request for a large list takes a worker and its memory, and
    /// a few of them take the site; it is also the fastest way to copy everything.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {"PAGE_SIZE": 50}  # finding
    /// ```
    /// ```python views.py
    /// from rest_framework.viewsets import ModelViewSet
    ///
    ///
    /// class Orders(ModelViewSet):
    ///     queryset = Order.objects.all()
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    ///     "PAGE_SIZE": 50,
    /// }
    /// ```
    /// ```python views.py
    /// from rest_framework.viewsets import ModelViewSet
    ///
    ///
    /// class Orders(ModelViewSet):
    ///     queryset = Order.objects.all()
    /// ```
    ///
    /// ## How to fix
    /// Set `DEFAULT_PAGINATION_CLASS` and `PAGE_SIZE`; views of small fixed lists may set
    /// `pagination_class = None`.
    ///
    /// ## Limits
    /// Only generic list views and view sets that set no `pagination_class` count. Small tables need no
    /// pages: djsec does not know how many rows there are.
    ///
    /// ## References
    /// - [DRF: pagination](https://www.django-rest-framework.org/api-guide/pagination/)
    RULE {
        id: "drf-pagination-missing",
        group: "api",
        summary: "API lists answer with every row",
        severity: Low,
        cwe: [770],
        owasp: ["2025:A06"],
        checklist: ["api-defaults-closed"],
        django: ["rest_framework.W001"],
        since: "next",
        checks: [Check::Setting(&["REST_FRAMEWORK"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let class = setting.entry("DEFAULT_PAGINATION_CLASS");
    let size = setting.entry("PAGE_SIZE");
    let none = class.falsy() & cx.uses_app("rest_framework");
    if none.is_never() {
        return;
    }
    let Some(words) = survey(cx, &LISTS).words() else { return };
    let alone = !(size.truthy() & none).surely().is_never();
    let message = if alone {
        format!("`PAGE_SIZE` has no effect alone, and lists answer with every row: {words}")
    } else {
        format!("lists answer with every row: {words}")
    };
    let subject = if alone { &size } else { &class };
    out.judge(cx, &RULE, subject, none, message)
        .at(views::default_place(cx, setting))
        .django_check_if(alone, "rest_framework.W001")
        .help("set `DEFAULT_PAGINATION_CLASS` and `PAGE_SIZE`")
        .done();
}
