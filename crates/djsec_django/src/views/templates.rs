//! Which templates a view renders, as far as its code names them.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_python::code::{Expr, ExprId, Stmt};
use djsec_python::value::{Data, Value};
use djsec_python::{Program, QualifiedName};
use rayon::prelude::*;

use super::decorators::texts;
use super::follow::{asks_next, calls_of, functions};
use super::site::{Cx, Def, Site};
use super::{ShownRows, View, Views};
use crate::hierarchy::{AttributeValue, Hierarchy, KnownValue};
use crate::models::Models;
use crate::routes::{Routes, Target};
use crate::settings::Settings;
use crate::templates::RENDERERS;

/// The class of Django's generic views whose template is called after the model.
const BY_MODEL: &[&str] = &[
    "django.views.generic.detail.SingleObjectTemplateResponseMixin",
    "django.views.generic.list.MultipleObjectTemplateResponseMixin",
];
/// The generic views of one row, and of several.
const ONE: &str = "django.views.generic.detail.SingleObjectMixin";
const MANY: &str = "django.views.generic.list.MultipleObjectMixin";
/// Names lead to names at most this often.
const DEEPEST: u8 = 4;

impl Views {
    /// Adds to each view the templates that it renders. Names that follow from models need them.
    #[must_use]
    pub fn with_templates(
        mut self,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        settings: &Settings,
        routes: &Routes,
        models: &Models,
    ) -> Self {
        let cx = Cx::new(program, hierarchy, settings, models);
        self.all.par_iter_mut().zip(&routes.routes).with_max_len(4).for_each(|(view, route)| {
            let mut found = Found { cx: &cx, models, names: Vec::new() };
            found.route(&route.target, view);
            view.templates = found.names;
            view.shown = shown(&cx, models, &route.target);
        });
        self
    }
}

/// The templates of one view, each once, in the order in which the code names them.
struct Found<'a> {
    cx: &'a Cx<'a>,
    models: &'a Models,
    names: Vec<Arc<str>>,
}

impl<'a> Found<'a> {
    fn route(&mut self, target: &Target, view: &View) {
        if let Target::Class { class, arguments } | Target::ViewSet { class, arguments, .. } =
            target
        {
            self.class(class, arguments);
        }
        let responding = || RENDERERS.iter().filter(|renderer| renderer.responds);
        let renderers: Vec<&str> = responding().map(|renderer| renderer.call).collect();
        for def in functions(self.cx, view) {
            let code = def.site.code;
            for (call, name) in calls_of(def, &renderers) {
                let known = responding().find(|renderer| renderer.call == name);
                let template = known.zip(code.call(call)).and_then(|(known, (_, arguments))| {
                    code.argument(arguments, known.name?, known.keyword)
                });
                if let Some(template) = template {
                    self.expr(def.site, Some(def), template, 0);
                }
            }
        }
    }

    fn add(&mut self, name: &str) {
        if !name.is_empty() && !self.names.iter().any(|known| **known == *name) {
            self.names.push(name.into());
        }
    }

    /// What a class renders by its attributes, as `TemplateResponseMixin` and the generic views do.
    fn class(&mut self, class: &QualifiedName, arguments: &[(Arc<str>, Value)]) {
        let given = |wanted: &str| arguments.iter().find(|(name, _)| &**name == wanted);
        if let Some(AttributeValue::Method(module, _, id)) =
            self.attribute(class, "get_template_names")
            && let Some(def) = self.cx.site(module).and_then(|site| site.def(id))
            && !self.returned(def)
        {
            return;
        }
        if let Some((_, value)) = given("template_name") {
            for name in texts(value) {
                self.add(&name);
            }
            return;
        }
        match self.attribute(class, "template_name") {
            Some(AttributeValue::Assigned(module, code, value))
                if !matches!(code.expr(value), Expr::None) =>
            {
                if let Some(site) = self.cx.site(module) {
                    self.expr(site, None, value, 0);
                }
                return;
            }
            Some(AttributeValue::Known(KnownValue::Str(name))) => {
                self.add(name);
                return;
            }
            Some(AttributeValue::Assigned(..) | AttributeValue::Known(KnownValue::None)) | None => {
            }
            Some(_) => return,
        }
        if self.cx.hierarchy.derives_from(class, BY_MODEL) == Some(true)
            && let Some(model) = self.model(class, given("model").map(|(_, value)| value))
            && let Some(suffix) = self.suffix(class)
        {
            self.add(&format!("{model}{suffix}.html"));
        }
    }

    /// Adds what `get_template_names` returns; whether it also asks the next class.
    fn returned(&mut self, def: Def<'a>) -> bool {
        let code = def.site.code;
        let mut values = Vec::new();
        code.each_stmt(def.function.body, &mut |_, stmt| {
            if let Stmt::Return(Some(value)) = stmt {
                values.push(value);
            }
        });
        for value in values {
            self.expr(def.site, Some(def), value, 0);
        }
        asks_next(def, "get_template_names")
    }

