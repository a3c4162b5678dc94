use djsec_base::{Confidence, Severity};
use djsec_django::settings::SettingRef;
use djsec_python::code::{Expr, ExprId, Stmt};
use djsec_python::value::Data;

use super::tls_switches::{SWITCHES, is_local};
use super::{tls_defaults, tls_settings, tls_switches};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds connections for which the certificate of the other side is not checked: `verify=False`,
    /// `CERT_NONE`, `ssl._create_unverified_context()`, `check_hostname = False`, settings of storages, caches
    /// and queues that say the same, and connections for mail and FTP of the standard library, which check
    /// nothing unless they are given a context.
    ///
    /// ## Why it matters
    /// The connection is encrypted, but with whom is not known: whoever stands between reads what is sent,
    /// keys and passwords included, and answers in the other's name.
    ///
    /// ## Flagged
    /// ```python tasks.py
    /// import requests
    ///
    ///
    /// def charge(order):
    ///     return requests.post("https://pay.example/charge", json=order, verify=False)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python tasks.py
    /// import requests
    ///
    ///
    /// def charge(order):
    ///     return requests.post("https://pay.example/charge", json=order, verify="/etc/ssl/pay.pem")
    /// ```
    ///
    /// ## How to fix
    /// Leave the check on. Where the other side has a certificate of its own authority, give that:
    /// `verify="/path/to/ca.pem"`, or `ssl.create_default_context(cafile=…)`.
    ///
    /// ## Limits
    /// What is off only where a setting, an option or `DEBUG` says so is the choice of who runs the
    /// site, and is left alone unless the setting is known. Calls to the same machine are fine.
    ///
    /// ## References
    /// - [requests: SSL certificate verification](https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification)
    /// - [Python: ssl, security considerations](https://docs.python.org/3/library/ssl.html#security-considerations)
    RULE {
        id: "tls-verification-disabled",
        group: "crypto",
        summary: "the certificate of the other side is not checked",
        severity: High,
        cwe: [295, 297],
        owasp: ["2025:A04", "2025:A07"],
        asvs: ["5.0:12.3.2"],
        checklist: ["crypto-sound", "tls-strong"],
        since: "next",
        checks: [
            Check::Project(calls),
            Check::Project(methods),
            Check::Project(contexts),
            Check::Project(defaults),
            Check::Project(settings),
        ],
    }
}

/// Calls by which certificates are not checked, whatever is given to them.
const UNCHECKED: &[&str] = &["ssl._create_unverified_context"];
const METHODS: &[&str] =
    &["delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream"];
const HELP: &str =
    "leave the check on, or name the other side's authority: `verify=\"/path/to/ca.pem\"`";
const MESSAGE: &str = "the certificate of the other side is not checked";

fn calls(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(UNCHECKED) {
        if !call.at.is_chosen(call.id) {
            report(cx, call.at, call.id, Confidence::High, out);
        }
    }
    for (at, value) in tls_switches::none(cx) {
        report(cx, at, value, Confidence::High, out);
    }
    let names: Vec<&'static str> = SWITCHES.iter().flat_map(|(_, names)| *names).copied().collect();
    for call in cx.calls_to(&names) {
        let takes = SWITCHES.iter().filter(|(_, names)| names.contains(&call.name));
        for value in takes.filter_map(|(keyword, _)| call.keyword(keyword)) {
            if !is_local(&call) {
                switched(cx, call.at, value, Confidence::High, out);
            }
        }
    }
}

/// `session.get(url, verify=False)`: nothing but clients of requests and httpx takes that.
fn methods(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites().filter(|at| at.code.symbol("verify").is_some()) {
        if cx.is_other_profile(at) {
            continue;
        }
        for (id, expr) in at.code.all_exprs() {
            let Expr::Call(callee, arguments) = expr else { continue };
            let Some(value) = at.code.keyword(at.code.arguments(arguments), "verify") else {
                continue;
            };
            let method = at.called(id).is_some_and(|name| METHODS.contains(&name));
            let known = matches!(cx.resolved(at, callee), djsec_python::QualifiedName::External(_));
            if method && !known && matches!(at.code.expr(callee), Expr::Attribute(..)) {
                switched(cx, at, value, Confidence::Medium, out);
            }
        }
    }
}

