use djsec_base::{Confidence, Finding};
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::{Framing, Level};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that any site may put into a frame, and that take passwords or change something
    /// for who is logged in.
    ///
    /// ## Why it matters
    /// Another site shows the page in an invisible frame over its own buttons. The visitor clicks
    /// "play" there, and confirms an order here, with a valid CSRF token.
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
    /// from django.shortcuts import render
    /// from django.views.decorators.clickjacking import xframe_options_exempt
    ///
    /// from .models import Order
    ///
    ///
    /// @xframe_options_exempt  # finding
    /// @login_required
    /// def cancel(request, pk):
    ///     if request.method == "POST":
    ///         Order.objects.filter(pk=pk, customer=request.user).delete()
    ///     return render(request, "cancel.html")
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import badge
    ///
    /// urlpatterns = [path("badge/", badge)]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.views.decorators.clickjacking import xframe_options_exempt
    ///
    ///
    /// @xframe_options_exempt
    /// def badge(request):
    ///     return render(request, "badge.html")
    /// ```
    ///
    /// ## How to fix
    /// Remove `xframe_options_exempt`. If some site must show the page, name it in the policy:
    /// `frame-ancestors https://partner.example`.
    RULE {
        id: "frame-exempt-sensitive-view",
        group: "headers",
        summary: "other sites may frame a page on which people change something",
        severity: Medium,
        cwe: [1021],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.6"],
        checklist: ["clickjacking-blocked"],
        since: "next",
        checks: [Check::Marked(&["xframe_options_exempt"], check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let Framing::Exempt(place) = endpoint.view.framing else { return };
    let verbs = endpoint.verbs().and(Verbs::WRITING);
    // A frame has to show the page first.
    if !endpoint.is_own() || !endpoint.view.methods.may("GET") || endpoint.is_rest() {
        return;
    }
    let effects = cx.effects(endpoint);
    let login = endpoint.verbs_where(Level::needs_user).and(verbs);
    let kinds = [EffectKind::Deletes, EffectKind::Writes, EffectKind::SetsPassword];
    let password = effects.first(&[EffectKind::ChecksPassword, EffectKind::LogsIn], verbs);
    let Some(effect) = effects.first(&kinds, login).or(password) else { return };
    let does = match effect.kind {
        EffectKind::Writes => format!("writes rows of `{}`", effect.words),
        EffectKind::Deletes => format!("deletes rows of `{}`", effect.words),
        _ => "takes passwords".to_owned(),
    };
    let message = format!("any site may put {} into a frame, and it {does}", endpoint.words());
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(Confidence::Medium);
    out.report(finding)
        .at(place)
        .related(Some(effect.place), "it happens here")
        .help("remove `xframe_options_exempt`, or name the sites in `frame-ancestors`")
        .done();
}