    /// The names that an expression stands for, as far as they are written there.
    fn expr(&mut self, site: Site<'a>, def: Option<Def<'a>>, expr: ExprId, depth: u8) {
        let code = site.code;
        if depth > DEEPEST {
            return;
        }
        let all = |found: &mut Self, parts: &[ExprId]| {
            for part in parts {
                found.expr(site, def, *part, depth + 1);
            }
        };
        match code.expr(expr) {
            Expr::Str(text) => self.add(code.text(text)),
            Expr::List(parts) | Expr::Tuple(parts) | Expr::Or(parts) | Expr::And(parts) => {
                all(self, code.exprs(parts));
            }
            Expr::Conditional { then, otherwise, .. } => all(self, &[then, otherwise]),
            Expr::Name(name) => {
                let name = code.text(name);
                let mut values = def.map(|def| def.assigned(name)).unwrap_or_default();
                if values.is_empty() {
                    values.extend(site.code.module_value(name));
                }
                all(self, &values);
            }
            _ => {}
        }
    }

    /// `app/model`, as the default names of generic views begin.
    fn model(&self, class: &QualifiedName, given: Option<&Value>) -> Option<String> {
        if let Some(model) = given {
            let model = self.given_model(model)?;
            return Some(label(&model.app_label, &model.name));
        }
        let (name, is_class) = self.own_model(class)?;
        if let Some(model) = self.models.get(&name) {
            return Some(label(&model.app_label, &model.name));
        }
        if self.models.is_user(&name) {
            return Some("auth/user".to_owned());
        }
        let QualifiedName::External(external) = &name else { return None };
        let (app, model) = external.rsplit_once(".models.").filter(|_| is_class)?;
        Some(label(app.rsplit('.').next()?, model.rsplit('.').next()?))
    }

    /// The model that `as_view(model=…)` is given.
    fn given_model(&self, value: &Value) -> Option<&'a crate::models::Model> {
        let Data::Object(object) = &value.single()?.data else { return None };
        let of = |model: &&crate::models::Model| {
            self.cx.program.dotted(&model.class).is_some_and(|name| *name == *object.name)
        };
        self.models.all.iter().find(of)
    }

    /// The model that a class names, in `model` or `queryset`; whether it is named as a class, and not by a
    /// call.
    fn own_model(&self, class: &QualifiedName) -> Option<(QualifiedName, bool)> {
        let assigned = |name: &str| match self.attribute(class, name)? {
            AttributeValue::Assigned(module, code, value)
                if !matches!(code.expr(value), Expr::None) =>
            {
                Some((self.cx.site(module)?, value))
            }
            _ => None,
        };
        let (site, value) = match assigned("model") {
            Some(found) => found,
            None => {
                assigned("queryset").and_then(|(site, value)| Some((site, root(site, value)?)))?
            }
        };
        let called = site.code.call(value).map(|(callee, _)| callee);
        let name = site.resolve(called.unwrap_or(value));
        let user = self.models.is_user(&name).then(|| self.models.user.clone()).flatten();
        Some((user.unwrap_or(name), called.is_none()))
    }

    fn suffix(&self, class: &QualifiedName) -> Option<String> {
        match self.attribute(class, "template_name_suffix")? {
            AttributeValue::Assigned(_, code, value) => code.string(value).map(str::to_owned),
            AttributeValue::Known(KnownValue::Str(suffix)) => Some(suffix.to_string()),
            _ => None,
        }
    }

    fn attribute(&self, class: &QualifiedName, name: &str) -> Option<AttributeValue<'a>> {
        self.cx.hierarchy.attribute(class, name).map(|found| found.value)
    }
}

/// The rows that a generic view hands to its template.
fn shown<'a>(cx: &'a Cx<'a>, models: &'a Models, target: &Target) -> Option<ShownRows> {
    let (Target::Class { class, arguments } | Target::ViewSet { class, arguments, .. }) = target
    else {
        return None;
    };
    let derives = |from: &[&str]| cx.hierarchy.derives_from(class, from) == Some(true);
    let (many, suffix) = match (derives(&[ONE]), derives(&[MANY])) {
        (true, _) => (false, ""),
        (_, true) => (true, "_list"),
        _ => return None,
    };
    let found = Found { cx, models, names: Vec::new() };
    let given = arguments.iter().find(|(name, _)| &**name == "model");
    let model = match given {
        Some((_, value)) => found.given_model(value)?.class.clone(),
        None => found.own_model(class)?.0,
    };
    let class_name = cx.program.dotted(&model)?;
    let own = class_name.rsplit('.').next()?.to_lowercase();
    let given = match found.attribute(class, "context_object_name") {
        Some(AttributeValue::Assigned(_, code, value)) => code.string(value).map(Arc::from),
        _ => None,
    };
    let first = if many { "object_list" } else { "object" };
    let second = given.unwrap_or_else(|| Arc::from(format!("{own}{suffix}")));
    Some(ShownRows { model, many, names: vec![Arc::from(first), second] })
}

fn label(app: &str, model: &str) -> String {
    format!("{app}/{}", model.to_lowercase())
}

/// The model at the root of `Order.objects.filter(…)`.
fn root(site: Site<'_>, mut value: ExprId) -> Option<ExprId> {
    for _ in 0..20 {
        match site.code.expr(value) {
            Expr::Call(callee, _) => value = callee,
            Expr::Attribute(inner, name) => {
                if site.code.text(name) == "objects" {
                    return Some(inner);
                }
                value = inner;
            }
            _ => return None,
        }
    }
    None
}