/// `context.check_hostname = False`, `context.verify_mode = ssl.CERT_NONE`, `session.verify = False`, and
/// the default of all connections of `urllib`.
fn contexts(cx: &Cx<'_>, out: &mut Findings) {
    const ATTRIBUTES: &[&str] =
        &["_create_default_https_context", "check_hostname", "verify", "verify_mode", "verify_ssl"];
    for at in cx.sites() {
        let named = ATTRIBUTES.iter().any(|name| at.code.symbol(name).is_some());
        if !named || cx.is_other_profile(at) {
            continue;
        }
        // The host name has to be switched off before the certificate is: one cause.
        let mut objects: Vec<(Option<u32>, ExprId)> = Vec::new();
        for (_, stmt) in at.code.all_stmts() {
            let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
            for target in at.code.exprs(targets) {
                let Expr::Attribute(object, name) = at.code.expr(*target) else { continue };
                if !is_off(cx, at, object, at.code.text(name), value) || at.is_chosen(value) {
                    continue;
                }
                let around = at.code.function_around(at.code.expr_range(object).start());
                let around = around.map(|id| id.0);
                let same = |other: &(Option<u32>, ExprId)| {
                    other.0 == around && at.code.dotted(other.1) == at.code.dotted(object)
                };
                if !objects.iter().any(same) {
                    objects.push((around, object));
                    report(cx, at, value, Confidence::High, out);
                }
            }
        }
    }
}

/// Whether an assignment to an attribute switches the check off.
fn is_off(cx: &Cx<'_>, at: Site<'_>, object: ExprId, name: &str, value: ExprId) -> bool {
    let off = at.code.bool(value) == Some(false);
    let made = |classes: &[&str]| {
        let values = at.given(object).unwrap_or_else(|| of_instance(at, object));
        values.iter().any(|made| {
            at.code.call(*made).is_some_and(|(callee, _)| cx.names(at, callee, classes))
        })
    };
    match name {
        "check_hostname" => off && made(&["ssl.SSLContext", "ssl.create_default_context"]),
        "verify_mode" => cx.names(at, value, &["ssl.CERT_NONE"]),
        "verify" => off && made(&["requests.Session", "requests.session"]),
        "verify_ssl" => {
            off && made(&[
                "kubernetes.client.Configuration",
                "kubernetes.client.Configuration.get_default_copy",
            ])
        }
        "_create_default_https_context" => {
            cx.names(at, object, &["ssl"]) && cx.names(at, value, UNCHECKED)
        }
        _ => false,
    }
}

/// What the class around gives an attribute of its instances: `self.session = requests.Session()`.
fn of_instance(at: Site<'_>, object: ExprId) -> Vec<ExprId> {
    let class_of = |id: ExprId| at.code.class_around(at.code.expr_range(id).start());
    let Some(name) = at.code.dotted(object).filter(|name| name.starts_with("self.")) else {
        return Vec::new();
    };
    let given = at.code.all_stmts().filter_map(|(_, stmt)| match stmt {
        Stmt::Assign { targets, value: Some(value), .. } => {
            let is = |target: &ExprId| at.code.is_dotted(*target, &name);
            let same = class_of(value) == class_of(object);
            (same && at.code.exprs(targets).iter().any(is)).then_some(value)
        }
        _ => None,
    });
    given.collect()
}

/// A value that switches the check off by being false: a constant, or a setting that is known.
fn switched<'a>(cx: &Cx<'a>, at: Site<'a>, value: ExprId, sure: Confidence, out: &mut Findings) {
    if let Some(name) = cx.setting_read(at, value) {
        let setting = cx.setting(&name);
        if setting.explicit && !at.is_chosen(value) {
            judge(cx, &setting, Some(at.expr_span(value)), out);
        }
        return;
    }
    let known =
        cx.surely(at, value, &|at, id| at.code.bool(id) == Some(false) && !at.is_chosen(id));
    if known && !at.is_chosen(value) {
        report(cx, at, value, sure, out);
    }
}

fn judge(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    used: Option<djsec_base::Span>,
    out: &mut Findings,
) {
    let off = setting.is(|data| Some(matches!(data, Data::Bool(false)))).surely();
    out.judge(cx, &RULE, setting, off, MESSAGE).related(used, "it is used here").help(HELP).done();
}

fn report(cx: &Cx<'_>, at: Site<'_>, place: ExprId, sure: Confidence, out: &mut Findings) {
    // Somebody may run a command by hand, in a network that they know.
    let sure = if cx.is_command(at) { Confidence::Medium } else { sure };
    let around = at.path_around(place);
    out.found(&RULE, at.expr_span(place), around, MESSAGE).confidence(sure).help(HELP).done();
}

/// What packages read from settings.
fn settings(cx: &Cx<'_>, out: &mut Findings) {
    let s3 = cx.setting("AWS_S3_VERIFY");
    if s3.explicit {
        judge(cx, &s3, None, out);
    }
    for (setting, when, place) in tls_settings::off(cx) {
        let help = "use `ssl.CERT_REQUIRED`, with `ssl_ca_certs` for an authority of your own";
        out.judge(cx, &RULE, &setting, when, MESSAGE).at(place).help(help).done();
    }
}

/// Connections of the standard library that check nothing by themselves.
fn defaults(cx: &Cx<'_>, out: &mut Findings) {
    for (call, place) in tls_defaults::unchecked(cx) {
        let message = format!("{MESSAGE}: `{}` does so only with a context", call.name);
        out.found(&RULE, call.at.expr_span(place), call.path_around(), message)
            .at_most(Severity::Medium)
            .help("give it `ssl.create_default_context()`")
            .done();
    }
}
