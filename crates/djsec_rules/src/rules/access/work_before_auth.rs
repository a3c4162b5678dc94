use djsec_base::Severity;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::code::{Expr, ExprId, Function};

use crate::own::{Kind, OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views with a login or permission mixin whose own `setup()` or `dispatch()` reads or
    /// changes rows before `super().dispatch()` has asked who is there.
    ///
    /// ## Why it matters
    /// The mixin checks in its `dispatch()`. What the view does before that, it does for everybody:
    /// changes happen, and 404 against the login page tells anonymous visitors which rows exist.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.shortcuts import get_object_or_404
    /// from django.views.generic import TemplateView
    ///
    /// from shop.models import Order
    ///
    ///
    /// class OrderLines(LoginRequiredMixin, TemplateView):
    ///     def dispatch(self, request, *args, **kwargs):
    ///         self.order = get_object_or_404(Order, pk=kwargs["pk"])  # finding
    ///         return super().dispatch(request, *args, **kwargs)
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.shortcuts import get_object_or_404
    /// from django.views.generic import TemplateView
    ///
    /// from shop.models import Order
    ///
    ///
    /// class OrderLines(LoginRequiredMixin, TemplateView):
    ///     def get(self, request, *args, **kwargs):
    ///         self.order = get_object_or_404(Order, pk=kwargs["pk"])
    ///         return super().get(request, *args, **kwargs)
    /// ```
    ///
    /// ## How to fix
    /// Do the work in the handlers, or in a method that they call.
    ///
    /// ## References
    /// - [Django: View.dispatch](https://docs.djangoproject.com/en/stable/ref/class-based-views/base/#django.views.generic.base.View.dispatch)
    RULE {
        id: "work-before-auth",
        group: "access",
        summary: "a view works before it asks who is there",
        severity: Low,
        cwe: [696, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["views-require-auth"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const FETCHES: &[&str] = &["get_object_or_404", "get_list_or_404"];
const WRITES: &[&str] =
    &["create", "delete", "get_or_create", "save", "update", "update_or_create"];
const ASKS: &[&str] = &[
    "is_authenticated",
    "is_anonymous",
    "handle_no_permission",
    "has_permission",
    "has_perm",
    "redirect_to_login",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::View).filter(|class| class.is(Kind::Access)) {
        // A guard that stands before the class itself would have asked already: there is none, since
        // the class comes first in its own order.
        for name in ["setup", "dispatch"] {
            let Some(function) = class.method(name) else { continue };
            if !guarded_later(cx, &class) || class.at.mentions(function, ASKS) {
                continue;
            }
            if let Some((call, severity)) = work(class.at, function) {
                let message = format!("`{name}()` does this before anybody is asked to log in");
                out.found(&RULE, class.at.expr_span(call), class.path(), message)
                    .severity(severity)
                    .help("do it in the handlers, which run after the check")
                    .done();
            }
        }
    }
}

/// Whether the check is made by a mixin of Django's: then it runs inside of `super().dispatch()`.
fn guarded_later(cx: &Cx<'_>, class: &OwnClass<'_>) -> bool {
    let mixins = [
        "django.contrib.auth.mixins.LoginRequiredMixin",
        "django.contrib.auth.mixins.PermissionRequiredMixin",
        "django.contrib.auth.mixins.UserPassesTestMixin",
    ];
    let decorated = !class.at.code.exprs(class.class.decorators).is_empty();
    let own = cx.classes.attribute(&class.name, "dispatch");
    let known = own.is_some_and(|found| !matches!(found.value, AttributeValue::Unseen));
    class.position(&mixins).is_some() && !decorated && known
}

/// The first call that reads or changes rows before `super()` is called.
fn work(at: Site<'_>, function: &Function) -> Option<(ExprId, Severity)> {
    if !at.code.exprs(function.decorators).is_empty() {
        return None;
    }
    let calls = at.calls_in(function);
    let passes_on = calls.iter().find(|call| passes_on(at, **call) == Some(true))?;
    let end = at.code.expr_range(*passes_on).start();
    let in_setup = at.code.text(function.name) == "setup";
    calls.into_iter().find_map(|call| {
        if at.code.expr_range(call).start() >= end && !in_setup {
            return None;
        }
        let name = at.called(call)?;
        let (callee, _) = at.code.call(call)?;
        if FETCHES.contains(&name) {
            return Some((call, Severity::Low));
        }
        let of_rows = at.code.dotted(callee).is_some_and(|dotted| dotted.contains(".objects."));
        match of_rows {
            true if WRITES.contains(&name) => Some((call, Severity::Medium)),
            true if name == "get" => Some((call, Severity::Low)),
            _ => None,
        }
    })
}

/// Whether a call is `super().dispatch(…)` or `super().setup(…)`.
fn passes_on(at: Site<'_>, call: ExprId) -> Option<bool> {
    let (callee, _) = at.code.call(call)?;
    let Expr::Attribute(owner, name) = at.code.expr(callee) else { return None };
    let (owner, _) = at.code.call(owner)?;
    let own = ["dispatch", "setup"].contains(&at.code.text(name));
    Some(own && at.code.name(owner) == Some("super"))
}
