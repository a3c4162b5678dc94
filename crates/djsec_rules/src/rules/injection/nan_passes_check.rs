use djsec_base::{Confidence, Span};
use djsec_flow::{Flow, Grade, Kind};
use djsec_python::code::{Comparison, Expr, ExprId, Stmt};

use super::report::{say, source};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds texts of a request that `float()` reads, and whose value is then refused if it is too large or too
    /// small, with nothing that refuses `nan`.
    ///
    /// ## Why it matters
    /// `float("nan")` is a number that is neither less nor more than any other, so that each such
    /// comparison is false and nothing is refused. What comes after takes it for a number within its bounds:
    /// sums become `nan`, and later checks are false, too.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import HttpResponseBadRequest, JsonResponse
    ///
    ///
    /// def pay_out(request):
    ///     amount = float(request.POST["amount"])  # finding
    ///     if amount <= 0 or amount > request.user.balance:
    ///         return HttpResponseBadRequest()
    ///     return JsonResponse({"paid": pay(request.user, amount)})
    /// ```
    ///
    /// ## Not flagged
    /// A check that is true only within the bounds, one of `nan` itself, and decimals, of which a comparison
    /// with `NaN` is an error:
    /// ```python views.py
    /// import math
    /// from decimal import Decimal
    ///
    /// from django.http import HttpResponseBadRequest, JsonResponse
    ///
    ///
    /// def pay_out(request):
    ///     amount = float(request.POST["amount"])
    ///     if not 0 < amount <= request.user.balance:
    ///         return HttpResponseBadRequest()
    ///     return JsonResponse({"paid": pay(request.user, amount)})
    ///
    ///
    /// def pay_in(request):
    ///     amount = float(request.POST["amount"])
    ///     if not math.isfinite(amount) or amount <= 0:
    ///         return HttpResponseBadRequest()
    ///     return JsonResponse({"paid": pay(request.user, amount)})
    ///
    ///
    /// def transfer(request):
    ///     amount = Decimal(request.POST["amount"])
    ///     if amount <= 0:
    ///         return HttpResponseBadRequest()
    ///     return JsonResponse({"paid": pay(request.user, amount)})
    /// ```
    ///
    /// ## How to fix
    /// Ask for what is allowed instead of what is not (`if not 0 < amount <= most`), refuse what is not
    /// `math.isfinite()`, or use a field of a form, which does. Money is a `Decimal`.
    ///
    /// ## Limits
    /// The check has to stand in the same function, with the name that the number was given.
    ///
    /// ## References
    /// - [Python: math.isfinite](https://docs.python.org/3/library/math.html#math.isfinite)
    RULE {
        id: "nan-passes-check",
        group: "injection",
        summary: "a number of a request may be `nan`, which no check of its size refuses",
        severity: Low,
        cwe: [1287, 704],
        owasp: ["2025:A06"],
        asvs: ["5.0:2.2.1"],
        checklist: ["input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Nan], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if flow.source.grade != Grade::Remote {
        return;
    }
    let Some(at) = cx.site_of(flow.place.file) else { return };
    let Some(refused) = refused(at, flow) else { return };
    let message = format!(
        "{} may be `nan`, which is neither too small nor too large: the check refuses nothing then",
        source(flow)
    );
    say(&RULE, flow, message, out)
        .confidence(if flow.doubt == 0 { Confidence::Medium } else { Confidence::Low })
        .related(Some(refused), "no comparison with `nan` is true")
        .help("ask for what is allowed: `if not 0 < amount <= most`, or for `math.isfinite()`")
        .done();
}

/// The check that refuses what is too small or too large, where nothing looks for `nan`.
fn refused(at: Site<'_>, flow: &Flow) -> Option<Span> {
    let code = at.code;
    let (call, _) = code.all_exprs().find(|(_, expr)| {
        let Expr::Call(callee, arguments) = expr else { return false };
        let first = code.arguments(*arguments).first();
        code.name(*callee) == Some("float")
            && first.is_some_and(|first| code.expr_range(first.value) == flow.place.range)
    })?;
    let function = at.function_of(call)?;
    if at.mentions(function, &["isfinite", "isinf", "isnan", "is_finite"]) {
        return None;
    }
    let mut name = None;
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, value: Some(value), .. } = stmt
            && value == call
            && let [target] = code.exprs(targets)
        {
            name = code.name(*target);
        }
    });
    let is_it = |id: ExprId| id == call || (name.is_some() && code.name(id) == name);
    let mut found = None;
    code.each_stmt(function.body, &mut |_, stmt| {
        let Stmt::If { test, then, .. } = stmt else { return };
        let last = code.stmts(then).last().map(|id| code.stmt(*id));
        let leaves = matches!(last, Some(Stmt::Return(_) | Stmt::Raise(_)));
        if leaves && found.is_none() && fails_for_nan(at, test, &is_it) {
            found = Some(at.expr_span(test));
        }
    });
    found
}

/// Whether a test is false of `nan`, whatever else is: comparisons of a number with its bounds.
fn fails_for_nan(at: Site<'_>, test: ExprId, is_it: &impl Fn(ExprId) -> bool) -> bool {
    let code = at.code;
    match code.expr(test) {
        Expr::Compare(left, rest) => match code.comparisons(rest) {
            [(Comparison::Order, right)] => is_it(left) || is_it(*right),
            _ => false,
        },
        Expr::Or(list) => code.exprs(list).iter().all(|part| fails_for_nan(at, *part, is_it)),
        _ => false,
    }
}
