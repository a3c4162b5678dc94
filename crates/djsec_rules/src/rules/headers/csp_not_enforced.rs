use djsec_base::{FileKind, Role, Severity};
use djsec_django::csp::{Emitter, Policy};
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;
use regex::Regex;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds sites whose pages come without an enforced content security policy: there is none, it is
    /// only reported, or it stands in the settings without the middleware that would send it. Two
    /// packages that both send one are mentioned too.
    ///
    /// ## Why it matters
    /// A policy says which scripts a page may run. When a hole for cross-site scripting slips through, and one day one
    /// does, it is what keeps the attacker's script from running. A policy without its middleware is
    /// worse than none: everybody believes in it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MIDDLEWARE = [  # finding
    ///     "django.middleware.security.SecurityMiddleware",
    ///     "django.contrib.sessions.middleware.SessionMiddleware",
    /// ]
    /// TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
    /// ```
    /// ```python settings.py
    /// # The middleware that sends it is missing.
    /// SECURE_CSP = {"default-src": ["'self'"]}  # finding
    /// ```
    /// ```requirements requirements.txt
    /// Django==6.0
    /// ```
    /// ```python settings.py
    /// # Django 5.2 has no such setting.
    /// SECURE_CSP = {"default-src": ["'self'"]}  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    /// CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}
    /// ```
    ///
    /// ## How to fix
    /// From Django 6.0 on, add `"django.middleware.csp.ContentSecurityPolicyMiddleware"` and a policy
    /// such as `SECURE_CSP = {"default-src": [CSP.SELF], "script-src": [CSP.SELF, CSP.NONCE]}`; before,
    /// use django-csp. Begin with the report-only setting, read the reports, then enforce.
    ///
    /// ## Limits
    /// The project's own middleware and code that write the header are taken for a policy, unseen.
    /// Projects without templates answer with JSON, which no policy protects; for them the finding is for
    /// information.
    ///
    /// ## References
    /// - [Django: Content Security Policy](https://docs.djangoproject.com/en/stable/topics/security/#content-security-policy)
    /// - [django-csp](https://django-csp.readthedocs.io/en/latest/configuration.html)
    RULE {
        id: "csp-not-enforced",
        group: "headers",
        summary: "pages come without an enforced content security policy",
        severity: Medium,
        cwe: [1021, 79],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.3"],
        checklist: ["content-security-policy"],
        since: "next",
        checks: [Check::Setting(&["MIDDLEWARE"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let policies = cx.project.policies();
    unsent(cx, &policies, out);
    too_early(cx, out);
    let never = cx.settings().never();
    let enforced = policies.iter().filter(|p| p.enforced).fold(never, |all, p| all | p.sent());
    let reported = policies.iter().filter(|p| !p.enforced).fold(never, |all, p| all | p.sent());
    several(cx, &policies, out);
    let unseen = other_emitter(setting);
    if enforced.is_always() || writes_the_header(cx) {
        return;
    }
    let missing = !enforced & !unseen;
    // A policy that stands there unsent is a finding of its own.
    let early = if cx.django_at_least(6, 0) { never } else { cx.setting("SECURE_CSP").truthy() };
    let unsent = policies.iter().fold(early, |all, p| all | (p.written & !p.active));
    if let Some(policy) = policies.iter().find(|p| !p.enforced && !p.sent().is_never()) {
        out.judge(
            cx,
            &RULE,
            &policy.setting,
            missing & reported,
            "the content security policy is only reported: it keeps no script from running",
        )
        .rated(Severity::Low)
        .help("once the reports are clean, enforce the policy")
        .done();
    }
    let pages = cx.setting("TEMPLATES").truthy();
    let severity = if pages.is_never() { Severity::Info } else { Severity::Low };
    let help = if cx.django_at_least(6, 0) {
        "add Django's `ContentSecurityPolicyMiddleware` and `SECURE_CSP_REPORT_ONLY`, then `SECURE_CSP`"
    } else {
        "add django-csp (Django has a policy of its own from 6.0 on), report-only to begin with"
    };
    out.judge(
        cx,
        &RULE,
        setting,
        missing & !reported & !unsent.possibly(),
        "no content security policy is sent, so nothing keeps an injected script from running",
    )
    .rated(severity)
    .help(help)
    .done();
}

/// Policies without the middleware that sends them.
fn unsent(cx: &Cx<'_>, policies: &[Policy<'_>], out: &mut Findings) {
    for policy in policies.iter().filter(|p| p.emitter != Emitter::Package3) {
        let middleware = match policy.emitter {
            Emitter::Django => djsec_django::middleware::DJANGO_CSP,
            _ => djsec_django::middleware::PACKAGE_CSP,
        };
        out.judge(
            cx,
            &RULE,
            &policy.setting,
            policy.written
                & !policy.active
                & policy.setting.is(|d| Some(matches!(d, Data::Dict(_)))),
            format!("`{}` is never sent: its middleware is missing", policy.setting.path),
        )
        .help(format!("add `\"{middleware}\"` to `MIDDLEWARE`"))
        .done();
    }
}

/// Django's own setting in a Django that does not have it.
fn too_early(cx: &Cx<'_>, out: &mut Findings) {
    let setting = cx.setting("SECURE_CSP");
    let package = cx.has_middleware(djsec_django::middleware::PACKAGE_CSP);
    if cx.django_at_least(6, 0) || !setting.explicit {
        return;
    }
    let message =
        format!("`SECURE_CSP` is never sent: Django {} does not have it", cx.settings().series);
    out.judge(cx, &RULE, &setting, setting.truthy() & !package, message)
        .help("upgrade to Django 6.0, or use django-csp")
        .done();
}

/// Both packages have an enforced policy. Each leaves the header alone where it is set already, so
/// the one whose middleware stands later in the list, and sees the response first, is sent.
fn several(cx: &Cx<'_>, policies: &[Policy<'_>], out: &mut Findings) {
    let enforced = |p: &&Policy<'_>| p.enforced;
    let Some(django) = policies.iter().filter(enforced).find(|p| p.emitter == Emitter::Django)
    else {
        return;
    };
    let Some(package) = policies.iter().filter(enforced).find(|p| p.emitter != Emitter::Django)
    else {
        return;
    };
    out.judge(
        cx,
        &RULE,
        &django.setting,
        django.sent() & package.sent(),
        "Django and django-csp both have a policy, and only that of the middleware listed later is sent",
    )
    .severity(Severity::Info)
    .related(package.setting.span_when(package.sent()), "django-csp's policy")
    .help("keep one of the two middleware")
    .done();
}

/// In which worlds another middleware may send a policy, by its name.
fn other_emitter<'a>(setting: &SettingRef<'a>) -> Cond<'a> {
    setting.any(|data| match data {
        Data::Str(name) => {
            let lower = name.to_ascii_lowercase().replace(['_', '.'], "");
            let own = **name == *djsec_django::middleware::DJANGO_CSP
                || **name == *djsec_django::middleware::PACKAGE_CSP;
            let telling = lower.contains("csp")
                || lower.contains("contentsecurity")
                || lower.contains("securityheaders");
            if telling && !own { None } else { Some(false) }
        }
        Data::Sym(_) => None,
        _ => Some(false),
    })
}

/// Whether a proxy or the project's own code writes the header.
fn writes_the_header(cx: &Cx<'_>) -> bool {
    cx.proxy_sends("Content-Security-Policy:")
        || cx.proxy_sends("Content-Security-Policy ")
        || cx.proxy_sends("Content-Security-Policy\"")
        || in_python(cx)
}

fn in_python(cx: &Cx<'_>) -> bool {
    // Headers are written in one of these forms; looked for at once, as there may be megabytes of code.
    let forms = "content-security-policy|Content-Security-Policy|CONTENT-SECURITY-POLICY";
    let Ok(forms) = Regex::new(forms) else { return false };
    cx.files.iter().any(|(_, file)| {
        file.kind == FileKind::Python
            && file.role == Role::Application
            && file.path.starts_with(&cx.project.root)
            && forms.is_match(file.text())
    })
}
