use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds connections by SSH to servers whose key is not known and is taken all the same:
    /// `AutoAddPolicy`, `WarningPolicy`, `StrictHostKeyChecking=no`.
    ///
    /// ## Why it matters
    /// The key is how a server shows which one it is. Without a look at it, passwords, commands and files
    /// go to whoever answers.
    ///
    /// ## Flagged
    /// ```python tasks.py
    /// import paramiko
    ///
    ///
    /// def connect(host):
    ///     client = paramiko.SSHClient()
    ///     client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # finding
    ///     client.connect(host)
    /// ```
    ///
    /// ## Not flagged
    /// ```python tasks.py
    /// import paramiko
    ///
    ///
    /// def connect(host):
    ///     client = paramiko.SSHClient()
    ///     client.load_host_keys("/etc/shop/known_hosts")
    ///     client.connect(host)
    /// ```
    ///
    /// ## How to fix
    /// Keep the keys of the servers in a file, load it with `load_host_keys()`, and leave the policy as it
    /// is, which refuses others.
    ///
    /// ## Limits
    /// Where keys are loaded before, only those of new servers are taken unseen: confidence is low.
    ///
    /// ## References
    /// - [Paramiko: host key policies](https://docs.paramiko.org/en/stable/api/client.html)
    RULE {
        id: "ssh-host-key-ignored",
        group: "crypto",
        summary: "an SSH server is trusted whatever key it shows",
        severity: Medium,
        cwe: [322, 295],
        owasp: ["2025:A04", "2025:A07"],
        asvs: ["5.0:12.3.2"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(policies), Check::Project(options)],
    }
}

const POLICIES: &[&str] = &[
    "paramiko.AutoAddPolicy",
    "paramiko.WarningPolicy",
    "paramiko.client.AutoAddPolicy",
    "paramiko.client.WarningPolicy",
];
const LOAD: &str = "load the keys of the servers with `load_host_keys()`, and refuse others";
const FILE: &str = "give a file with the keys of the servers: `-o UserKnownHostsFile=…`";

fn policies(cx: &Cx<'_>, out: &mut Findings) {
    let method = "set_missing_host_key_policy";
    for at in cx.sites().filter(|at| at.code.symbol(method).is_some()) {
        for (id, _) in at.code.all_exprs() {
            if at.called(id) != Some(method) {
                continue;
            }
            let Some((_, [policy, ..])) = at.code.call(id) else { continue };
            let class = at.code.call(policy.value).map_or(policy.value, |(callee, _)| callee);
            if !cx.names(at, class, POLICIES) {
                continue;
            }
            let loads = ["load_host_keys", "load_system_host_keys"];
            let loaded = at.function_of(id).is_some_and(|function| at.mentions(function, &loads));
            let confidence = if loaded { Confidence::Low } else { Confidence::High };
            report(at, policy.value, (confidence, LOAD), out);
        }
    }
}

/// `["ssh", "-o", "StrictHostKeyChecking=no", …]`
fn options(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        let spoken = ["subprocess", "ssh", "scp", "rsync", "GIT_SSH_COMMAND", "system", "run"];
        if !spoken.iter().any(|name| at.code.symbol(name).is_some()) {
            continue;
        }
        for (id, expr) in at.code.all_exprs() {
            let Expr::Str(text) = expr else { continue };
            let text = at.code.text(text);
            let off = ["StrictHostKeyChecking=no", "StrictHostKeyChecking no"];
            if off.iter().any(|off| text.contains(off)) && !stands_alone(at, id) {
                report(at, id, (Confidence::Medium, FILE), out);
            }
        }
    }
}

/// Whether a text is a statement of its own, which explains something.
fn stands_alone(at: Site<'_>, text: ExprId) -> bool {
    at.code.all_stmts().any(|(_, stmt)| matches!(stmt, Stmt::Expr(expr) if expr == text))
}

fn report(
    at: Site<'_>,
    place: ExprId,
    (sure, help): (Confidence, &'static str),
    out: &mut Findings,
) {
    let subject = at.path_around(place);
    let message = "the server is trusted whatever key it shows";
    out.found(&RULE, at.expr_span(place), subject, message).confidence(sure).help(help).done();
}
