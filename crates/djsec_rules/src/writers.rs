//! Who may write what is stored.

use std::sync::Arc;

use djsec_base::{Confidence, Span, TextRange};
use djsec_django::views::Level;
use djsec_django::views::objects::{FormAct, FormUse, ObjectAccess, Objects, Operation};
use djsec_flow::{Flow, Grade};
use djsec_python::code::{Code, Expr, ExprId, Stmt, Symbol};
use djsec_python::{Kept, QualifiedName};

use crate::flows::{report, source, weighed};
use crate::own::Site;
use crate::{Cx, Endpoint, Findings, Reported, Rule};

/// A column of a model: the model and the name of its field.
type Column = (QualifiedName, Arc<str>);
/// Which users write a column, and where, in words.
pub(crate) type Writers = Kept<Arc<Column>, Option<Arc<str>>>;

/// Reports a way into a sink, as [`report`] does. What is stored is as sure as it is known that users may
/// write it.
#[must_use = "say how to fix it, and finish with `.done()`"]
pub(crate) fn tell<'f>(
    rule: &'static Rule,
    cx: &Cx<'_>,
    flow: &Flow,
    does: &str,
    out: &'f mut Findings,
) -> Reported<'f> {
    let stored = flow.source.grade == Grade::Stored && flow.doubt == 0;
    let writer = if stored { of_users(cx, flow) } else { None };
    let Some(writer) = writer else { return report(rule, flow, does, out) };
    let message = format!("{} {does} {}, and {writer}", source(flow), flow.words);
    weighed(rule, flow, (rule.meta.severity, Confidence::Medium), message, out)
}

/// As [`tell`], of HTML: what the project cleans anywhere may have been cleaned before it was stored.
#[must_use = "say how to fix it, and finish with `.done()`"]
pub(crate) fn tell_html<'f>(
    rule: &'static Rule,
    cx: &Cx<'_>,
    flow: &Flow,
    does: &str,
    out: &'f mut Findings,
) -> Reported<'f> {
    if cx.may_clean_html() {
        report(rule, flow, does, out)
    } else {
        tell(rule, cx, flow, does, out)
    }
}

/// Where users may write what a flow begins with: the first view that stores what they send, and who they are, in
/// words; nothing where that is not known.
pub(crate) fn of_users(cx: &Cx<'_>, flow: &Flow) -> Option<Arc<str>> {
    let column = flow.source.column.as_ref()?;
    let words = || {
        let (endpoint, level) = writer(cx, &column.0, &column.1)?;
        let who = if level.is_public() { "anybody" } else { "any user" };
        Some(Arc::from(format!("{who} may write it: {}", endpoint.address())))
    };
    // Many flows begin with one column.
    cx.writers.get_or(column, words)
}

/// The first view by which users write a field, and who they are.
fn writer<'a>(cx: &Cx<'a>, model: &QualifiedName, field: &str) -> Option<(Endpoint<'a>, Level)> {
    cx.open_endpoints().find_map(|(endpoint, objects)| {
        let by_form = by_form(cx, &endpoint, objects, model, field).cloned();
        let level = by_form.or_else(|| by_code(&endpoint, objects, model, field).cloned())?;
        let open = matches!(level, Level::Public | Level::Authenticated);
        open.then_some((endpoint.clone(), level))
    })
}

/// Who writes a field by a form or serializer.
fn by_form<'e>(
    cx: &Cx<'_>,
    endpoint: &'e Endpoint<'_>,
    objects: &Objects,
    model: &QualifiedName,
    field: &str,
) -> Option<&'e Level> {
    let used = objects.forms.iter().find(|used| {
        used.act != FormAct::Made
            && !used.for_some
            && used.model.as_ref() == Some(model)
            && used.given.iter().all(|given| **given != *field)
            && lists(cx, endpoint, used, field)
    })?;
    endpoint.level_for(&used.handler).filter(|_| !endpoint.is_asked_more_in(&used.handler))
}

/// Who writes a field where the view puts what was sent into it as it came: `Note.objects.create(text=
/// request.POST["text"])`. Of what is asked about the row or who asks it is not known who passes. What a form has
/// looked at does not count: one column often holds other things for each kind of row.
fn by_code<'e>(
    endpoint: &'e Endpoint<'_>,
    objects: &Objects,
    model: &QualifiedName,
    field: &str,
) -> Option<&'e Level> {
    let puts = |access: &&ObjectAccess| {
        matches!(access.operation, Operation::Create | Operation::Update)
            && access.model == *model
            && access.under.is_empty()
            && access.guards_after.is_empty()
            && access.given.iter().any(|given| *given.field == *field && given.sent.form.is_none())
    };
    let access = objects.accesses.iter().find(puts)?;
    endpoint.level_of(access).filter(|_| !endpoint.is_asked_more(access))
}

