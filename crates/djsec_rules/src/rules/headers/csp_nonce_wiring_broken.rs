use djsec_base::Span;
use djsec_django::csp::{Emitter, NONCE_PROCESSOR, Token};
use djsec_django::middleware::DJANGO_CSP;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a policy of Django's that has a nonce while no template can get at it: the context
    /// processor `django.template.context_processors.csp` is missing.
    ///
    /// ## Why it matters
    /// `{{ csp_nonce }}` is then empty in every template. Django leaves a nonce that nobody uses out of
    /// the header, so scripts that count on it are blocked, and somebody will put `'unsafe-inline'` in its
    /// place.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}  # finding
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.django.DjangoTemplates",
    ///         "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    ///     },
    /// ]
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.1
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.django.DjangoTemplates",
    ///         "OPTIONS": {"context_processors": ["django.template.context_processors.csp"]},
    ///     },
    /// ]
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.1
    /// ```
    ///
    /// ## How to fix
    /// Add `"django.template.context_processors.csp"` to the `context_processors` of the template
    /// engine, and `nonce="{{ csp_nonce }}"` to the inline scripts.
    ///
    /// ## Limits
    /// Whether each inline script of the templates carries the nonce is the business of
    /// `csp-blocks-template-code`. django-csp
    /// needs no context processor: its nonce is `request.csp_nonce`.
    ///
    /// ## References
    /// - [Django: using nonces](https://docs.djangoproject.com/en/stable/howto/csp/)
    /// - [Django: context_processors.csp](https://docs.djangoproject.com/en/stable/ref/templates/api/#django-template-context-processors-csp)
    RULE {
        id: "csp-nonce-wiring-broken",
        group: "headers",
        summary: "templates cannot use the nonce of the content security policy",
        severity: Medium,
        cwe: [693],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        django: ["security.W027"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let never = cx.settings().never();
    let mut nonce = never;
    let mut first: Option<(SettingRef<'_>, Option<Span>)> = None;
    let policies = cx.project.policies();
    for policy in policies.iter().filter(|policy| policy.emitter == Emitter::Django) {
        for directive in &policy.directives {
            let here = policy.sends_nonce(directive);
            nonce = nonce | here;
            if !here.is_never() && first.is_none() {
                let source = directive.sources.iter().find(|source| source.token == Token::Nonce);
                first = Some((directive.setting.clone(), source.and_then(|source| source.span)));
            }
        }
    }
    let Some((setting, span)) = first else { return };
    out.judge(
        cx,
        &RULE,
        &setting,
        nonce & !cx.project.nonce_processor(),
        "no template can use the nonce: its context processor is missing, so scripts that need it are \
         blocked",
    )
    .at(span)
    .help(format!("add `\"{NONCE_PROCESSOR}\"` to the `context_processors` of the template engine"))
    .django_check_if(
        cx.django_at_least(6, 1) && !cx.has_middleware(DJANGO_CSP).is_never(),
        "security.W027",
    )
    .done();
}
