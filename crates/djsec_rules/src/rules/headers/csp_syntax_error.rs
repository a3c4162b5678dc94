use djsec_base::{Fix, Severity};
use djsec_django::csp::{
    Directive, Emitter, Policy, Source, Token, directive_names, is_gone, is_known_directive,
    is_source_list,
};
use djsec_django::settings::Cond;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds parts of a content security policy that do not mean what they seem to: unknown and dropped
    /// directives, keywords without their single quotes, semicolons and commas inside a source,
    /// `'none'` beside other sources, a nonce that stands in the settings, `'strict-dynamic'` without
    /// anything to trust, and a `SECURE_CSP` that is no dict.
    ///
    /// ## Why it matters
    /// Neither Django nor django-csp checks what they send, and browsers skip what they do not know.
    /// `["self"]` allows a host called `self`, `"script_src"` is no directive, and a semicolon in a source begins a
    /// new directive. The policy is sent, looks right, and protects less, or breaks pages so that
    /// somebody turns it off.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
    /// SECURE_CSP = {
    ///     "default-src": ["self"],  # finding
    ///     "script_src": ["'self'"],  # finding
    /// }
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    /// ```python settings.py
    /// # A nonce that never changes is a password printed on every page.
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {"script-src": ["'self'", "'nonce-2726c7f26c'"]},  # finding
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {
    ///     "DIRECTIVES": {
    ///         "default-src": ["'none'"],
    ///         "script-src": "'self' https://static.example.com",
    ///         "upgrade-insecure-requests": True,
    ///         "report-uri": "/csp-report/",
    ///     },
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use the constants (`CSP.SELF` in Django, `csp.constants.SELF` in django-csp), one source per
    /// list entry, and directive names with hyphens.
    ///
    /// ## References
    /// - [Django: CSP](https://docs.djangoproject.com/en/stable/ref/csp/)
    /// - [MDN: Content-Security-Policy](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy)
    RULE {
        id: "csp-syntax-error",
        group: "headers",
        summary: "part of the content security policy does not mean what it says",
        severity: Medium,
        cwe: [1284],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        django: ["security.E026"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    no_dict(cx, out);
    for policy in cx.project.policies() {
        dropped(cx, &policy, out);
        for directive in &policy.directives {
            let sent = policy.sent() & directive.when;
            if sent.is_never() {
                continue;
            }
            name(cx, &policy, directive, out);
            if is_source_list(&directive.name) {
                for source in &directive.sources {
                    word(cx, directive, source, sent & source.when, out);
                }
                together(cx, directive, sent, out);
            }
        }
    }
}

/// What Django reports as security.E026, whether the middleware is there or not.
fn no_dict(cx: &Cx<'_>, out: &mut Findings) {
    if !cx.django_at_least(6, 0) {
        return;
    }
    for name in ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"] {
        let setting = cx.setting(name);
        let wrong = setting.is(|data| {
            Some(!matches!(data, Data::None | Data::Absent | Data::Dict(_) | Data::Object(_)))
        });
        let message = format!(
            "`{name}` is not a dict of directives: Django cannot make a policy of it, and its checks fail"
        );
        out.judge(cx, &RULE, &setting, wrong, message)
            .help("write a dict such as `{\"default-src\": [CSP.SELF]}`")
            .django_check("security.E026")
            .done();
    }
}

/// Directives that django-csp leaves out because it does not know their names.
fn dropped(cx: &Cx<'_>, policy: &Policy<'_>, out: &mut Findings) {
    if policy.emitter != Emitter::Package4 {
        return;
    }
    let all = policy.setting.entry("DIRECTIVES");
    for key in all.keys() {
        if is_known_directive(&key) {
            continue;
        }
        let entry = all.entry(&key);
        let message = format!("django-csp does not know {key:?} and leaves it out{}", meant(&key));
        out.judge(cx, &RULE, &entry, policy.sent() & entry.truthy(), message)
            .help("directive names are lower case, with hyphens")
            .done();
    }
}

fn name(cx: &Cx<'_>, policy: &Policy<'_>, directive: &Directive<'_>, out: &mut Findings) {
    let name = directive.name.to_ascii_lowercase();
    let (severity, message) = if is_gone(&name) {
        (Severity::Info, format!("browsers no longer act on `{name}`"))
    } else if is_known_directive(&name) {
        return;
    } else {
        (Severity::Medium, format!("browsers do not know {name:?} and skip it{}", meant(&name)))
    };
    out.judge(cx, &RULE, &directive.setting, policy.sent() & directive.when, message)
        .rated(severity)
        .help("directive names are lower case, with hyphens")
        .done();
}

/// What a wrong directive name was meant to be, if one is near.
fn meant(name: &str) -> String {
    let plain = name.trim().to_ascii_lowercase().replace('_', "-");
    let near = directive_names().find(|known| *known == plain || edits(known, &plain) <= 2);
    near.map_or_else(String::new, |known| format!(": `{known}` is the name"))
}

/// How many letters to change, add or leave out to get from one word to the other.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (y, cell) in b.bytes().zip(row.iter_mut().skip(1)) {
            let best = (corner + usize::from(x != y)).min(left + 1).min(*cell + 1);
            corner = *cell;
            *cell = best;
            left = best;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn word(
    cx: &Cx<'_>,
    directive: &Directive<'_>,
    source: &Source<'_>,
    when: Cond<'_>,
    out: &mut Findings,
) {
    let text = &*source.text;
    let mut fixed = None;
    let (severity, message) = if text.contains([';', ',']) {
        (
            Severity::Medium,
            format!("{text:?} holds a separator, which ends the directive or the policy there"),
        )
    } else if let Some(keyword) = Token::keyword_without_quotes(text) {
        let message =
            format!("{text:?} is taken for a host: the keyword is `{keyword}`, with single quotes");
        fixed = Some(keyword);
        (Severity::Medium, message)
    } else if source.token == Token::FixedNonce {
        let message = "the nonce is always the same, so an injected script can carry it".to_owned();
        (Severity::Medium, message)
    } else if let Token::UnknownKeyword(_) = &source.token {
        (Severity::Medium, format!("browsers do not know {text:?} and skip it"))
    } else {
        return;
    };
    let fix = fixed.zip(source.span).and_then(|(keyword, span)| {
        let whole =
            cx.files.slice(span).trim_matches(['"', '\'']) == text.trim_matches(['"', '\'']);
        whole.then(|| Fix::unsafe_replace("Quote the keyword", span, format!("\"{keyword}\"")))
    });
    out.judge(cx, &RULE, &directive.setting, when, message)
        .rated(severity)
        .at(source.span)
        .help("use the constants of `django.utils.csp.CSP` or `csp.constants`")
        .fix(fix)
        .done();
}

/// Sources that contradict each other.
fn together(cx: &Cx<'_>, directive: &Directive<'_>, sent: Cond<'_>, out: &mut Findings) {
    let name = &directive.name;
    let none = directive.lists(|token| token.is_keyword("none"));
    let others =
        directive.lists(|token| !token.is_keyword("none") && !token.is_keyword("report-sample"));
    out.judge(
        cx,
        &RULE,
        &directive.setting,
        (sent & none & others).surely(),
        format!("`'none'` in `{name}` is skipped, because other sources stand beside it"),
    )
    .rated(Severity::Low)
    .help("write `'none'` alone, or leave it out")
    .done();
    if !name.starts_with("script-src") && &**name != "default-src" {
        return;
    }
    let strict = directive.lists(|token| token.is_keyword("strict-dynamic"));
    let trusted =
        directive.lists(|token| matches!(token, Token::Nonce | Token::FixedNonce | Token::Hash));
    out.judge(
        cx,
        &RULE,
        &directive.setting,
        sent & strict.surely() & !trusted,
        format!(
            "`'strict-dynamic'` in `{name}` blocks every script: no nonce or hash is there to trust"
        ),
    )
    .help("add the nonce (`CSP.NONCE`), or remove `'strict-dynamic'`")
    .done();
}
