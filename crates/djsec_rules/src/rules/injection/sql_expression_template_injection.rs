use djsec_base::Confidence;
use djsec_flow::{Flow, Kind};
use djsec_python::code::{Expr, ExprId, Function, Operator, Stmt};

use super::report::{is_expression_template, report};
use crate::own::{OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of the SQL template of an expression: `function`, `template` and
    /// every other named argument of `Func`, `Aggregate` and the classes derived from them. And methods like
    /// `as_sql` that write their parameters into the SQL they give back.
    ///
    /// ## Why it matters
    /// Django puts these into the statement as they are; only what is given by position is an expression, and so a
    /// parameter. Whoever sends the request writes part of the statement.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.db.models import F, Func
    /// from django.http import JsonResponse
    ///
    ///
    /// def names(request):
    ///     name = Func(F("username"), function="COLLATE", language=request.GET["language"])  # finding
    ///     return JsonResponse({"names": list(User.objects.annotate(name=name).values("name"))})
    /// ```
    /// ```python models.py
    /// from django.db.models import Lookup
    ///
    ///
    /// class Like(Lookup):
    ///     lookup_name = "like"
    ///
    ///     def as_sql(self, compiler, connection):
    ///         lhs, params = self.process_lhs(compiler, connection)
    ///         return f"{lhs} LIKE '{self.rhs}'", params  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Constant templates, values by position, and parameters that are handed on:
    /// ```python models.py
    /// from django.contrib.auth.models import User
    /// from django.db.models import F, Func, Lookup, Value
    ///
    ///
    /// class Collate(Func):
    ///     template = "%(expressions)s COLLATE %(collation)s"
    ///
    ///
    /// class Like(Lookup):
    ///     lookup_name = "like"
    ///
    ///     def as_sql(self, compiler, connection):
    ///         lhs, lhs_params = self.process_lhs(compiler, connection)
    ///         rhs, rhs_params = self.process_rhs(compiler, connection)
    ///         return f"{lhs} LIKE {rhs}", [*lhs_params, *rhs_params]
    ///
    ///
    /// def names(request):
    ///     part = Func(F("username"), Value(request.GET["before"]), function="STRPOS")
    ///     return User.objects.annotate(part=part, name=Collate("username", collation='"C"'))
    /// ```
    ///
    /// ## How to fix
    /// Give values by position, as `Value(…)`; look names of languages, units or collations up in a dict of those that are
    /// allowed. In `as_sql`, leave `%s` in the SQL and hand the values on in the list of parameters.
    ///
    /// ## Limits
    /// Numbers (`int(self.rhs)`) and names that the connection quotes are no findings; nor is a lookup that makes
    /// something else of its value in `get_prep_lookup`.
    ///
    /// ## References
    /// - [Django: avoiding SQL injection in query expressions](https://docs.djangoproject.com/en/stable/ref/models/expressions/#avoiding-sql-injection)
    RULE {
        id: "sql-expression-template-injection",
        group: "injection",
        summary: "data becomes part of the SQL template of an expression",
        severity: High,
        cwe: [89],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.4"],
        checklist: ["sql-parameterised"],
        since: "next",
        checks: [Check::Flow(&[Kind::Sql], flows), Check::Project(methods)],
    }
}

fn flows(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if is_expression_template(flow) {
        report(&RULE, flow, "becomes part of", out)
            .help("give it by position, as `Value(…)`, or look it up in a dict of what is allowed")
            .done();
    }
}

/// Under the names by which people import them, too: not all of these modules are recorded.
const EXPRESSIONS: &[&str] = &[
    "django.db.models.Expression",
    "django.db.models.Func",
    "django.db.models.Lookup",
    "django.db.models.Transform",
    "django.db.models.expressions.BaseExpression",
    "django.db.models.expressions.Expression",
];
const LOOKUPS: &[&str] = &["django.db.models.Lookup", "django.db.models.lookups.Lookup"];
const METHODS: &[&str] = &["as_sql", "as_mysql", "as_oracle", "as_postgresql", "as_sqlite"];

/// Methods that give SQL back with parameters written into it.
fn methods(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.own_classes().filter(|class| class.position(EXPRESSIONS).is_some()) {
        for function in METHODS.iter().filter_map(|name| class.method(name)) {
            let values = Values::of(cx, &class, function);
            for given in written(class.at, function) {
                let Some(value) = values.put_into(class.at, given) else { continue };
                let message = format!(
                    "`{}` is written into the SQL that `{}` gives back, instead of being a parameter",
                    cx.source(class.at.expr_span(value)),
                    function.path
                );
                out.found(&RULE, class.at.expr_span(value), &*function.path, message)
                    .confidence(Confidence::Medium)
                    .help("leave `%s` in the SQL, and put the value into the list of parameters")
                    .done();
            }
        }
    }
}

