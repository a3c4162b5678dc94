use djsec_base::Confidence;
use djsec_django::settings::SettingRef;
use djsec_python::QualifiedName;
use djsec_python::code::Stmt;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `"*"` in `ALLOWED_HOSTS`, also as the default of a variable.
    ///
    /// ## Why it matters
    /// Django then believes any `Host` header. Password reset mails and every absolute link built from
    /// the request point wherever the attacker says, and caches can be poisoned with such pages.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["*"]  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*").split(",")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = [".example.com", "localhost"]
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
    /// ```
    /// Only developers get it:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// ALLOWED_HOSTS = ["*"] if DEBUG else ["shop.example.com"]
    /// ```
    ///
    /// ## How to fix
    /// List the names under which the site is reached. Where the proxy in front already refuses other
    /// names, the list costs nothing and still holds when somebody finds the way around the proxy.
    ///
    /// ## Limits
    /// A proxy that pins the host name makes the finding milder; djsec does not look at it yet. Where a
    /// middleware of the project raises `DisallowedHost` itself, as sites do that serve the names of their
    /// customers, the confidence is low.
    ///
    /// ## References
    /// - [Django: host header validation](https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation)
    /// - [Django: ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
    RULE {
        id: "allowed-hosts-wildcard",
        group: "settings",
        summary: "every host name is accepted",
        severity: High,
        cwe: [644, 20],
        owasp: ["2025:A02"],
        checklist: ["allowed-hosts-explicit", "password-reset-safe"],
        since: "next",
        checks: [Check::Setting(&["ALLOWED_HOSTS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let star = |data: &Data| data.as_str().is_some_and(|host| host.trim() == "*");
    let cond = setting.any(|data| match data {
        // What somebody sets in the environment is theirs to answer for.
        Data::Sym(sym) if sym.variable().is_some() => Some(false),
        Data::Sym(_) => None,
        data => Some(star(data)),
    }) & !setting.from_environment();
    let at = setting.element_span(cond, star);
    out.judge(
        cx,
        &RULE,
        setting,
        cond,
        "`ALLOWED_HOSTS` accepts any `Host` header, so links in mails and pages can be made to point elsewhere",
    )
    .help("list the names under which the site is reached")
    .confidence(if refuses_hosts(cx) { Confidence::Low } else { Confidence::High })
    .at(at)
    .done();
}

/// Whether a middleware of the project refuses names of hosts itself.
fn refuses_hosts(cx: &Cx<'_>) -> bool {
    cx.own_middleware().iter().any(|class| {
        cx.bodies(class).any(|(owner, at, id)| {
            let QualifiedName::Project(module, _) = owner else { return false };
            at.code.functions().filter(|(_, function)| function.class == Some(id)).any(
                |(_, function)| {
                    let mut refuses = false;
                    at.code.each_stmt(function.body, &mut |_, stmt| {
                        let Stmt::Raise(Some(raised)) = stmt else { return };
                        let made = at.code.call(raised).map_or(raised, |(callee, _)| callee);
                        let name = at.code.dotted(made).unwrap_or_default();
                        refuses |= cx
                            .program
                            .resolve(module, &name)
                            .is_external("django.core.exceptions.DisallowedHost");
                    });
                    refuses
                },
            )
        })
    })
}
