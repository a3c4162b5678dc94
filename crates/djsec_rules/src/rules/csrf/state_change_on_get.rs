use djsec_base::{Confidence, Finding, Severity};
use djsec_django::views::effects::{Effect, EffectKind, Effects, Verbs};
use djsec_django::views::objects::Operation;
use djsec_django::views::{Level, Purpose};

use super::exempt::words;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that delete or change rows when they are only asked for with `GET`.
    ///
    /// ## Why it matters
    /// CSRF checks do not look at `GET`: any page can make a visitor's browser load the address, as an
    /// image or a link, and the visitor's session does the rest. Browsers that preload, scanners of
    /// mail and search engines follow such links, too.
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
    /// from django.shortcuts import get_object_or_404, redirect
    ///
    /// from .models import Order
    ///
    ///
    /// @login_required
    /// def cancel(request, pk):
    ///     order = get_object_or_404(Order, pk=pk, customer=request.user)
    ///     order.delete()  # finding
    ///     return redirect("orders")
    /// ```
    ///
    /// ## Not flagged
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
    /// from django.shortcuts import get_object_or_404, redirect
    /// from django.views.decorators.http import require_POST
    ///
    /// from .models import Order
    ///
    ///
    /// @require_POST
    /// @login_required
    /// def cancel(request, pk):
    ///     order = get_object_or_404(Order, pk=pk, customer=request.user)
    ///     order.delete()
    ///     return redirect("orders")
    /// ```
    ///
    /// ## How to fix
    /// Put `@require_POST` on the view (or rename `get` to `post`), and let a form with
    /// `{% csrf_token %}` take the place of the link.
    ///
    /// ## Limits
    /// Rows that a visit only makes (a log, a cart, a profile on first use) are not reported, neither
    /// is what somebody does with a token from a mail, nor what needs a header that no link has sent
    /// (`HX-Request`, `X-Requested-With`).
    RULE {
        id: "state-change-on-get",
        group: "csrf",
        summary: "loading a page changes data",
        severity: Medium,
        cwe: [352, 650],
        owasp: ["2025:A01"],
        asvs: ["5.0:3.5.3"],
        checklist: ["no-get-side-effects"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let get = endpoint.verbs().and(Verbs::LINK);
    if get.is_empty() || !endpoint.is_own() {
        return;
    }
    // Who is not known by a cookie is not made to do something by a link.
    let session = endpoint.view.authentication.iter().any(|how| how.contains("ession"));
    let user = endpoint.level("GET").is_some_and(Level::needs_user);
    if !session || !user {
        return;
    }
    let deeds = cx.deeds(endpoint);
    let confirmed = deeds
        .first(&[EffectKind::Verifies, EffectKind::ChecksToken, EffectKind::LogsIn], get)
        .is_some();
    let expected = matches!(
        endpoint.purpose(),
        Some(Purpose::Logout | Purpose::OauthCallback | Purpose::SecretLink)
    );
    if confirmed || expected || endpoint.has_secret_parameter() {
        return;
    }
    // Most views change nothing on `GET`: that is cheaper to see than all that they do.
    let objects = cx.objects_on(endpoint, "GET");
    let reads = [Operation::Fetch, Operation::List];
    let writes = objects.accesses.iter().any(|access| !reads.contains(&access.operation));
    if !writes && deeds.first(&[EffectKind::SetsPassword], get).is_none() {
        return;
    }
    let effects = cx.effects_with(endpoint, objects.into_owned());
    let meant = is_command(&endpoint.view.dotted);
    let Some((effect, severity)) = change(endpoint, &effects, get, meant) else { return };
    let message = format!(
        "a link to {} is enough: it {} on `GET`, where no CSRF check looks",
        endpoint.words(),
        words(effect)
    );
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .severity(severity)
        .confidence(Confidence::Medium);
    out.report(finding)
        .at(Some(effect.place))
        .related(endpoint.view.place, "by this view")
        .help("put `@require_POST` on the view, and a form in the place of the link")
        .done();
}

/// What the view does to rows that the address names, or that its name says it is there for. Rows that
/// a visit makes or touches on its way are no surprise to anybody.
fn change<'e>(
    endpoint: &Endpoint<'_>,
    effects: &'e Effects,
    get: Verbs,
    meant: bool,
) -> Option<(&'e Effect, Severity)> {
    let of = |kind: EffectKind| {
        effects.all.iter().find(|effect| {
            effect.kind == kind
                && !effect.verbs.and(get).is_empty()
                && is_aimed_at(endpoint, effects, effect, meant)
        })
    };
    if let Some(effect) = of(EffectKind::Deletes) {
        return Some((effect, Severity::Medium));
    }
    if let Some(effect) = effects.first(&[EffectKind::SetsPassword], get) {
        return Some((effect, Severity::Medium));
    }
    of(EffectKind::Writes).map(|effect| (effect, Severity::Low))
}

/// Whether the row that is changed is one that the request chooses, or that the view is there for. What
/// another handler does in the same place says nothing of this one.
fn is_aimed_at(endpoint: &Endpoint<'_>, effects: &Effects, effect: &Effect, meant: bool) -> bool {
    effects.objects.accesses.iter().any(|access| {
        access.place == effect.place
            && endpoint.touches_on(access, "GET")
            && access.operation != Operation::Create
            && (meant || access.is_chosen())
    })
}

/// Whether a view says by its name that it is there to change something.
fn is_command(dotted: &str) -> bool {
    const WORDS: &[&str] = &[
        "delete",
        "remove",
        "cancel",
        "unsubscribe",
        "disable",
        "enable",
        "toggle",
        "approve",
        "reject",
        "dismiss",
        "archive",
        "revoke",
        "deactivate",
        "clear",
        "complete",
        "close",
        "reopen",
        "publish",
        "unpublish",
        "ban",
        "unban",
        "promote",
        "demote",
    ];
    let name = dotted.rsplit('.').next().unwrap_or_default();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words.split('_').any(|part| WORDS.contains(&part))
}
