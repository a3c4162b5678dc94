use std::collections::BTreeSet;

use djsec_base::{Confidence, Span};
use djsec_django::csp::Emitter;
use djsec_django::settings::{Cond, SettingRef};
use djsec_django::views::PagePolicy;
use djsec_python::value::Data;

use super::pages::{Page, page, writes_policy};
use super::policy::{enforced_only_by, proxy_sends_policy};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds HTML pages that the site's content security policy leaves out: by `csp_override({})` of Django 6.0,
    /// by `csp_exempt` of django-csp, or by `EXCLUDE_URL_PREFIXES`.
    ///
    /// ## Why it matters
    /// Browsers trust a site as a whole. A script that is injected into the one page without a policy reads and
    /// does on all other pages whatever the visitor may: the policy of those no longer protects them.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"default-src": ["'self'"]}
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import editor
    ///
    /// urlpatterns = [path("editor/", editor)]
    /// ```
    /// ```python views.py
    /// from django.shortcuts import render
    /// from django.views.decorators.csp import csp_override
    ///
    ///
    /// @csp_override({})  # finding
    /// def editor(request):
    ///     return render(request, "editor.html", {"text": request.GET.get("text")})
    /// ```
    /// A text where a list is expected: django-csp makes a tuple of its letters, and every path begins with `/`.
    /// ```python settings.py
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {"default-src": ["'self'"]},
    ///     "EXCLUDE_URL_PREFIXES": "/embed/",  # finding
    /// }
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2
    /// django-csp==4.0
    /// ```
    ///
    /// ## Not flagged
    /// A policy of its own, and what is no page:
    /// ```python settings.py
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"default-src": ["'self'"]}
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from .views import editor, feed
    ///
    /// urlpatterns = [path("editor/", editor), path("feed/", feed)]
    /// ```
    /// ```python views.py
    /// from django.http import JsonResponse
    /// from django.shortcuts import render
    /// from django.views.decorators.csp import csp_override
    ///
    ///
    /// @csp_override({"default-src": ["'self'"], "style-src": ["'self'", "'unsafe-inline'"]})
    /// def editor(request):
    ///     return render(request, "editor.html")
    ///
    ///
    /// @csp_override({})
    /// def feed(request):
    ///     return JsonResponse({"entries": []})
    /// ```
    ///
    /// ## How to fix
    /// Give the page a policy that allows what it needs and no more: `@csp_override({…})` of Django, `@csp_update({…})`
    /// or `@csp_replace({…})` of django-csp. Pages that describe an API can serve their scripts from this site
    /// (drf-spectacular's sidecar, for one).
    ///
    /// ## Limits
    /// Without a policy that is enforced there is nothing to be left out of. Views whose templates djsec does not
    /// find, and that write no HTML themselves, count as no pages.
    ///
    /// ## References
    /// - [Django: csp_override](https://docs.djangoproject.com/en/stable/ref/csp/#decorators)
    /// - [django-csp: decorators](https://django-csp.readthedocs.io/en/latest/decorators.html)
    RULE {
        id: "csp-disabled-for-view",
        group: "headers",
        summary: "a page is left out of the content security policy",
        severity: Medium,
        cwe: [693],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [
            Check::Marked(&["csp_exempt", "csp_override", "csp"], decorated),
            Check::Settings(excluded),
        ],
    }
}

fn decorated(cx: &Cx<'_>, endpoint: &Endpoint<'_>, out: &mut Findings) {
    let PagePolicy::Lifted { what, place: Some(place) } = &endpoint.view.page_policy else {
        return;
    };
    let when = enforced_only_by(cx, what.starts_with("django."));
    let Some(page) = page(cx, endpoint) else { return };
    if when.is_never() || proxy_sends_policy(cx) || writes_policy(cx, endpoint) {
        return;
    }
    let confidence = if when.is_always() { Confidence::High } else { Confidence::Medium };
    let name = what.rsplit('.').next().unwrap_or(what);
    let message = format!(
        "{} is left out of the content security policy by `{name}`: a script injected there reaches the whole \
         site",
        endpoint.words()
    );
    let help = match page {
        Page::Fixed => {
            "allow what the page needs in a policy of its own, or serve its scripts from this site"
        }
        Page::Own => "give the page a policy of its own that allows what it needs",
    };
    out.found(&RULE, *place, endpoint.subject(), message)
        .rated(page.severity())
        .confidence(confidence)
        .help(help)
        .done();
}

/// The prefixes of addresses that django-csp leaves out.
fn excluded(cx: &Cx<'_>, out: &mut Findings) {
    let policies = cx.project.policies();
    if !policies.iter().any(|policy| policy.enforced) || proxy_sends_policy(cx) {
        return;
    }
    let old = policies.iter().any(|policy| policy.emitter == Emitter::Package3);
    let setting = if old {
        cx.setting("CSP_EXCLUDE_URL_PREFIXES")
    } else {
        cx.setting("CONTENT_SECURITY_POLICY").entry("EXCLUDE_URL_PREFIXES")
    };
    let sent = enforced_only_by(cx, false);
    for part in setting.alternatives() {
        let Data::Str(text) = &part.data else { continue };
        // Before 4.0 a text was one prefix; since then each of its letters is.
        if old {
            prefix(cx, &setting, text, part.when & sent, part.span, out);
        } else if text.contains('/') {
            let message = format!(
                "no page has the content security policy: {text:?} counts as a list of its letters, and every \
                 path begins with `/`"
            );
            out.judge(cx, &RULE, &setting, part.when & sent, message)
                .at(part.span)
                .help(format!("write a list: `[{text:?}]`"))
                .done();
        }
    }
    for part in setting.elements() {
        let Data::Str(text) = &part.data else { continue };
        prefix(cx, &setting, text, part.when & sent, part.span, out);
    }
}

fn prefix(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    text: &str,
    when: Cond<'_>,
    place: Option<Span>,
    out: &mut Findings,
) {
    if matches!(text, "" | "/") {
        let message =
            format!("no page has the content security policy: every path begins with {text:?}");
        out.judge(cx, &RULE, setting, when, message)
            .at(place)
            .help("name the few paths that cannot have a policy")
            .done();
        return;
    }
    let mut pages: BTreeSet<String> = BTreeSet::new();
    let mut worst = None;
    for endpoint in cx.endpoints() {
        let Some(page) = page(cx, &endpoint) else { continue };
        for route in &endpoint.routes {
            let address = route.address();
            let fixed = address.split(['<', '(', '[', '*']).next().unwrap_or_default();
            if fixed.starts_with(text) {
                worst = worst.max(Some(page));
                pages.insert(address);
            }
        }
    }
    let (Some(worst), Some(first)) = (worst, pages.first()) else { return };
    let others = match pages.len() {
        1 => String::new(),
        more => format!(" and {} more pages", more - 1),
    };
    let message = format!(
        "`{first}`{others} are left out of the content security policy: a script injected there reaches the whole \
         site"
    );
    let message = if others.is_empty() { message.replacen(" are ", " is ", 1) } else { message };
    out.judge(cx, &RULE, setting, when, message)
        .rated(worst.severity())
        .at(place)
        .help("give these pages a policy of their own with `csp_update` or `csp_replace`")
        .done();
}
