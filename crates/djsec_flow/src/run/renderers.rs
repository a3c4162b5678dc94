//! What a view of REST framework renders its answers with: by its class, by the decorator of an action, by
//! `get_renderers`, or by the settings.

use std::sync::Arc;

use djsec_django::hierarchy::AttributeValue;
use djsec_django::views::Question;
use djsec_python::code::{Code, Expr, ExprId, List, Stmt};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use crate::args::Args;
use crate::catalog::last;
use crate::value::Value;

/// The list of a class, and the method that gives what stands in it.
const RENDERERS: (&str, &str) = ("renderer_classes", "get_renderers");
/// What renders templates.
const OF_TEMPLATES: &str = "rest_framework.renderers.TemplateHTMLRenderer";
/// What views answer with.
pub(super) const RESPONSE: &str = "rest_framework.response.Response";
/// The methods of a view set that answer without a decorator.
const ACTIONS: &[&str] = &["list", "retrieve", "create", "update", "partial_update", "destroy"];
/// Those of any view.
const HANDLERS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options"];
/// Of more classes than this that are derived from one nothing is asked.
const MOST_DERIVED: usize = 24;

/// What a method mentions.
#[derive(Default)]
struct Mentioned {
    /// One of the classes that are looked for.
    found: bool,
    /// What the class above, or the list of the class, gives.
    above: bool,
}

impl Run<'_, '_> {
    /// Whether the class or the function that a call stands in lists a class under a name:
    /// `renderer_classes = [StaticHTMLRenderer]`, `@renderer_classes([StaticHTMLRenderer])`, or the settings for
    /// those that do not say. A class that others are derived from may be any of these.
    pub(super) fn owner_lists(&self, field: &str, wanted: &[Arc<str>]) -> bool {
        let Some(owner) = &self.owner else { return self.decorators_list(field, wanted) };
        if let Some(class) = &self.exactly {
            return self.gives_one(class, field, wanted);
        }
        let derived = self.world.index.derived(owner).iter().take(MOST_DERIVED);
        std::iter::once(owner).chain(derived).any(|class| self.gives_one(class, field, wanted))
    }

    /// Whether objects of a class give one of some classes for the function that is run.
    fn gives_one(&self, class: &QualifiedName, field: &str, wanted: &[Arc<str>]) -> bool {
        let getter = (field == RENDERERS.0).then_some(RENDERERS.1);
        let found = getter.and_then(|name| self.world.hierarchy.attribute(class, name));
        if let Some(AttributeValue::Method(module, code, function)) = found.map(|found| found.value)
            && let Some(function) = code.function(function)
        {
            let mut all = Mentioned::default();
            self.mentions((module, code), function.body, wanted, &mut all);
            if all.found || !all.above {
                return all.found;
            }
        }
        match self.listed_by_action(field) {
            Some(listed) => self.is_listed((self.module, self.code, listed), wanted),
            None => self.lists(class, field, wanted),
        }
    }

    /// `@action(detail=True, renderer_classes=[StaticHTMLRenderer])`
    fn listed_by_action(&self, field: &str) -> Option<ExprId> {
        let code = self.code;
        code.exprs(self.function.decorators).iter().find_map(|decorator| {
            let (callee, arguments) = code.call(*decorator)?;
            let action = self.named(callee)?.is_external("rest_framework.decorators.action");
            code.keyword(arguments, field).filter(|_| action)
        })
    }

    /// What a method mentions where it runs for the function that is run; whether it has come back.
    fn mentions(
        &self,
        of: (ModuleId, &Code),
        block: List,
        wanted: &[Arc<str>],
        all: &mut Mentioned,
    ) -> bool {
        let code = of.1;
        for id in code.stmts(block) {
            let stmt = code.stmt(*id);
            if let Stmt::If { test, then, otherwise } = stmt {
                let answer = self.is_asked_for(code, test);
                let yes = answer != Some(false) && self.mentions(of, then, wanted, all);
                let no = answer != Some(true) && self.mentions(of, otherwise, wanted, all);
                match answer {
                    Some(true) if yes => return true,
                    Some(false) if no => return true,
                    None if yes && no => return true,
                    _ => continue,
                }
            }
            code.each_stmt_expr(stmt, &mut |expr| self.mentioned_in(of, expr, wanted, all));
            code.each_block(stmt, &mut |inner| {
                self.mentions(of, inner, wanted, all);
            });
            if matches!(stmt, Stmt::Return(_) | Stmt::Raise(_)) {
                return true;
            }
        }
        false
    }

