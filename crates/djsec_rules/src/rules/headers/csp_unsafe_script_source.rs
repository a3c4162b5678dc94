use djsec_base::Severity;
use djsec_django::csp::{Directive, Emitter, Policy, Token};
use djsec_django::settings::Cond;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds content security policies that let injected scripts run: `'unsafe-inline'`,
    /// `'unsafe-eval'`, `'unsafe-hashes'`, `*`, whole schemes such as `https:` and `data:`, and
    /// `http:` sources, in `script-src` or the `default-src` that stands in for it.
    ///
    /// ## Why it matters
    /// An attacker who can put `<script>` into a page, or an `onerror=`, needs `'unsafe-inline'` to run
    /// it. With `*` or `https:` a script from any server does as well; with `data:` the script is in
    /// the address itself. Such a policy looks like protection and is none.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {
    ///         "script-src": [
    ///             "'self'",
    ///             "'unsafe-inline'",  # finding
    ///             "https:",  # finding
    ///         ],
    ///     },
    /// }
    /// ```
    /// ```python settings.py
    /// from django.utils.csp import CSP
    ///
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {"default-src": [CSP.SELF, CSP.UNSAFE_EVAL]}  # finding
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// # The hash makes browsers ignore 'unsafe-inline', which old ones need; inline styles are no scripts.
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {
    ///         "script-src": ["'self'", "'unsafe-inline'", "'sha256-B2yPHKaXnvFWtRChIbabYmUBFZdVfKKXHbWtWidDVF8='"],
    ///         "style-src": ["'self'", "'unsafe-inline'"],
    ///     },
    /// }
    /// ```
    /// ```python settings.py
    /// # With 'strict-dynamic', browsers ignore hosts, schemes and 'unsafe-inline'.
    /// from csp.constants import NONCE, STRICT_DYNAMIC
    ///
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {"script-src": [NONCE, STRICT_DYNAMIC, "'unsafe-inline'", "https:"]},
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Move inline scripts into files, or give them the nonce (`CSP.NONCE`, `{{ csp_nonce }}`), and name the
    /// hosts that scripts come from.
    ///
    /// ## Limits
    /// A nonce beside `'unsafe-inline'` helps less than it seems: Django and django-csp leave it out of the
    /// header of every page whose template does not use it, and there `'unsafe-inline'` counts. That is
    /// reported as low. Report-only policies are not looked at.
    ///
    /// ## References
    /// - [MDN: script-src](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/script-src)
    /// - [Django: CSP](https://docs.djangoproject.com/en/stable/ref/csp/)
    RULE {
        id: "csp-unsafe-script-source",
        group: "headers",
        summary: "the content security policy lets injected scripts run",
        severity: Medium,
        cwe: [79],
        owasp: ["2025:A02", "2025:A05"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for policy in cx.project.policies().iter().filter(|policy| policy.enforced) {
        for (directive, decides) in policy.script_directives() {
            for source in &directive.sources {
                let here = policy.sent() & decides & source.when;
                if here.is_never() {
                    continue;
                }
                let Some(problem) = problem(policy, directive, &source.token) else { continue };
                let name = &directive.name;
                out.judge(
                    cx,
                    &RULE,
                    &directive.setting,
                    here & problem.when,
                    format!("`{}` in `{name}` {}", source.text, problem.consequence),
                )
                .rated(problem.severity)
                .at(source.span)
                .help(problem.help)
                .done();
            }
        }
    }
}

struct Problem<'a> {
    when: Cond<'a>,
    severity: Severity,
    consequence: &'static str,
    help: &'static str,
}

fn problem<'a>(
    policy: &Policy<'a>,
    directive: &Directive<'a>,
    token: &Token,
) -> Option<Problem<'a>> {
    let strict = directive.lists(|token| token.is_keyword("strict-dynamic"));
    let of =
        |when, severity, consequence, help| Some(Problem { when, severity, consequence, help });
    let hosts = "name the hosts that scripts come from";
    match token {
        Token::Keyword(word) => match &**word {
            "unsafe-inline" => Some(unsafe_inline(policy, directive)),
            "unsafe-eval" => of(
                policy.setting.settings().always(),
                Severity::Low,
                "lets scripts turn text into code, so a hole in one of them runs an attacker's text",
                "replace the library that needs `eval`, or use its build without it",
            ),
            "unsafe-hashes" => of(
                policy.setting.settings().always(),
                Severity::Low,
                "lets an injected `onclick=` reuse the handlers that the hashes allow",
                "attach handlers in a script file",
            ),
            _ => None,
        },
        Token::Star => of(!strict, Severity::Medium, "lets scripts come from any server", hosts),
        Token::Scheme(scheme) => match &**scheme {
            "https" | "http" | "ws" | "wss" => {
                of(!strict, Severity::Medium, "lets scripts come from any server", hosts)
            }
            "data" => of(
                !strict,
                Severity::Medium,
                "lets an injected tag carry its script in its own address",
                "remove it: scripts need no `data:`",
            ),
            _ => None,
        },
        Token::Host(host)
            if host.scheme.as_deref() == Some("http") && &*host.name != "localhost" =>
        {
            of(
                !strict,
                Severity::Low,
                "lets whoever is on the way replace the script",
                "write `https://`",
            )
        }
        _ => None,
    }
}

fn unsafe_inline<'a>(policy: &Policy<'a>, directive: &Directive<'a>) -> Problem<'a> {
    let ignored = directive.lists(|token| {
        matches!(token, Token::Hash | Token::FixedNonce) || token.is_keyword("strict-dynamic")
    });
    let nonce = directive.lists(|token| *token == Token::Nonce);
    if nonce.is_always() {
        let package = policy.emitter != Emitter::Django;
        return Problem {
            when: !ignored,
            severity: Severity::Low,
            consequence: if package {
                "counts on every page that does not use the nonce, because django-csp sends none there"
            } else {
                "counts on every page that does not use the nonce, because Django sends none there"
            },
            help: "remove `'unsafe-inline'`: all browsers in use know nonces",
        };
    }
    Problem {
        when: !ignored & !nonce,
        severity: Severity::Medium,
        consequence: "lets every injected script run, which the policy is there to prevent",
        help: "move inline scripts into files or give them a nonce, then remove it",
    }
}
