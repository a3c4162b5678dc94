use djsec_flow::{Flow, Kind};

use super::report::is_expression_template;
use crate::writers::tell;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of an SQL statement: in a cursor's `execute`, in
    /// `raw()`, `extra()` or `RawSQL`, however many functions lie in between. For the templates of expressions
    /// there is `sql-expression-template-injection`.
    ///
    /// ## Why it matters
    /// Whoever sends the request writes part of the statement. They read every table, change rows, and on
    /// some databases run programs. Quoting by hand does not help: what ends the quotes is up to them.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.db import connection
    /// from django.http import JsonResponse
    ///
    ///
    /// def search(request):
    ///     name = request.GET["name"]
    ///     with connection.cursor() as cursor:
    ///         cursor.execute(f"SELECT id FROM shop_product WHERE name = '{name}'")  # finding
    ///         return JsonResponse({"ids": cursor.fetchall()})
    /// ```
    ///
    /// ## Not flagged
    /// What is passed as a parameter, and what can only be a number or one of a few words:
    /// ```python views.py
    /// from django.db import connection
    /// from django.http import JsonResponse
    ///
    /// COLUMNS = {"name": "name", "price": "price"}
    ///
    ///
    /// def search(request):
    ///     column = COLUMNS.get(request.GET.get("by"), "name")
    ///     limit = int(request.GET.get("limit", 10))
    ///     with connection.cursor() as cursor:
    ///         cursor.execute(
    ///             f"SELECT id FROM shop_product WHERE {column} = %s LIMIT {limit}",
    ///             [request.GET["name"]],
    ///         )
    ///         return JsonResponse({"ids": cursor.fetchall()})
    /// ```
    ///
    /// ## How to fix
    /// Leave a placeholder (`%s`) in the statement and pass the value as a parameter: the second argument
    /// of `execute()`, `raw()` and `RawSQL()`. Better still, use the ORM. Names of columns cannot be
    /// parameters: look them up in a dict of those that are allowed.
    ///
    /// ## Limits
    /// Code of packages that are not in the tree is not followed: what goes through it is reported with less
    /// confidence. Data that was stored before is reported only with `--confidence low`, unless a view is seen
    /// that stores what any user sends.
    ///
    /// ## References
    /// - [Django: performing raw SQL queries](https://docs.djangoproject.com/en/stable/topics/db/sql/)
    /// - [OWASP: SQL injection prevention](https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html)
    RULE {
        id: "sql-injection",
        group: "injection",
        summary: "data of a request becomes part of an SQL statement",
        severity: Critical,
        cwe: [89],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.4"],
        checklist: ["sql-parameterised"],
        since: "next",
        checks: [Check::Flow(&[Kind::Sql], check)],
    }
}

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_expression_template(flow) {
        return;
    }
    tell(&RULE, cx, flow, "becomes part of", out)
        .help("leave a placeholder (`%s`) in the statement and pass the value as a parameter")
        .done();
}
