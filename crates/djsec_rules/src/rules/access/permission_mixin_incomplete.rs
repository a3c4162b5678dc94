use djsec_base::Severity;
use djsec_django::hierarchy::{AttributeValue, KnownValue};
use djsec_python::QualifiedName;

use crate::own::{Kind, OwnClass};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views with a permission mixin that does not do its work: `test_func()` or
    /// `has_permission()` that always returns `True`, two mixins with a `test_func()` of their own, of
    /// which only the first is called, and `PermissionRequiredMixin` without `permission_required`.
    ///
    /// ## Why it matters
    /// The first two let through whom the author meant to keep out, and the class still reads as if it
    /// checked. The last one answers every request with an error.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.mixins import UserPassesTestMixin
    /// from django.views.generic import TemplateView
    ///
    ///
    /// class Report(UserPassesTestMixin, TemplateView):
    ///     template_name = "report.html"
    ///
    ///     def test_func(self):  # finding
    ///         return True
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.mixins import PermissionRequiredMixin, UserPassesTestMixin
    /// from django.views.generic import TemplateView
    ///
    ///
    /// class Report(UserPassesTestMixin, TemplateView):
    ///     template_name = "report.html"
    ///
    ///     def test_func(self):
    ///         return self.request.user.is_staff
    ///
    ///
    /// class Totals(PermissionRequiredMixin, TemplateView):
    ///     template_name = "totals.html"
    ///     permission_required = "shop.view_order"
    /// ```
    ///
    /// ## How to fix
    /// Return what the user may really do; give `permission_required`; call `super().test_func()` where
    /// two tests must hold.
    ///
    /// ## References
    /// - [Django: UserPassesTestMixin](https://docs.djangoproject.com/en/stable/topics/auth/default/#django.contrib.auth.mixins.UserPassesTestMixin)
    RULE {
        id: "permission-mixin-incomplete",
        group: "access",
        summary: "a permission mixin checks nothing",
        severity: High,
        cwe: [863],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["permissions-checked"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const TESTS: &[&str] = &["django.contrib.auth.mixins.UserPassesTestMixin"];
const PERMISSIONS: &[&str] = &["django.contrib.auth.mixins.PermissionRequiredMixin"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::View).filter(|class| class.is(Kind::Access)) {
        let tests = class.position(TESTS).is_some();
        let permissions = class.position(PERMISSIONS).is_some();
        if tests {
            always(cx, &class, "test_func", out);
            hidden_test(cx, &class, out);
        }
        if permissions {
            always(cx, &class, "has_permission", out);
            nothing_required(cx, &class, out);
        }
    }
}

fn always(cx: &Cx<'_>, class: &OwnClass<'_>, method: &str, out: &mut Findings) {
    let Some(function) = class.method(method) else { return };
    let value = class.at.only_return(function);
    // A default that derived views replace is no view itself.
    if value.and_then(|value| class.at.code.bool(value)) != Some(true) || cx.is_base(&class.name) {
        return;
    }
    let message = format!("`{}.{method}()` lets everybody pass", class.path());
    out.found(&RULE, class.at.span(function.name_range), class.path(), message)
        .help("return what the user may do, or remove the mixin")
        .done();
}

/// Two tests of which neither calls the other: only the first one in the order runs.
fn hidden_test(cx: &Cx<'_>, class: &OwnClass<'_>, out: &mut Findings) {
    let own = |base: &&QualifiedName| {
        cx.program.class_code(base).is_some_and(|(code, id)| code.method(id, "test_func").is_some())
    };
    let mut definers = class.order.iter().filter(own);
    let (Some(first), Some(second)) = (definers.next(), definers.next()) else { return };
    // A class that overrides the test of its own base means to.
    if cx.classes.order(first).contains(second) {
        return;
    }
    let passes_on = cx.program.class_code(first).and_then(|(code, id)| {
        let function = code.function(code.method(id, "test_func")?)?;
        let QualifiedName::Project(module, _) = first else { return None };
        Some(cx.site(*module)?.mentions(function, &["super", "test_func"]))
    });
    if passes_on == Some(true) {
        return;
    }
    let name = |name: &QualifiedName| match name {
        QualifiedName::Project(_, path) => path.to_string(),
        _ => String::new(),
    };
    let message = format!(
        "`test_func()` of `{}` is never called: `{}` comes first",
        name(second),
        name(first)
    );
    out.found(&RULE, class.span(), class.path(), message)
        .help("make one test of the two, or let the first call `super().test_func()`")
        .done();
}

fn nothing_required(cx: &Cx<'_>, class: &OwnClass<'_>, out: &mut Findings) {
    let required = cx.classes.attribute(&class.name, "permission_required");
    let none = required
        .is_some_and(|found| matches!(found.value, AttributeValue::Known(KnownValue::None)));
    let django = |method: &str| {
        cx.classes
            .attribute(&class.name, method)
            .is_some_and(|found| matches!(found.value, AttributeValue::KnownMethod))
    };
    if !none
        || !django("get_permission_required")
        || !django("has_permission")
        || cx.is_base(&class.name)
        || given_in_urls(cx, class)
    {
        return;
    }
    let message = format!("`{}` names no permission: every request fails", class.path());
    out.found(&RULE, class.span(), class.path(), message)
        .severity(Severity::Low)
        .help("set `permission_required`")
        .done();
}

/// Whether `as_view(permission_required=…)` says it.
fn given_in_urls(cx: &Cx<'_>, class: &OwnClass<'_>) -> bool {
    cx.sites().any(|at| {
        at.code.symbol("as_view").is_some() && {
            at.code.all_exprs().any(|(id, _)| {
                at.called(id) == Some("as_view")
                    && at.code.call(id).is_some_and(|(_, arguments)| {
                        at.code.keyword(arguments, "permission_required").is_some()
                    })
                    && cx.source(at.expr_span(id)).contains(class.path())
            })
        }
    })
}
