use std::collections::BTreeSet;

use djsec_base::Span;
use djsec_django::settings::SettingRef;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};
use djsec_python::value::Data;

use super::views::{self, LISTS, survey};
use crate::own::{Kind, OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds pagination of Django REST framework that lets the client choose how many rows a page has, without
    /// a maximum: `page_size_query_param` without `max_page_size`, `LimitOffsetPagination` without `max_limit`.
    ///
    /// ## Why it matters
    /// `?limit=10000000` reads the whole table in one request, as if there were no pages: a few of these take
    /// the site, and one copies everything.
    ///
    /// ## Flagged
    /// ```python api.py
    /// from rest_framework.pagination import PageNumberPagination
    ///
    ///
    /// class Pages(PageNumberPagination):
    ///     page_size = 25
    ///     page_size_query_param = "page_size"  # finding
    /// ```
    /// ```python views.py
    /// from rest_framework.viewsets import ModelViewSet
    ///
    /// from api import Pages
    ///
    ///
    /// class Orders(ModelViewSet):
    ///     queryset = Order.objects.all()
    ///     pagination_class = Pages
    /// ```
    ///
    /// ## Not flagged
    /// ```python api.py
    /// from rest_framework.pagination import LimitOffsetPagination, PageNumberPagination
    ///
    ///
    /// class Pages(PageNumberPagination):
    ///     page_size = 25
    ///     page_size_query_param = "page_size"
    ///     max_page_size = 100
    ///
    ///
    /// class Window(LimitOffsetPagination):
    ///     default_limit = 25
    ///     max_limit = 100
    /// ```
    /// ```python views.py
    /// from rest_framework.viewsets import ModelViewSet
    ///
    /// from api import Pages, Window
    ///
    ///
    /// class Orders(ModelViewSet):
    ///     queryset = Order.objects.all()
    ///     pagination_class = Pages
    ///
    ///
    /// class Books(ModelViewSet):
    ///     queryset = Book.objects.all()
    ///     pagination_class = Window
    /// ```
    ///
    /// ## How to fix
    /// Set `max_page_size`, or `max_limit`: they have no default. For `LimitOffsetPagination` in the settings,
    /// that takes a class of your own.
    ///
    /// ## Limits
    /// How many rows there are is not known. Only classes count that a view or the settings name. A class with a `get_page_size`, `get_limit` or
    /// `paginate_queryset` of its own is left alone.
    ///
    /// ## References
    /// - [DRF: pagination](https://www.django-rest-framework.org/api-guide/pagination/)
    RULE {
        id: "drf-page-size-unbounded",
        group: "api",
        summary: "clients of an API choose how many rows a page has, without a maximum",
        severity: Low,
        cwe: [770],
        owasp: ["2025:A06"],
        asvs: ["5.0:15.2.2"],
        checklist: ["api-defaults-closed"],
        since: "next",
        checks: [
            Check::Project(classes),
            Check::Project(used),
            Check::Setting(&["REST_FRAMEWORK"], default),
        ],
    }
}

const BY_NUMBER: &[&str] = &[
    "rest_framework.pagination.CursorPagination",
    "rest_framework.pagination.PageNumberPagination",
];
const BY_LIMIT: &[&str] = &["rest_framework.pagination.LimitOffsetPagination"];
const LIMIT: &str =
    "clients choose how many rows they get with `?limit=`, and there is no `max_limit`";

/// Classes of the project.
fn classes(cx: &Cx<'_>, out: &mut Findings) {
    // Several classes may have it from one.
    let mut told: BTreeSet<Span> = BTreeSet::new();
    let views = cx.classes_of(Kind::ApiView);
    let views: BTreeSet<QualifiedName> = views
        .filter_map(|view| Some(cx.resolved(view.at, view.attribute("pagination_class")?)))
        .collect();
    for class in cx.classes_of(Kind::Pagination) {
        let own = |name: &str| cx.counting_method(&class.name, name).is_some();
        let known = cx.classes.is_complete(&class.name);
        if !known || !is_used(cx, &class, &views) || own("paginate_queryset") {
            continue;
        }
        if class.position(BY_LIMIT).is_some()
            && !own("get_limit")
            && is_open(cx, &class, "max_limit")
        {
            let place = class.attribute("max_limit").map(|value| class.at.expr_span(value));
            out.found(&RULE, place.unwrap_or_else(|| class.span()), class.path(), LIMIT)
                .help("set `max_limit`")
                .done();
        }
        if class.position(BY_NUMBER).is_some()
            && !own("get_page_size")
            && let Some((name, (at, value))) = named(cx, &class)
            && is_open(cx, &class, "max_page_size")
        {
            let place = at.expr_span(value);
            let message = format!(
                "clients choose how many rows they get with `?{name}=`, and there is no `max_page_size`"
            );
            if told.insert(place) {
                out.found(&RULE, place, class.path(), message).help("set `max_page_size`").done();
            }
        }
    }
}

/// Whether a view names a class, or the settings for all views.
fn is_used(cx: &Cx<'_>, class: &OwnClass<'_>, views: &BTreeSet<QualifiedName>) -> bool {
    let is = |path: &str| cx.named(path).as_ref() == Some(&class.name);
    let default = cx.setting("REST_FRAMEWORK").entry("DEFAULT_PAGINATION_CLASS");
    let default = default.is(|data| Some(data.as_str().is_some_and(is)));
    views.contains(&class.name) || !default.surely().is_never()
}

/// The name by which clients choose the size, and where it is set.
fn named<'a>(cx: &Cx<'a>, class: &OwnClass<'a>) -> Option<(&'a str, (Site<'a>, ExprId))> {
    let (at, value) = cx.assigned(&class.name, "page_size_query_param")?;
    Some((at.code.string(value)?, (at, value)))
}

/// Whether a bound is not set, or is set to nothing.
fn is_open(cx: &Cx<'_>, class: &OwnClass<'_>, bound: &str) -> bool {
    cx.assigned(&class.name, bound)
        .is_none_or(|(at, value)| matches!(at.code.expr(value), Expr::None))
}

/// Views that name DRF's own class, which has no bound.
fn used(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::ApiView) {
        let Some(value) = class.attribute("pagination_class") else { continue };
        if cx.names(class.at, value, BY_LIMIT) {
            out.found(&RULE, class.at.expr_span(value), class.path(), LIMIT)
                .help("derive a class from it that sets `max_limit`")
                .done();
        }
    }
}

/// The default of all views that name none.
fn default(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let class = setting.entry("DEFAULT_PAGINATION_CLASS");
    let is = |data: &Data| Some(data.as_str().is_some_and(|name| BY_LIMIT.contains(&name)));
    let open = class.is(is).surely() & cx.uses_app("rest_framework");
    if open.is_never() {
        return;
    }
    let Some(words) = survey(cx, &LISTS).words() else { return };
    out.judge(cx, &RULE, &class, open, format!("{LIMIT}: {words}"))
        .at(views::default_place(cx, setting))
        .help("derive a class from it that sets `max_limit`")
        .done();
}
