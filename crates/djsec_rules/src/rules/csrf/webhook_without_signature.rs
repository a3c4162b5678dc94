use djsec_base::{Confidence, Finding, Severity};
use djsec_django::views::effects::{EffectKind, Effects, Verbs};
use djsec_django::views::objects::{How, Scope};
use djsec_django::views::{Csrf, Level};

use super::exempt::{change, words};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that other services call (webhooks, callbacks of payment providers) and that do
    /// what the request says without verifying who sent it.
    ///
    /// ## Why it matters
    /// The address of a webhook is no secret. Whoever sends it the message "paid" gets the goods, if
    /// nothing proves that the message comes from the provider.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import payment_webhook
    ///
    /// urlpatterns = [path("hooks/payment/", payment_webhook)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     paid = models.BooleanField(default=False)
    /// ```
    /// ```python views.py
    /// import json
    ///
    /// from django.http import HttpResponse
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    /// from .models import Order
    ///
    ///
    /// @csrf_exempt
    /// def payment_webhook(request):  # finding
    ///     event = json.loads(request.body)
    ///     Order.objects.filter(pk=event["order"]).update(paid=True)
    ///     return HttpResponse()
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import payment_webhook
    ///
    /// urlpatterns = [path("hooks/payment/", payment_webhook)]
    /// ```
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     paid = models.BooleanField(default=False)
    /// ```
    /// ```python views.py
    /// import stripe
    /// from django.conf import settings
    /// from django.http import HttpResponse
    /// from django.views.decorators.csrf import csrf_exempt
    ///
    /// from .models import Order
    ///
    ///
    /// @csrf_exempt
    /// def payment_webhook(request):
    ///     event = stripe.Webhook.construct_event(
    ///         request.body, request.headers["Stripe-Signature"], settings.STRIPE_WEBHOOK_SECRET
    ///     )
    ///     Order.objects.filter(pk=event["order"]).update(paid=True)
    ///     return HttpResponse()
    /// ```
    ///
    /// ## How to fix
    /// Verify the signature that the provider sends, with its library or with `hmac.compare_digest`
    /// over the raw body, before anything else. Where the provider signs nothing, put a long random
    /// secret in the address and compare it.
    ///
    /// ## Limits
    /// A view counts as a webhook by its name or address. Filters by network address in a proxy are
    /// not seen.
    RULE {
        id: "webhook-without-signature",
        group: "csrf",
        summary: "a webhook believes whoever calls it",
        severity: High,
        cwe: [345, 347],
        owasp: ["2025:A08"],
        asvs: ["5.0:4.1.5"],
        checklist: ["csrf-exemptions-justified"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

/// Words by which a view says that other services call it.
const WORDS: &[&str] = &[
    "webhook",
    "web_hook",
    "hooks",
    "hook",
    "callback",
    "ipn",
    "notify",
    "notification_url",
    "postback",
    "stripe",
    "paypal",
    "braintree",
    "razorpay",
    "paystack",
    "mollie",
    "adyen",
    "twilio",
    "sendgrid",
    "mailgun",
    "postmark",
    "mailjet",
    "github",
    "gitlab",
    "bitbucket",
    "slack",
    "telegram",
];

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let open = matches!(endpoint.view.csrf, Csrf::Exempt(..) | Csrf::NotNeeded(_));
    if !open || !endpoint.is_own() || !is_webhook(endpoint) {
        return;
    }
    let public = endpoint.verbs_where(Level::is_public).and(Verbs::WRITING);
    let custom = endpoint.verbs_where(|level| matches!(level, Level::Custom(_)));
    let verbs = public.or(custom.and(Verbs::WRITING));
    let effects = cx.effects(endpoint);
    let reads = effects.first(&[EffectKind::ReadsBody], verbs).is_some();
    let proven = effects.first(&[EffectKind::Verifies, EffectKind::ChecksToken], verbs).is_some();
    let session = effects.first(&[EffectKind::UsesUser, EffectKind::UsesSession], verbs).is_some();
    if !reads || proven || session || !effects.complete || opened_by_secret(endpoint, effects) {
        return;
    }
    let Some(effect) = change(effects, verbs) else { return };
    // That `==` tells how much of it is right is what `secret-comparison-not-constant-time` reports.
    let compared = effects.first(&[EffectKind::ComparesSecret], verbs).is_some();
    if compared || public.is_empty() {
        return;
    }
    let message = format!(
        "{} believes whoever calls it: it {} and verifies no signature",
        endpoint.words(),
        words(effect)
    );
    let help = "verify the sender's signature over the raw body first, with `hmac.compare_digest` or \
                the provider's library";
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .severity(Severity::High)
        .confidence(Confidence::Medium);
    out.report(finding).related(Some(effect.place), "it happens here").help(help).done();
}

fn is_webhook(endpoint: &Endpoint<'_>) -> bool {
    let name = endpoint.name();
    let pattern = endpoint.routes.first().map(|route| route.address()).unwrap_or_default();
    let text = format!("{name} {pattern}").to_ascii_lowercase();
    let parts = || text.split(|c: char| !c.is_ascii_alphanumeric());
    WORDS
        .iter()
        .any(|word| if word.len() > 5 { text.contains(word) } else { parts().any(|p| p == *word) })
}

/// Whether only who knows a secret in the address or in the body gets anywhere.
fn opened_by_secret(endpoint: &Endpoint<'_>, effects: &Effects) -> bool {
    endpoint.has_secret_parameter()
        || effects
            .objects
            .accesses
            .iter()
            .any(|access| matches!(&access.scope, Scope::Scoped { how: How::Unguessable(_), .. }))
}