    fn mentioned_in(
        &self,
        (module, code): (ModuleId, &Code),
        expr: ExprId,
        wanted: &[Arc<str>],
        all: &mut Mentioned,
    ) {
        // What is asked for by its class is not what is given: `if not isinstance(one, StaticHTMLRenderer)`.
        let mut asked: Vec<ExprId> = Vec::new();
        code.each_inner(expr, &mut |id, expr| match expr {
            Expr::Call(callee, _)
                if matches!(code.name(callee), Some("isinstance" | "issubclass")) =>
            {
                let arguments = code.call(id).map(|(_, arguments)| arguments).unwrap_or_default();
                for argument in arguments {
                    code.each_inner(argument.value, &mut |id, _| asked.push(id));
                }
            }
            Expr::Attribute(_, name)
                if matches!(code.text(name), "get_renderers" | "renderer_classes") =>
            {
                all.above = true;
            }
            Expr::Name(_) | Expr::Attribute(..) if !asked.contains(&id) => {
                let name = self.world.named((module, code), id);
                all.found |= name.is_some_and(|name| self.is_of_class(&name, wanted));
            }
            _ => {}
        });
    }

    /// What a condition about the action or the method says where the function that is run answers.
    fn is_asked_for(&self, code: &Code, test: ExprId) -> Option<bool> {
        if let Some((every, parts)) = code.operands(test) {
            let parts: Vec<_> = parts.iter().map(|part| self.is_asked_for(code, *part)).collect();
            if parts.contains(&Some(!every)) {
                return Some(!every);
            }
            return parts.iter().all(|part| *part == Some(every)).then_some(every);
        }
        match code.expr(test) {
            Expr::Not(inner) => self.is_asked_for(code, inner).map(|answer| !answer),
            Expr::Compare(left, rest) => {
                let [(operator, right)] = code.comparisons(rest) else { return None };
                let subject = self.answers_as(&code.dotted(left)?)?;
                Question { code, operator: *operator, right: *right }.ask(&subject)
            }
            _ => None,
        }
    }

    /// As what the function that is run answers: under `self.action` its name, under `self.request.method` the
    /// method of requests.
    fn answers_as(&self, asked: &str) -> Option<String> {
        let own = self.code.text(self.function.name);
        match asked {
            "self.action" => {
                let decorated = || {
                    self.code.exprs(self.function.decorators).iter().any(|decorator| {
                        let callee =
                            self.code.call(*decorator).map_or(*decorator, |(callee, _)| callee);
                        self.code.dotted(callee).is_some_and(|name| last(&name) == "action")
                    })
                };
                (ACTIONS.contains(&own) || decorated()).then(|| own.to_owned())
            }
            "self.request.method" => HANDLERS.contains(&own).then(|| own.to_ascii_uppercase()),
            _ => None,
        }
    }

    /// `Response(data, template_name="order.html")` of a view that renders templates: their names, and the
    /// context.
    pub(super) fn answered_with(&self, args: &Args) -> Option<(Vec<Value>, Value)> {
        if !self.owner_lists(RENDERERS.0, &[Arc::from(OF_TEMPLATES)]) {
            return None;
        }
        let data = args.positional.first().or_else(|| args.keyword("data"))?.value.clone();
        let given = args.keyword("template_name").or_else(|| args.positional.get(2));
        let names = match (given, &self.owner) {
            (Some(given), _) => vec![given.value.clone()],
            (None, Some(owner)) => {
                let of = self.exactly.as_ref().unwrap_or(owner);
                let derived = self.world.index.derived(of).iter().take(MOST_DERIVED);
                let named = std::iter::once(of).chain(derived).filter_map(|class| {
                    match self.world.hierarchy.attribute(class, "template_name")?.value {
                        AttributeValue::Assigned(_, code, id) => code.string(id).map(Value::text),
                        _ => None,
                    }
                });
                named.collect()
            }
            (None, None) => Vec::new(),
        };
        (!names.is_empty()).then_some((names, data))
    }
}
