//! What a router asks of a viewset: its actions, in its own classes and those of DRF.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, FunctionId};
use djsec_python::eval::{Args, At, Interp, Leaf, SeqVal, Val};
use djsec_python::worlds::Guard;
use djsec_python::{ModuleId, QualifiedName};

use super::library::UrlLibrary;
use crate::hierarchy::AttributeValue;

/// A method with `@action`.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) name: Arc<str>,
    pub(super) detail: bool,
    /// Methods in lower case with the method of the class that answers.
    pub(super) mapping: Vec<(Arc<str>, Arc<str>)>,
    pub(super) url_path: Arc<str>,
    pub(super) url_name: Arc<str>,
    pub(super) kwargs: Vec<(Arc<str>, Val)>,
}

impl UrlLibrary<'_> {
    /// Whether a class has a method or attribute, itself or from a base.
    pub(super) fn has_member(&self, class: &QualifiedName, name: &str) -> bool {
        let found = self.names.hierarchy.attributes_all(class, name);
        found.iter().any(|attribute| !matches!(attribute.value, AttributeValue::Unseen))
    }

    /// An attribute that a class of the project assigns, first along the resolution order.
    pub(super) fn class_assignment(
        &self,
        class: &QualifiedName,
        name: &str,
    ) -> Option<(ModuleId, &Code, ExprId)> {
        self.names.hierarchy.attributes_all(class, name).iter().find_map(|found| {
            match found.value {
                AttributeValue::Assigned(module, code, value) => Some((module, code, value)),
                _ => None,
            }
        })
    }

    /// A text that a class of the project assigns.
    pub(super) fn class_text(&self, class: &QualifiedName, name: &str) -> Option<String> {
        let (_, code, value) = self.class_assignment(class, name)?;
        code.string(value).map(str::to_owned)
    }

    /// The model behind `queryset = Model.objects.filter(…)`.
    pub(super) fn queryset_model(&self, class: &QualifiedName) -> Option<QualifiedName> {
        let (module, code, mut value) = self.class_assignment(class, "queryset")?;
        loop {
            value = match code.expr(value) {
                Expr::Call(callee, _) => callee,
                Expr::Subscript(container, _) => container,
                Expr::Attribute(object, name) => {
                    let manager = matches!(code.expr(object), Expr::Name(_) | Expr::Attribute(..));
                    if manager && !matches!(code.text(name), "filter" | "all" | "exclude") {
                        let dotted = code.dotted(object)?;
                        let found = self.names.program.resolve(module, &dotted);
                        if self.names.is_class(&found) {
                            return Some(found);
                        }
                    }
                    object
                }
                _ => return None,
            };
        }
    }

    /// The methods with `@action`, by name, as `get_extra_actions` gives them.
    pub(super) fn actions(
        &self,
        it: &mut Interp<'_>,
        class: &QualifiedName,
        at: At,
    ) -> Vec<Action> {
        let mut found: Vec<Action> = Vec::new();
        let program = self.names.program;
        for base in self.names.hierarchy.order(class).iter().rev() {
            let QualifiedName::Project(module, _) = base else { continue };
            let Some((code, id)) = program.class_code(base) else { continue };
            for method in code.methods(id) {
                let Some(function) = code.function(method) else { continue };
                let name = code.text(function.name);
                let known = found.iter().position(|action| &*action.name == name);
                let action = self.action(it, (*module, code, method), at);
                match (known, action) {
                    (Some(n), Some(action)) => {
                        if let Some(slot) = found.get_mut(n) {
                            *slot = action;
                        }
                    }
                    (Some(n), None) => {
                        found.remove(n);
                    }
                    (None, Some(action)) => found.push(action),
                    (None, None) => extend_mapping(code, method, &mut found),
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    fn action(
        &self,
        it: &mut Interp<'_>,
        (module, code, method): (ModuleId, &Code, FunctionId),
        at: At,
    ) -> Option<Action> {
        let function = code.function(method)?;
        let (kind, arguments) = code.exprs(function.decorators).iter().find_map(|decorator| {
            let (callee, arguments) = code.call(*decorator)?;
            let dotted = code.dotted(callee)?;
            let QualifiedName::External(name) = self.names.program.resolve(module, &dotted) else {
                return None;
            };
            let kind = name.strip_prefix("rest_framework.decorators.")?.to_owned();
            matches!(&*kind, "action" | "detail_route" | "list_route").then_some((kind, arguments))
        })?;
        let name: Arc<str> = Arc::from(code.text(function.name));
        let text = |key: &str| {
            code.keyword(arguments, key).and_then(|value| code.string(value)).map(str::to_owned)
        };
        let detail = match &*kind {
            "detail_route" => true,
            "list_route" => false,
            _ => code
                .argument(arguments, 1, "detail")
                .and_then(|value| code.bool(value))
                .unwrap_or(false),
        };
        let methods: Vec<String> = code
            .argument(arguments, 0, "methods")
            .and_then(|value| code.elements(value))
            .map_or_else(
                || vec!["get".to_owned()],
                |items| {
                    items.iter().filter_map(|m| code.string(*m)).map(str::to_lowercase).collect()
                },
            );
        let mapping =
            methods.into_iter().map(|method| (Arc::from(method), Arc::clone(&name))).collect();
        let given = text("url_path");
        let url_name = text("url_name").unwrap_or_else(|| {
            // The old decorators named the address after its path.
            let base = given.as_deref().filter(|_| kind != "action").unwrap_or(&name);
            base.replace('_', "-")
        });
        let url_path = given.unwrap_or_else(|| name.to_string());
        let mut kwargs = Vec::new();
        for argument in arguments {
            let Some(key) = argument.keyword.map(|key| code.text(key)) else { continue };
            if !matches!(key, "detail" | "methods" | "url_path" | "url_name") {
                let value = self.code_val(it, module, code, argument.value, at, 0);
                kwargs.push((Arc::from(key), value));
            }
        }
        if kind == "action" {
            if !kwargs.iter().any(|(key, _)| matches!(&**key, "name" | "suffix")) {
                kwargs.push((Arc::from("name"), Val::str(pretty(&name))));
            }
            if !kwargs.iter().any(|(key, _)| &**key == "description") {
                kwargs.push((Arc::from("description"), Val::of(Leaf::None, None)));
            }
        }
        let (url_path, url_name) = (Arc::from(url_path), Arc::from(url_name));
        Some(Action { name, detail, mapping, url_path, url_name, kwargs })
    }

    /// A plain expression of a module that is not run, as a value.
    pub(super) fn code_val(
        &self,
        it: &mut Interp<'_>,
        module: ModuleId,
        code: &Code,
        id: ExprId,
        at: At,
        depth: u32,
    ) -> Val {
        let file = self.names.program.module(module).map(|module| module.file);
        let span = file.map(|file| Span::new(file, code.expr_range(id)));
        let at = At { span: span.unwrap_or(at.span), ..at };
        if depth > 16 {
            return it.unknown("an expression nested too deeply", at);
        }
        let leaf = match code.expr(id) {
            Expr::Str(text) => Leaf::Str(Arc::from(code.text(text))),
            Expr::Int(number) => Leaf::Int(number),
            Expr::Bool(value) => Leaf::Bool(value),
            Expr::None => Leaf::None,
            Expr::Name(_) | Expr::Attribute(..) => {
                let dotted = code.dotted(id).unwrap_or_default();
                match self.names.program.resolve(module, &dotted) {
                    QualifiedName::External(name) => Leaf::Ext(name),
                    found => match self.names.dotted(&found) {
                        Some(name) => Leaf::Ext(name),
                        None => return it.unknown(dotted, at),
                    },
                }
            }
            Expr::Call(callee, arguments) => {
                let callee = self.code_val(it, module, code, callee, at, depth + 1);
                let mut args = Args::default();
                for argument in code.arguments(arguments) {
                    let value = self.code_val(it, module, code, argument.value, at, depth + 1);
                    match argument.keyword {
                        Some(key) => args.keywords.push((Arc::from(code.text(key)), value)),
                        None => args.positional.push(value),
                    }
                }
                match callee.single() {
                    Some(Leaf::Ext(name)) => {
                        return it.external_instance(&Arc::clone(name), &args, at);
                    }
                    _ => return it.unknown("a call", at),
                }
            }
            Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) => {
                let mut seq = SeqVal::default();
                for item in code.exprs(list) {
                    let value = self.code_val(it, module, code, *item, at, depth + 1);
                    seq.items.push((Guard::ALWAYS, value));
                }
                if matches!(code.expr(id), Expr::Tuple(_)) {
                    Leaf::Tuple(Rc::new(seq))
                } else {
                    return it.list(seq, at);
                }
            }
            _ => return it.unknown("an expression", at),
        };
        Val::of(leaf, Some(at.span))
    }
}

/// `@papers.mapping.post`: one more method for an action.
fn extend_mapping(code: &Code, method: FunctionId, found: &mut [Action]) {
    let Some(function) = code.function(method) else { return };
    for decorator in code.exprs(function.decorators) {
        let Some(dotted) = code.dotted(*decorator) else { continue };
        let mut parts = dotted.split('.');
        let (Some(action), Some("mapping"), Some(verb)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if let Some(action) = found.iter_mut().find(|known| &*known.name == action) {
            action.mapping.push((Arc::from(verb), Arc::from(code.text(function.name))));
        }
    }
}

/// `set_password` as DRF shows it.
fn pretty(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
