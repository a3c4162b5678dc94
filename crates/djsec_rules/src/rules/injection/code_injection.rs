use djsec_base::Severity;
use djsec_flow::{Flow, Kind};
use djsec_python::code::ExprId;

use crate::writers::tell;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that `eval`, `exec` or an interpreter runs, that chooses what is imported,
    /// or that is the format of a text: `request.GET["greeting"].format(user=user)`.
    ///
    /// ## Why it matters
    /// Code from a request does what it likes. A format reads attributes of what is put into it:
    /// `{user.password}`, or by way of `__globals__` the settings with their secrets.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from importlib import import_module
    ///
    /// from django.http import JsonResponse
    ///
    ///
    /// def price(request):
    ///     return JsonResponse({"price": eval(request.GET["formula"])})  # finding
    ///
    ///
    /// def report(request, name):
    ///     return JsonResponse({"rows": import_module(request.GET["kind"]).rows()})  # finding
    ///
    ///
    /// def greeting(request):
    ///     return JsonResponse({"text": request.GET["text"].format(user=request.user)})  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Literals, a table of what may be chosen, and a fixed format:
    /// ```python views.py
    /// import ast
    ///
    /// from django.http import JsonResponse
    ///
    /// KINDS = {"sales": "shop.reports.sales", "stock": "shop.reports.stock"}
    ///
    ///
    /// def price(request):
    ///     return JsonResponse({"price": ast.literal_eval(request.GET["price"])})
    ///
    ///
    /// def report(request):
    ///     return JsonResponse({"kind": KINDS[request.GET["kind"]]})
    ///
    ///
    /// def greeting(request):
    ///     return JsonResponse({"text": "Hello {name}".format(name=request.GET["name"])})
    /// ```
    ///
    /// ## How to fix
    /// Look the function or module up in a dict of those that may be used. Read values with `json.loads`
    /// or `ast.literal_eval`. Write formats in the source, or let users fill in `string.Template`, which
    /// reads no attributes.
    ///
    /// ## Limits
    /// Attributes that are read by a name of the request (`getattr(obj, name)`) are not reported, as most
    /// of them are harmless. That `format` is the method of a text is told from its name, so such
    /// findings have medium confidence. A module that is imported below a fixed package of the source
    /// (`import_module(f"shop.plugins.{name}")`) is not reported.
    ///
    /// ## References
    /// - [Python: eval](https://docs.python.org/3/library/functions.html#eval)
    /// - [Armin Ronacher: be careful with new-style string format](https://lucumr.pocoo.org/2016/12/29/careful-with-str-format/)
    RULE {
        id: "code-injection",
        group: "injection",
        summary: "data of a request is run as code",
        severity: Critical,
        cwe: [94, 95, 134, 470],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.2", "5.0:1.3.10"],
        checklist: ["no-code-or-template-injection"],
        since: "next",
        checks: [Check::Flow(&[Kind::Code, Kind::Format], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_of_a_package(cx, flow) {
        return;
    }
    let found = tell(&RULE, cx, flow, "becomes", out);
    match flow.kind {
        Kind::Format => found
            .rated(Severity::Medium)
            .help("write the format in the source, or use `string.Template`"),
        _ => found.help("look it up in a dict of what may be used"),
    }
    .done();
}

/// Whether a module is imported that can only be one of a package: `import_module(f"shop.plugins.{name}")`.
fn is_of_a_package(cx: &Cx<'_>, flow: &Flow) -> bool {
    let Some((at, around)) = cx.function_at(flow.place) else { return false };
    let code = at.code;
    let mut name: Option<ExprId> = None;
    code.each_expr(around.body, &mut |id, _| {
        if code.expr_range(id).contains_range(flow.place.range)
            && at.called(id).is_some_and(|called| called.ends_with("import_module"))
        {
            let arguments = code.call(id).map(|(_, arguments)| arguments);
            name = arguments.and_then(|all| all.first()).map(|first| first.value);
        }
    });
    let begins = name.and_then(|name| code.beginning(name)).unwrap_or_default();
    let fixed = begins.split(['%', '{']).next().unwrap_or_default();
    fixed.strip_suffix('.').is_some_and(|package| {
        package.split('.').all(|part| !part.is_empty() && part.chars().all(is_of_name))
    })
}

fn is_of_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}
