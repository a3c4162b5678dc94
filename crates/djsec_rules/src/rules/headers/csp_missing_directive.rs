use djsec_base::Severity;
use djsec_django::csp::{Policy, Token};
use djsec_django::settings::Cond;

use crate::words::listed;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds enforced content security policies that leave a door open because a directive is missing:
    /// `script-src` and `object-src` without a `default-src` to stand in, and `base-uri` and
    /// `form-action`, for which `default-src` never stands in.
    ///
    /// ## Why it matters
    /// What a policy does not mention is allowed. Without `script-src`, any script runs. Without `base-uri`, an injected
    /// `<base>` makes the page load its own nonced scripts from the attacker's server. Without
    /// `form-action`, an injected form sends the typed password elsewhere.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"img-src": [CSP.SELF]}  # finding
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {
    ///         "default-src": ["'self'"],
    ///         "base-uri": ["'none'"],
    ///         "form-action": ["'self'"],
    ///     },
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Add `"default-src": ["'self'"]`, `"base-uri": ["'none'"]` and `"form-action": ["'self'"]`.
    ///
    /// ## Limits
    /// One finding names all that is missing. `base-uri` counts only where the policy relies on nonces or
    /// `'strict-dynamic'`; `form-action` alone is for information. A missing `frame-ancestors` is the
    /// business of clickjacking-middleware-missing.
    ///
    /// ## References
    /// - [MDN: Content-Security-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy)
    RULE {
        id: "csp-missing-directive",
        group: "headers",
        summary: "the content security policy leaves a door open",
        severity: Low,
        cwe: [693],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for policy in cx.project.policies().iter().filter(|policy| policy.enforced) {
        let gaps = gaps(cx, policy);
        let found: Vec<&Gap<'_>> =
            gaps.iter().filter(|gap| !(gap.when.surely() & policy.sent()).is_never()).collect();
        // The first of the worst.
        let Some(worst) = found.iter().rev().max_by_key(|gap| gap.severity) else { continue };
        let when = found.iter().fold(cx.settings().never(), |all, gap| all | gap.when.surely());
        let names: Vec<String> = found.iter().map(|gap| format!("`{}`", gap.name)).collect();
        out.judge(
            cx,
            &RULE,
            &policy.setting,
            when & policy.sent(),
            format!("the policy does not mention {}, so {}", listed(&names), worst.consequence),
        )
        .rated(worst.severity)
        .help("what a policy does not mention is allowed: add the directives")
        .done();
    }
}

struct Gap<'a> {
    name: &'static str,
    when: Cond<'a>,
    severity: Severity,
    consequence: &'static str,
}

fn gaps<'a>(cx: &Cx<'a>, policy: &Policy<'a>) -> Vec<Gap<'a>> {
    let default = policy.has("default-src");
    let never = cx.settings().never();
    let relies_on_nonces = policy.script_directives().into_iter().fold(never, |all, (d, when)| {
        let relies = d.lists(|token| {
            matches!(token, Token::Nonce | Token::Hash) || token.is_keyword("strict-dynamic")
        });
        all | (when & relies)
    });
    vec![
        Gap {
            name: "script-src",
            when: !policy.has("script-src") & !default,
            severity: Severity::Medium,
            consequence: "injected scripts run as if there were none",
        },
        Gap {
            name: "object-src",
            when: !policy.has("object-src") & !default,
            severity: Severity::Low,
            consequence: "an injected `<object>` loads anything",
        },
        Gap {
            name: "base-uri",
            when: !policy.has("base-uri") & relies_on_nonces,
            severity: Severity::Low,
            consequence: "an injected `<base>` makes trusted scripts load from another server",
        },
        Gap {
            name: "form-action",
            when: !policy.has("form-action"),
            severity: Severity::Info,
            consequence: "an injected form can send what users type to another server",
        },
    ]
}
