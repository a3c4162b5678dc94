use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use djsec_base::{FileId, Severity, Span};
use djsec_django::csp::uses::{Origin, Roots, Use, What, uses};
use djsec_django::csp::{Directive, Emitter, Policy};
use djsec_django::settings::Cond;
use djsec_django::views::PagePolicy;
use djsec_templates::page::Page;

use super::blocked::{help, words};
use super::pages::writes_policy;
use crate::{Check, Cx, Findings, declare_rule};

/// Names with which code changes what django-csp sends for one response.
const CHANGES: [&str; 8] = [
    "csp_update",
    "csp_replace",
    "_csp_config",
    "_csp_update",
    "_csp_replace",
    "_csp_exempt",
    "_csp_config_ro",
    "_csp_update_ro",
];

declare_rule! {
    /// ## What it does
    /// Finds what a page does although the content security policy of production forbids it: inline scripts and styles
    /// without the nonce, event handlers in attributes, `style` attributes, and hosts that the policy does not list.
    ///
    /// ## Why it matters
    /// Browsers leave it out without a word to the visitor: the button does nothing, the page looks wrong. Whoever is in
    /// a hurry then puts `'unsafe-inline'` into the policy, and with it the protection is gone.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"default-src": [CSP.SELF], "script-src": [CSP.SELF, CSP.NONCE]}
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.1
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from django.views.generic import TemplateView
    ///
    /// urlpatterns = [path("", TemplateView.as_view(template_name="home.html"))]
    /// ```
    /// ```html templates/home.html
    /// <script>start()</script> {# finding #}
    /// <script src="https://www.example.net/widget.js"></script> {# finding #}
    /// <button onclick="start()">Start</button> {# finding #}
    /// <p style="color: red">Now</p> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"default-src": [CSP.SELF], "script-src": [CSP.SELF, CSP.NONCE]}
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.1
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    /// from django.views.generic import TemplateView
    ///
    /// urlpatterns = [path("", TemplateView.as_view(template_name="home.html"))]
    /// ```
    /// ```html templates/home.html
    /// {% load static %}
    /// <script {% csp_nonce_attr %}>start()</script>
    /// <script src="{% static 'app.js' %}"></script>
    /// <script type="application/json">{"a": 1}</script>
    /// <button id="start">Start</button>
    /// ```
    ///
    /// ## How to fix
    /// Give scripts and styles the nonce (`{% csp_nonce_attr %}` of Django 6.1, `nonce="{{ csp_nonce }}"` of 6.0,
    /// `nonce="{{ request.csp_nonce }}"` of django-csp), listen to events in a script, use classes instead of `style`, and
    /// list the hosts that pages need. `djsec csp` shows all that a project's templates need.
    ///
    /// ## Limits
    /// Only pages that a view of production surely shows, and only what the policy surely forbids: a hash may be that of
    /// the script, so where there is one, inline code is not reported. Where code changes the policy of single responses
    /// of django-csp, nothing is.
    ///
    /// ## References
    /// - [Django: using nonces](https://docs.djangoproject.com/en/stable/howto/csp/)
    /// - [MDN: Content Security Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP)
    RULE {
        id: "csp-blocks-template-code",
        group: "headers",
        summary: "the content security policy blocks what a page does",
        severity: Low,
        cwe: [693],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let policies = cx.project.policies();
    let enforced = |policy: &&Policy<'_>| policy.enforced && !policy.sent().surely().is_never();
    let policies: Vec<&Policy<'_>> = policies.iter().filter(enforced).collect();
    if policies.is_empty() || cx.mentions(&CHANGES) || excludes(cx) {
        return;
    }
    let done = uses(shown(cx), &Roots::new(cx.settings()));
    for policy in policies {
        let mut groups: BTreeMap<Group<'_>, Blocked<'_, '_>> = BTreeMap::new();
        for one in &done {
            for (directive, when) in policy.blocking(one) {
                let group = Group::of(one, &directive.name);
                let blocked = groups.entry(group).or_insert_with(|| Blocked {
                    first: one,
                    others: Vec::new(),
                    directive,
                    when,
                });
                if blocked.first.span != one.span {
                    blocked.others.push(one.span);
                }
            }
        }
        let mut found: Vec<_> = groups.into_values().collect();
        found.sort_by_key(|blocked| blocked.first.span);
        for blocked in found {
            blocked.report(cx, policy.emitter, out);
        }
    }
}

/// Whether django-csp leaves addresses out.
fn excludes(cx: &Cx<'_>) -> bool {
    let old = cx.setting("CSP_EXCLUDE_URL_PREFIXES");
    let new = cx.setting("CONTENT_SECURITY_POLICY").entry("EXCLUDE_URL_PREFIXES");
    [old, new].iter().any(|setting| !setting.truthy().is_never())
}

/// The pages that views show under the policy of the site.
fn shown<'a>(cx: &Cx<'a>) -> Vec<&'a Page> {
    let mut names: BTreeSet<&Arc<str>> = BTreeSet::new();
    for endpoint in cx.endpoints() {
        if endpoint.view.page_policy == PagePolicy::AsSite && !writes_policy(cx, &endpoint) {
            names.extend(&endpoint.view.templates);
        }
    }
    names.into_iter().filter_map(|name| cx.templates().page(name)).collect()
}

/// What is reported together: code of one kind in one file, requests to one host.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Group<'a> {
    what: What,
    file: Option<FileId>,
    directive: &'a str,
}

impl<'a> Group<'a> {
    fn of(one: &Use, directive: &'a str) -> Self {
        let what = match &one.what {
            What::Handler(_) => What::Handler(Arc::from("")),
            What::Load(fetch, Origin::Remote(remote)) => {
                let mut remote = remote.clone();
                remote.path = None;
                What::Load(*fetch, Origin::Remote(remote))
            }
            what => what.clone(),
        };
        let file = (!matches!(what, What::Load(..))).then_some(one.span.file);
        Self { what, file, directive }
    }
}

/// What is blocked, at its first place.
struct Blocked<'u, 'p> {
    first: &'u Use,
    others: Vec<Span>,
    directive: &'u Directive<'p>,
    when: Cond<'p>,
}

impl Blocked<'_, '_> {
    fn report(mut self, cx: &Cx<'_>, emitter: Emitter, out: &mut Findings) {
        let name = &self.directive.name;
        let places = match self.others.len() {
            0 => String::new(),
            more => format!(" ({} places)", more + 1),
        };
        let words = words(&self.first.what);
        let message = format!("{words}{places}: `{name}` does not allow it");
        let severity = match self.first.what {
            What::StyleAttribute | What::Style => Severity::Info,
            _ => RULE.meta.severity,
        };
        let setting = &self.directive.setting;
        let mut reported = out
            .judge(cx, &RULE, setting, self.when, message)
            .rated(severity)
            .at(Some(self.first.span))
            .related(setting.span_when(self.when), "the policy is set here")
            .help(help(cx, &self.first.what, self.directive, emitter));
        self.others.truncate(3);
        for other in self.others {
            reported = reported.related(Some(other), "the same");
        }
        reported.done();
    }
}
