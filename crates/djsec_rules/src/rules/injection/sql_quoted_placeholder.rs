use djsec_base::{Applicability, Confidence, Edit, Fix, Span, TextRange, TextSize};
use djsec_python::code::{Expr, ExprId};

use super::sql_text::{Quoted, is_sql, quoted, text};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds placeholders in quotes, as in `WHERE name = '%s'`, in SQL that is given parameters: in `execute()`,
    /// `raw()`, `RawSQL()` and `extra()`.
    ///
    /// ## Why it matters
    /// The driver puts quotes around each value. Around `'%s'` that makes `''value''`: the quotes that were meant to
    /// hold the value are closed before it, and it is read as SQL. What looks like a parameter is an injection;
    /// Django warns of it by name. Other drivers take `'%s'` for a text, and the query fails.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.db import connection
    ///
    ///
    /// def search(name):
    ///     with connection.cursor() as cursor:
    ///         cursor.execute("SELECT id FROM shop_product WHERE name = '%s'", [name])  # finding
    ///         return cursor.fetchall()
    /// ```
    ///
    /// ## Not flagged
    /// Percent signs that are doubled stand for themselves, and without parameters nothing is put in:
    /// ```python views.py
    /// from django.db import connection
    ///
    ///
    /// def search(name):
    ///     with connection.cursor() as cursor:
    ///         cursor.execute("SELECT id FROM shop_product WHERE kind LIKE '%%sale%%' AND name = %s", [name])
    ///         cursor.execute("SELECT id FROM shop_product WHERE name LIKE '%sale'")
    ///         return cursor.fetchall()
    /// ```
    ///
    /// ## How to fix
    /// Write the placeholder without quotes. For a pattern, put the percent signs into the value: `LIKE %s` with
    /// `f"%{name}%"`. For an interval, write `%s * INTERVAL '1 day'`.
    ///
    /// ## Fix safety
    /// The fix takes the quotes away. That changes which rows are found, where the query had worked by accident.
    ///
    /// ## Limits
    /// The SQL has to stand in the code; what is put into it with `+` or in an f-string is left out.
    ///
    /// ## References
    /// - [Django: passing parameters into raw()](https://docs.djangoproject.com/en/stable/topics/db/sql/#passing-parameters-into-raw)
    RULE {
        id: "sql-quoted-placeholder",
        group: "injection",
        summary: "a placeholder of SQL stands in quotes, so that its value is not kept apart",
        severity: High,
        cwe: [89],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.4"],
        checklist: ["sql-parameterised"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const RAW_SQL: &str = "django.db.models.expressions.RawSQL";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for at in cx.sites() {
        for (id, expr) in at.code.all_exprs() {
            if matches!(expr, Expr::Call(..)) {
                for sql in statements(cx, at, id) {
                    judge(cx, at, id, sql, out);
                }
            }
        }
    }
}

/// The SQL in a call that is given parameters, too.
fn statements(cx: &Cx<'_>, at: Site<'_>, call: ExprId) -> Vec<ExprId> {
    let code = at.code;
    let Some((callee, arguments)) = code.call(call) else { return Vec::new() };
    let given = |position: usize, names: &[&str]| {
        names.iter().find_map(|name| code.argument(arguments, position, name))
    };
    let has = |id: Option<ExprId>| id.is_some_and(|id| !is_nothing(at, id));
    let within = |id: Option<ExprId>| {
        let found = id.and_then(|id| code.elements(id));
        found.map_or_else(|| id.into_iter().collect(), <[ExprId]>::to_vec)
    };
    let name = match code.expr(callee) {
        Expr::Attribute(_, name) | Expr::Name(name) => code.text(name),
        _ => return Vec::new(),
    };
    let on_something = matches!(code.expr(callee), Expr::Attribute(..));
    match name {
        "execute" | "executemany" if on_something => {
            let sql = given(0, &["sql", "query", "statement"]);
            let parameters = given(1, &["params", "param_list", "args", "vars", "parameters"]);
            sql.filter(|_| has(parameters)).into_iter().collect()
        }
        "raw" if on_something => {
            let parameters = given(1, &["params"]);
            given(0, &["raw_query"]).filter(|_| has(parameters)).into_iter().collect()
        }
        "extra" if on_something => {
            let mut all = Vec::new();
            if has(given(2, &["params"])) {
                all.extend(within(given(1, &["where"])));
            }
            if let (true, Some(select)) = (has(given(5, &["select_params"])), given(0, &["select"]))
                && let Expr::Dict(entries) = code.expr(select)
            {
                all.extend(code.entries(entries).iter().map(|(_, value)| *value));
            }
            all
        }
        _ => {
            // What is called is asked last: any call might be one.
            let sql = given(0, &["sql"]).filter(|_| has(given(1, &["params"])));
            sql.filter(|_| cx.names(at, callee, &[RAW_SQL])).into_iter().collect()
        }
    }
}

/// Whether there are no parameters: `None`, `[]`, `()`.
fn is_nothing(at: Site<'_>, id: ExprId) -> bool {
    match at.code.expr(id) {
        Expr::None => true,
        Expr::Dict(entries) => entries.is_empty(),
        _ => at.code.elements(id).is_some_and(<[ExprId]>::is_empty),
    }
}

fn judge(cx: &Cx<'_>, at: Site<'_>, call: ExprId, sql: ExprId, out: &mut Findings) {
    // `where` holds conditions, which begin with anything.
    let whole = !matches!(at.called(call), Some("extra"));
    let bad = |there: Site<'_>, id: ExprId| {
        text(there, id).is_some_and(|text| {
            (!whole || is_sql(&text) || at.called(call) == Some("RawSQL"))
                && !quoted(&text).is_empty()
        })
    };
    let Some((there, id)) = cx.origin(at, sql, &bad) else { return };
    let found = text(there, id).map(|text| quoted(&text)).unwrap_or_default();
    let Some(first) = found.first() else { return };
    let place = there.expr_span(id);
    let message = format!(
        "`{}` stands in quotes in {}: what the parameter holds is read as SQL",
        first.placeholder, first.literal
    );
    let help = if found.iter().all(Quoted::is_bare) {
        "write the placeholder without quotes"
    } else {
        "write the placeholder without quotes, and put what stands around it into the parameter"
    };
    let called = (place != at.expr_span(sql)).then(|| at.expr_span(sql));
    out.found(&RULE, place, at.path_around(call), message)
        .related(called, "it is run here")
        .confidence(Confidence::High)
        .help(help)
        .fix(unquoted(cx, place, &found))
        .done();
}

/// Takes the quotes away, where each is found in the source as it is in the SQL.
fn unquoted(cx: &Cx<'_>, place: Span, found: &[Quoted]) -> Option<Fix> {
    let source = cx.source(place);
    let mut edits = Vec::new();
    for literal in found.iter().map(|quoted| quoted.literal.as_str()) {
        let at = source.match_indices(literal).map(|(at, _)| at);
        // Each text is looked for once: several alike are several edits.
        for at in at.filter(|at| *at > 0) {
            let start = place.range.start().checked_add(TextSize::try_from(at).ok()?)?;
            let length = TextSize::try_from(literal.len()).ok()?;
            let span = Span::new(place.file, TextRange::at(start, length));
            let edit = Edit { span, text: literal.get(1..literal.len() - 1)?.to_owned() };
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }
    let whole = found.iter().all(Quoted::is_bare) && edits.len() == found.len();
    edits.sort_by_key(|edit| edit.span.range.start());
    let title = "Take the quotes away".to_owned();
    whole.then_some(Fix { title, applicability: Applicability::Unsafe, edits })
}
