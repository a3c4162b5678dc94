use djsec_base::{Confidence, Finding};
use djsec_django::views::Level;
use djsec_django::views::effects::{EffectKind, Verbs};

use crate::endpoint::cached_at;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views under `cache_page` whose answer depends on who asks.
    ///
    /// ## Why it matters
    /// The first visitor's page is kept under its address and given to everybody who asks next, with
    /// the name, the orders, the balance in it. `SessionMiddleware` says `Vary: Cookie` only after the
    /// decorator has stored the page.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import account
    ///
    /// urlpatterns = [path("account/", account)]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import render
    /// from django.views.decorators.cache import cache_page
    ///
    ///
    /// @login_required
    /// @cache_page(600)  # finding
    /// def account(request):
    ///     return render(request, "account.html", {"name": request.user.get_full_name()})
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import account
    ///
    /// urlpatterns = [path("account/", account)]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import render
    /// from django.views.decorators.cache import cache_page
    /// from django.views.decorators.vary import vary_on_cookie
    ///
    ///
    /// @login_required
    /// @cache_page(600)
    /// @vary_on_cookie
    /// def account(request):
    ///     return render(request, "account.html", {"name": request.user.get_full_name()})
    /// ```
    ///
    /// ## How to fix
    /// Take `cache_page` off the view, or put `@vary_on_cookie` right below it, so that each visitor
    /// has a page of their own. What is the same for all can be cached inside, with `cache.get_or_set`.
    RULE {
        id: "cached-private-response",
        group: "access",
        summary: "a page for one visitor is kept and shown to others",
        severity: High,
        cwe: [524, 525],
        owasp: ["2025:A01"],
        asvs: ["5.0:14.3.2", "5.0:14.2.2"],
        checklist: ["caching-private"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let get = endpoint.verbs().and(Verbs::one("GET"));
    if !endpoint.is_own() || get.is_empty() {
        return;
    }
    let Some(place) = cached_at(cx, endpoint) else { return };
    let deeds = cx.deeds(endpoint);
    let used = deeds.first(&[EffectKind::UsesUser, EffectKind::UsesSession], get);
    let login = endpoint.level("GET").is_some_and(Level::needs_user);
    if deeds.has(&[EffectKind::Varies]) || (used.is_none() && !login) {
        return;
    }
    let what = match (used, login) {
        (Some(_), _) => "its page for one visitor is kept and shown to the next",
        (None, _) => "its page is kept behind the login, whatever each visitor may see",
    };
    // Behind a login, a page that is the same for all is no leak.
    let confidence = if used.is_some() { Confidence::Medium } else { Confidence::Low };
    let message = format!("{} depends on who asks, and {what}", endpoint.words());
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(confidence);
    out.report(finding)
        .at(Some(place))
        .related(used.map(|used| used.place), "it asks for the visitor here")
        .help("take `cache_page` off, or put `@vary_on_cookie` right below it")
        .done();
}
