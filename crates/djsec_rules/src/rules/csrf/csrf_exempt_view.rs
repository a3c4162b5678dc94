use djsec_base::{Confidence, Finding};
use djsec_django::views::effects::{EffectKind, Verbs};

use super::exempt::{callers, change, cookie, exemption};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that use the visitor's session but take requests without a CSRF token, because of
    /// `csrf_exempt`.
    ///
    /// ## Why it matters
    /// Any page on the web can make a visitor's browser send such a request, with the visitor's
    /// cookies. What the view does then is done in their name. As far as djsec sees, this view
    /// changes nothing; the next one who edits it does not expect that the protection is off. A view
    /// that does change something is reported as `csrf-exempt-session-write`.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import preview
    ///
    /// urlpatterns = [path("preview/", preview)]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    ///
    /// @csrf_exempt  # finding
    /// def preview(request):
    ///     text = request.POST.get("text", "")
    ///     return render(request, "preview.html", {"text": text, "author": request.user})
    /// ```
    ///
    /// ## Not flagged
    /// A view that no cookie opens has nothing that a forged request could use.
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import preview
    ///
    /// urlpatterns = [path("preview/", preview)]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    ///
    /// @csrf_exempt
    /// def preview(request):
    ///     return render(request, "preview.html", {"text": request.POST.get("text", "")})
    /// ```
    ///
    /// ## How to fix
    /// Remove `csrf_exempt`, and send the token with the request: `{% csrf_token %}` in the form, the
    /// header `X-CSRFToken` from scripts.
    ///
    /// ## References
    /// - [Django: how to use its CSRF protection](https://docs.djangoproject.com/en/stable/howto/csrf/)
    RULE {
        id: "csrf-exempt-view",
        group: "csrf",
        summary: "a view that uses the session is exempt from CSRF checks",
        severity: Low,
        cwe: [352],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.1"],
        checklist: ["csrf-exemptions-justified"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let Some(place) = exemption(cx, endpoint) else { return };
    let verbs = endpoint.verbs().and(Verbs::WRITING);
    let effects = cx.effects(endpoint);
    if cookie(endpoint, effects, verbs).is_none() {
        return;
    }
    let changes = change(effects, verbs).is_some()
        || effects.first(&[EffectKind::LogsIn, EffectKind::LogsOut], verbs).is_some();
    if changes || verbs.is_empty() {
        return;
    }
    let message =
        format!("{}: it is exempt from CSRF checks", callers(cx, &endpoint.words(), true));
    let finding =
        Finding::new(&RULE.meta, place, endpoint.subject(), message).confidence(Confidence::Medium);
    out.report(finding).help("remove `csrf_exempt`, and send the token with the request").done();
}
