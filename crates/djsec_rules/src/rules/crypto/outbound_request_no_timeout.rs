use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId, Function};
use djsec_python::{BindingKind, QualifiedName};

use super::tls_switches::REQUESTS;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds requests to other servers that wait without an end: `requests.get()` and its like, and
    /// `urlopen()`, without `timeout`.
    ///
    /// ## Why it matters
    /// A server that takes the connection and says nothing holds the process that asks. A few of them hold
    /// all processes, and the site no longer answers.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import requests
    ///
    ///
    /// def rates(request):
    ///     return requests.get("https://rates.example/today").json()  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// import requests
    ///
    ///
    /// def rates(request):
    ///     return requests.get("https://rates.example/today", timeout=10).json()
    /// ```
    ///
    /// ## How to fix
    /// Give `timeout=10`, or what suits the other side.
    ///
    /// ## Limits
    /// `httpx` has a timeout by itself. Calls of a session, which may set one for all, and management
    /// commands are not looked at. Neither are tasks of Celery that their worker ends (`CELERY_TASK_TIME_LIMIT`,
    /// `time_limit` of the task).
    ///
    /// ## References
    /// - [requests: timeouts](https://requests.readthedocs.io/en/latest/user/advanced/#timeouts)
    RULE {
        id: "outbound-request-no-timeout",
        group: "crypto",
        summary: "another server can hold a process for as long as it likes",
        severity: Low,
        cwe: [400],
        owasp: ["2025:A10"],
        asvs: ["5.0:13.2.6"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const URLOPEN: &str = "urllib.request.urlopen";

/// Settings by which workers of Celery end every task that takes longer.
const LIMITS: [&str; 4] = [
    "CELERY_TASK_TIME_LIMIT",
    "CELERY_TASK_SOFT_TIME_LIMIT",
    "CELERYD_TASK_TIME_LIMIT",
    "CELERYD_TASK_SOFT_TIME_LIMIT",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    // `urlopen()` then takes that of all sockets.
    let for_all = cx.sites().any(|at| at.code.symbol("setdefaulttimeout").is_some());
    let limited = LIMITS.iter().any(|limit| cx.setting(limit).truthy().surely().is_always());
    let names: Vec<&'static str> = REQUESTS.iter().copied().chain([URLOPEN]).collect();
    for call in cx.calls_to(&names) {
        let code = call.at.code;
        let urlopen = call.name == URLOPEN;
        let timeout = if urlopen { call.argument(2, "timeout") } else { call.keyword("timeout") };
        let waits = timeout.is_none_or(|value| code.expr(value) == Expr::None);
        if !waits || code.is_open(call.arguments) || (urlopen && for_all) || cx.is_command(call.at)
        {
            continue;
        }
        let Some(function) = call.function() else { continue };
        if is_ended(cx, call.at, function, limited) {
            continue;
        }
        out.found(
            &RULE,
            call.at.expr_span(call.id),
            &*function.path,
            "the other server can let this wait for as long as it likes",
        )
        .confidence(Confidence::Medium)
        .help("give `timeout=10`")
        .done();
    }
}

/// Whether a function is a task of Celery that a worker ends where it takes too long. `limited`: all are.
fn is_ended(cx: &Cx<'_>, at: Site<'_>, function: &Function, limited: bool) -> bool {
    at.code.exprs(function.decorators).iter().any(|decorator| {
        let called = at.code.call(*decorator);
        let (callee, arguments) = called.unwrap_or((*decorator, &[]));
        let of_app = match at.code.expr(callee) {
            Expr::Attribute(app, name) if at.code.text(name) == "task" => is_celery(cx, at, app),
            _ => false,
        };
        let is_task = of_app || cx.resolved(at, callee).is_external("celery.shared_task");
        let own = ["time_limit", "soft_time_limit"].iter().find_map(|name| {
            let value = at.code.keyword(arguments, name)?;
            Some(at.code.expr(value) != Expr::None)
        });
        is_task && own.unwrap_or(limited)
    })
}

/// Whether something that has tasks is Celery's, as far as that is seen: other queues have a `task`, too, and know
/// nothing of Celery's settings.
fn is_celery(cx: &Cx<'_>, at: Site<'_>, app: ExprId) -> bool {
    let of_celery = |name: &QualifiedName| match name {
        QualifiedName::External(name) => name.split('.').next() == Some("celery"),
        QualifiedName::Project(..) => {
            cx.classes.derives_from(name, &["celery.Celery"]) != Some(false)
        }
        _ => true,
    };
    let name = cx.resolved(at, app);
    match (&name, cx.program.binding(&name).map(|binding| &binding.kind)) {
        (QualifiedName::Project(module, _), Some(BindingKind::Call(class))) => {
            of_celery(&cx.program.resolve(*module, class))
        }
        // What it is was not seen.
        (QualifiedName::Project(..), _) => true,
        _ => of_celery(&name),
    }
}
