use djsec_base::{Confidence, Finding};
use djsec_django::views::{Guarding, Level, NoEffect};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds checks that are written on a view and do nothing: `@login_required` on a class, a
    /// decorator that has no function to stand around any more, an override that never calls what it
    /// overrides.
    ///
    /// ## Why it matters
    /// Everybody who reads the code believes that the view is protected. It is open.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import Orders
    ///
    /// urlpatterns = [path("orders/", Orders.as_view())]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.views.generic import TemplateView
    ///
    ///
    /// @login_required  # finding
    /// class Orders(TemplateView):
    ///     template_name = "orders.html"
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import Orders
    ///
    /// urlpatterns = [path("orders/", Orders.as_view())]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.utils.decorators import method_decorator
    /// from django.views.generic import TemplateView
    ///
    ///
    /// @method_decorator(login_required, name="dispatch")
    /// class Orders(TemplateView):
    ///     template_name = "orders.html"
    /// ```
    ///
    /// ## How to fix
    /// On a class, use a mixin in front of the view (`class Orders(LoginRequiredMixin, TemplateView)`)
    /// or `@method_decorator(login_required, name="dispatch")`. On functions, put what registers the
    /// view outermost. In an override, return what `super()` gives.
    ///
    /// ## Limits
    /// Mixins behind the view are reported as `mixin-order-ineffective`, attributes that DRF does not
    /// read as `drf-permission-attr-typo`.
    RULE {
        id: "guard-without-effect",
        group: "access",
        summary: "a check on a view does nothing",
        severity: High,
        cwe: [863, 696],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.3.1"],
        checklist: ["views-require-auth"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(_cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    if !endpoint.is_own() {
        return;
    }
    let Some((guard, why, help)) = endpoint.view.guards.iter().find_map(judged) else { return };
    // What another check demands anyway is not missing.
    let weakest = endpoint.weakest();
    if guard.level.is_public() || weakest.is_none_or(|level| *level >= guard.level) {
        return;
    }
    let name = guard.what.rsplit('.').next().unwrap_or(&guard.what);
    let open = weakest.is_some_and(Level::is_public);
    let consequence = if open { "everybody gets in" } else { "others get in than it says" };
    let message = format!("`{name}` does nothing on {}: {why}; {consequence}", endpoint.words());
    let confidence = if open { Confidence::High } else { Confidence::Medium };
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(confidence);
    out.report(finding).at(guard.place).help(help).done();
}

fn judged(guard: &Guarding) -> Option<(&Guarding, &'static str, &'static str)> {
    let (why, help) = match guard.without_effect? {
        NoEffect::DecoratorOnClass => (
            "it is for functions, and stands on a class",
            "write `@method_decorator(…, name=\"dispatch\")`, or use a mixin",
        ),
        NoEffect::DecoratorOrder => (
            "it stands outside of the decorator that makes the view",
            "move it below the decorator that makes the view",
        ),
        NoEffect::Overridden => (
            "a class in front of it overrides what it does and never calls it",
            "return what `super()` gives in the override",
        ),
        NoEffect::MixinAfterView | NoEffect::NameNotRead | NoEffect::ResultIgnored => return None,
    };
    Some((guard, why, help))
}
