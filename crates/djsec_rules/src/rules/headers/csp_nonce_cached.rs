use djsec_base::{Confidence, Finding};
use djsec_django::csp::uses::{Nonce, Roots, uses};

use crate::endpoint::cached_at;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds pages whose scripts carry the nonce of the content security policy, and whose answers are kept by
    /// `cache_page`.
    ///
    /// ## Why it matters
    /// A nonce protects because it is another one for each answer. A kept page gives all visitors the same, which
    /// everybody can read; or the header brings a new one, and the page's own scripts are blocked.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from django.views.decorators.cache import cache_page
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("", cache_page(600)(views.home))]  # finding
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def home(request):
    ///     return render(request, "home.html")
    /// ```
    /// ```html templates/home.html
    /// <script nonce="{{ csp_nonce }}">start()</script>
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from django.views.decorators.cache import cache_page
    ///
    /// from shop import views
    ///
    /// urlpatterns = [path("", views.home), path("about/", cache_page(600)(views.about))]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    ///
    ///
    /// def home(request):
    ///     return render(request, "home.html")
    ///
    ///
    /// def about(request):
    ///     return render(request, "about.html")
    /// ```
    /// ```html templates/home.html
    /// <script nonce="{{ csp_nonce }}">start()</script>
    /// ```
    /// ```html templates/about.html
    /// <script src="/static/about.js"></script>
    /// ```
    ///
    /// ## How to fix
    /// Move the code of the page into a file of the site, which needs no nonce; or keep what the page shows
    /// (`cache.get_or_set`) instead of the page.
    ///
    /// ## Limits
    /// Only policies that Django or django-csp sends are looked at, and `cache_page`; not parts of templates in `{% cache %}`.
    ///
    /// ## References
    /// - [Django: nonces and caching](https://docs.djangoproject.com/en/stable/ref/csp/#nonce-usage)
    RULE {
        id: "csp-nonce-cached",
        group: "headers",
        summary: "a page with the nonce of the content security policy is kept for others",
        severity: Medium,
        cwe: [323],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [Check::Endpoint(check)],
    }
}

fn check(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    if endpoint.view.templates.is_empty() {
        return;
    }
    let Some(place) = cached_at(cx, endpoint) else { return };
    if !sends_nonce(cx) {
        return;
    }
    let pages = endpoint.view.templates.iter().filter_map(|name| cx.templates().page(name));
    let done = uses(pages, &Roots::new(cx.settings()));
    let Some(used) = done.iter().find(|one| one.nonce == Nonce::Present) else { return };
    let message = format!(
        "{} is kept by `cache_page`, with the nonce in it: it is the same for all visitors",
        endpoint.words()
    );
    let finding = Finding::new(&RULE.meta, endpoint.place(), endpoint.subject(), message)
        .confidence(Confidence::High);
    out.report(finding)
        .at(Some(place))
        .related(Some(used.span), "the nonce is here")
        .help("move the script into a file of the site, or take `cache_page` off")
        .done();
}

/// Whether Django or django-csp sends a policy with a nonce.
fn sends_nonce(cx: &Cx<'_>) -> bool {
    cx.project.policies().iter().any(|policy| {
        policy.directives.iter().any(|directive| !policy.sends_nonce(directive).is_never())
    })
}