/// What the SQL is that a method gives back: what stands first in the pairs it returns, and all that is
/// assigned to their names.
fn written(at: Site<'_>, function: &Function) -> Vec<ExprId> {
    let code = at.code;
    let mut sql = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| {
        let Stmt::Return(Some(value)) = stmt else { return };
        if let (Expr::Tuple(_), Some([first, _])) = (code.expr(value), code.elements(value)) {
            sql.push(*first);
        }
    });
    let names: Vec<&str> = sql.iter().filter_map(|id| code.name(*id)).collect();
    code.each_stmt(function.body, &mut |_, stmt| match stmt {
        Stmt::Assign { targets, value: Some(value), .. }
            if code
                .exprs(targets)
                .iter()
                .any(|it| code.name(*it).is_some_and(|it| names.contains(&it))) =>
        {
            sql.push(value);
        }
        Stmt::Augmented(target, _, value)
            if code.name(target).is_some_and(|it| names.contains(&it)) =>
        {
            sql.push(value);
        }
        _ => {}
    });
    sql.retain(|id| code.name(*id).is_none());
    sql
}

/// What in a method holds values, not SQL.
struct Values<'a> {
    /// Names of lists of parameters.
    names: Vec<&'a str>,
    /// Whether `self.rhs` is what the caller of the lookup gave.
    rhs: bool,
}

impl<'a> Values<'a> {
    fn of(cx: &Cx<'a>, class: &OwnClass<'a>, function: &'a Function) -> Self {
        const COMPILING: &[&str] = &["as_sql", "compile", "process_lhs", "process_rhs"];
        let (at, code) = (class.at, class.at.code);
        let mut names = Vec::new();
        code.each_stmt(function.body, &mut |_, stmt| {
            let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
            let compiles = at.called(value).is_some_and(|name| COMPILING.contains(&name));
            for target in code.exprs(targets).iter().filter(|_| compiles) {
                if let Some([_, parameters]) = code.elements(*target) {
                    names.extend(code.name(*parameters));
                }
            }
        });
        let prepared =
            cx.counting_method(&class.name, "get_prep_lookup").is_some_and(|(there, id, _)| {
                there
                    .code
                    .function(id)
                    .and_then(|it| there.only_return(it))
                    .is_none_or(|value| !there.code.is_dotted(value, "self.rhs"))
            });
        let lookup = class.position(LOOKUPS).is_some();
        Self { names, rhs: lookup && !prepared }
    }

    /// The value that is put into a text.
    fn put_into(&self, at: Site<'_>, sql: ExprId) -> Option<ExprId> {
        let code = at.code;
        let mut parts: Vec<ExprId> = Vec::new();
        code.each_inner(sql, &mut |_, expr| match expr {
            Expr::Format(list) => parts.extend(code.exprs(list)),
            Expr::Binary(_, Operator::Mod, right) => match code.expr(right) {
                Expr::Tuple(list) => parts.extend(code.exprs(list)),
                Expr::Dict(list) => {
                    parts.extend(code.entries(list).iter().map(|(_, value)| *value));
                }
                _ => parts.push(right),
            },
            Expr::Binary(left, Operator::Add, right) => parts.extend([left, right]),
            Expr::Call(callee, arguments) => {
                let is_format = matches!(
                    code.expr(callee),
                    Expr::Attribute(_, name) if code.text(name) == "format"
                );
                if is_format {
                    parts.extend(code.arguments(arguments).iter().map(|argument| argument.value));
                }
            }
            _ => {}
        });
        parts.into_iter().find(|part| self.is_value(at, *part, 0))
    }

    fn is_value(&self, at: Site<'_>, id: ExprId, depth: u8) -> bool {
        let code = at.code;
        if depth > 4 {
            return false;
        }
        match code.expr(id) {
            Expr::Name(name) => self.names.contains(&code.text(name)),
            Expr::Attribute(..) => self.rhs && code.is_dotted(id, "self.rhs"),
            Expr::Subscript(base, _) | Expr::Starred(base) => self.is_value(at, base, depth + 1),
            // What makes a text of it, and nothing else.
            Expr::Call(callee, arguments) => {
                let name = match code.expr(callee) {
                    Expr::Name(name) | Expr::Attribute(_, name) => code.text(name),
                    _ => return false,
                };
                matches!(name, "str" | "tuple" | "list" | "join")
                    && code
                        .arguments(arguments)
                        .iter()
                        .any(|it| self.is_value(at, it.value, depth + 1))
            }
            _ => false,
        }
    }
}
