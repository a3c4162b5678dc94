use djsec_base::{Confidence, Finding, Severity};
use djsec_django::views::effects::{EffectKind, Verbs};

use super::exempt::{Cookie, callers, change, cookie, exemption, words};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that are exempt from CSRF checks, know their visitors by the session's cookie, and
    /// change something: rows, a password, who is logged in.
    ///
    /// ## Why it matters
    /// Browsers send the cookie with every request, also with those that another site makes. Who
    /// visits the attacker's page while being logged in here does what the attacker wants, without
    /// noticing. Where the cookie is `SameSite=Lax`, as Django's is, browsers that know of it keep it from
    /// other sites' requests, but not from those of other hosts of the same site: the message says so.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import cancel
    ///
    /// urlpatterns = [path("orders/<int:pk>/cancel/", cancel)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.http import HttpResponse
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    /// from .models import Order
    ///
    ///
    /// @csrf_exempt  # finding
    /// @login_required
    /// def cancel(request, pk):
    ///     if request.method == "POST":
    ///         Order.objects.filter(pk=pk, customer=request.user).delete()
    ///     return HttpResponse("done")
    /// ```
    ///
    /// ## Not flagged
    /// A view that knows who calls by something that browsers do not send by themselves.
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import cancel
    ///
    /// urlpatterns = [path("orders/<int:pk>/cancel/", cancel)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     customer = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    /// ```
    /// ```python views.py
    /// import hmac
    ///
    /// from django.conf import settings
    /// from django.http import HttpResponse, HttpResponseForbidden
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    /// from .models import Order
    ///
    ///
    /// @csrf_exempt
    /// def cancel(request, pk):
    ///     if not hmac.compare_digest(request.headers.get("X-Key", ""), settings.SHOP_KEY):
    ///         return HttpResponseForbidden()
    ///     Order.objects.filter(pk=pk).delete()
    ///     return HttpResponse("done")
    /// ```
    ///
    /// ## How to fix
    /// Remove `csrf_exempt`, and send the token with the request: `{% csrf_token %}` in the form, the
    /// header `X-CSRFToken` from scripts. What is meant for programs should not accept the session:
    /// give them tokens of their own.
    ///
    /// ## Limits
    /// What a class does for all views that use it, such as a `SessionAuthentication` whose `enforce_csrf()`
    /// checks nothing, is reported there as `csrf-bypass-in-code`, and not for each view.
    ///
    /// ## References
    /// - [Django: how to use its CSRF protection](https://docs.djangoproject.com/en/stable/howto/csrf/)
    RULE {
        id: "csrf-exempt-session-write",
        group: "csrf",
        summary: "other sites can make visitors change something here",
        severity: High,
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
    let Some(cookie) = cookie(endpoint, effects, verbs) else { return };
    let session = effects.first(&[EffectKind::LogsIn, EffectKind::LogsOut], verbs);
    let Some(effect) = session.or_else(|| change(effects, verbs)) else { return };
    let (severity, confidence) = match (effect.kind, &cookie) {
        // Who is logged out or in by somebody else is annoyed, or trusts the wrong account.
        (EffectKind::LogsOut, _) => (Severity::Low, Confidence::Medium),
        (EffectKind::LogsIn | EffectKind::SendsMail | EffectKind::Enqueues, _) => {
            (Severity::Medium, Confidence::Medium)
        }
        (_, Cookie::Required) => (Severity::High, Confidence::High),
        (_, Cookie::Used(_)) => (Severity::High, Confidence::Medium),
    };
    // Nobody needs a session to be logged in.
    let who = callers(cx, &endpoint.words(), effect.kind != EffectKind::LogsIn);
    let message = format!("{who}, which {}: CSRF checks are off", words(effect));
    let finding = Finding::new(&RULE.meta, place, endpoint.subject(), message)
        .severity(severity)
        .confidence(confidence);
    let report = out.report(finding).related(Some(effect.place), "it happens here");
    let report = match cookie {
        Cookie::Used(used) => report.related(Some(used.place), "the session is used here"),
        Cookie::Required => report,
    };
    report.help("remove `csrf_exempt`, and send the token with the request").done();
}