/// Whether a form takes a field: its `Meta` lists it or all, or the view that makes it does, and nothing
/// in it looks at what was sent.
fn lists(cx: &Cx<'_>, endpoint: &Endpoint<'_>, used: &FormUse, field: &str) -> bool {
    let says = |at: Site<'_>, fields| {
        at.code.string(fields) == Some("__all__")
            || Cx::texts(at, fields).iter().any(|(name, _)| *name == field)
    };
    if used.model.as_ref() == Some(&used.class) {
        let fields = endpoint.class().and_then(|view| cx.assigned(view, "fields"));
        return fields.is_some_and(|(at, fields)| says(at, fields));
    }
    let Some(form) = cx.own_class(&used.class) else { return false };
    let checks = [format!("clean_{field}"), format!("validate_{field}")];
    form.meta("fields").is_some_and(|fields| says(form.at, fields))
        && checks.iter().all(|name| cx.counting_method(&used.class, name).is_none())
        && !ignores(cx, &used.class, field)
}

/// Whether a form takes nothing for a field: `disabled=True` where it is declared, or
/// `self.fields["email"].disabled = True` for each of its kind. Django puts in what the row had.
fn ignores(cx: &Cx<'_>, form: &QualifiedName, field: &str) -> bool {
    if let Some((at, declared)) = cx.assigned(form, field)
        && let Some((_, arguments)) = at.code.call(declared)
    {
        let disabled = at.code.keyword(arguments, "disabled");
        return disabled.is_some_and(|value| at.code.bool(value) == Some(true));
    }
    let Some((at, id, _)) = cx.counting_method(form, "__init__") else { return false };
    let Some(function) = at.code.function(id) else { return false };
    at.code.stmts(function.body).iter().any(|id| match at.code.stmt(*id) {
        Stmt::For { target, iterable, body, .. } => {
            let named = at.code.elements(iterable).unwrap_or_default();
            named.iter().any(|name| at.code.string(*name) == Some(field))
                && at.code.stmts(body).iter().any(|id| {
                    let key = |key| at.code.expr(key) == at.code.expr(target);
                    disables(at.code, at.code.stmt(*id), &key)
                })
        }
        stmt => disables(at.code, stmt, &|key| at.code.string(key) == Some(field)),
    })
}

/// `self.fields[key].disabled = True`
fn disables(code: &Code, stmt: Stmt, is_key: &dyn Fn(ExprId) -> bool) -> bool {
    let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return false };
    let is = |target: &ExprId| {
        let Expr::Attribute(field, name) = code.expr(*target) else { return false };
        let Expr::Subscript(fields, key) = code.expr(field) else { return false };
        code.text(name) == "disabled" && code.is_dotted(fields, "self.fields") && is_key(key)
    };
    code.bool(value) == Some(true) && code.exprs(targets).iter().any(is)
}

/// What cleans HTML.
const CLEANERS: &[&str] =
    &["bleach", "clean_html", "html_sanitizer", "nh3", "sanitize", "sanitizer"];
/// What says that its argument is HTML as it shall be shown.
const MARKS: &[&str] = &["Markup", "SafeString", "format_html", "mark_safe"];

impl<'a> Cx<'a> {
    /// Whether the code of the project may clean HTML before it is stored; looked for once for all rules.
    fn may_clean_html(&self) -> bool {
        let cleans =
            || self.program.mentions_any(CLEANERS) && self.sites().any(|at| self.cleans_in(at));
        *self.cleans.get_or_init(cleans)
    }

    /// Whether a module cleans what may be stored: what a filter of templates cleans, or is cleaned within
    /// `mark_safe(nh3.clean(…))`, is cleaned where it is shown, and nowhere else.
    fn cleans_in(&self, at: Site<'a>) -> bool {
        let symbols: Vec<Symbol> =
            CLEANERS.iter().filter_map(|name| at.code.symbol(name)).collect();
        if symbols.is_empty() || self.path_of(at).split('/').any(|part| part == "templatetags") {
            return false;
        }
        let (mut shown, mut used): (Vec<TextRange>, Vec<TextRange>) = (Vec::new(), Vec::new());
        for (id, expr) in at.code.all_exprs() {
            match expr {
                Expr::Name(name) | Expr::Attribute(_, name) if symbols.contains(&name) => {
                    used.push(at.code.expr_range(id));
                }
                Expr::Call(..) if at.called(id).is_some_and(|name| MARKS.contains(&name)) => {
                    shown.push(at.code.expr_range(id));
                }
                _ => {}
            }
        }
        // Where it is only imported, it is called by another name.
        used.is_empty()
            || used.iter().any(|one| !shown.iter().any(|around| around.contains_range(*one)))
    }
}

impl Cx<'_> {
    /// Where somebody who is not of the staff may write rows of a model.
    pub(crate) fn written_by_visitors(&self, model: &QualifiedName) -> Option<Span> {
        self.open_endpoints().find_map(|(endpoint, objects)| {
            let writes = |operation| matches!(operation, Operation::Create | Operation::Update);
            let mut accesses = objects.accesses.iter();
            let access = accesses.find(|access| {
                access.model == *model
                    && access.under.is_empty()
                    && writes(access.operation)
                    && endpoint.level_of(access).is_some_and(|level| !level.needs_more_than_login())
            })?;
            Some(access.place)
        })
    }
}
