//! What runs for a route, and what Django's generic views do for the project.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, ExprId, FunctionId, ParameterKind};
use djsec_python::value::Data;
use djsec_python::{ModuleId, value};

use super::call::Args;
use super::class::Member;
use super::conditions::{Raised, Test};
use super::run::{Frame, Framework, Run};
use super::value::{Origin, Query, Row, Source, Value, What};
use super::{Objects, Operation};
use crate::hierarchy::AttributeValue;
use crate::routes::Target;
use crate::views::effects::handled;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

impl<'a> Run<'a> {
    /// Runs what answers a route; of a class only what runs for one method, where that is given.
    pub(super) fn target(mut self, target: &Target, only: Option<&str>) -> Objects {
        let wanted = |method: &str| only.is_none_or(|only| only.eq_ignore_ascii_case(method));
        match target {
            Target::Function(name) => self.function_view(name),
            Target::Operation { function: name, .. } => {
                self.framework = Framework::Ninja;
                self.function_view(name);
            }
            Target::Class { class, arguments } => {
                self.start(class, arguments);
                let answered = METHODS.iter().copied().filter(|method| wanted(method));
                let handlers: Vec<&str> =
                    answered.filter(|method| self.lets_in(class, method)).collect();
                self.class_view(target, &handlers);
            }
            Target::ViewSet { class, actions, arguments } => {
                self.start(class, arguments);
                let actions = actions
                    .iter()
                    .filter(|(method, _)| wanted(method) && self.lets_in(class, method));
                let mut names: Vec<&str> = actions.map(|(_, action)| &**action).collect();
                names.sort_unstable();
                names.dedup();
                self.class_view(target, &names);
            }
            Target::Instance { class, .. } => {
                self.start(class, &[]);
                self.class_view(target, &["__call__"]);
            }
            Target::Admin { .. } => {}
            Target::Unknown(reason) => {
                self.gaps.insert(Arc::clone(reason));
            }
        }
        self.settle()
    }

    /// Whether `http_method_names` of a class lets a method through to its handler.
    fn lets_in(&self, class: &QualifiedName, method: &str) -> bool {
        let limit = self.world.hierarchy.attribute(class, "http_method_names");
        let Some(AttributeValue::Assigned(_, code, value)) = limit.map(|found| found.value) else {
            return true;
        };
        let names = |names: &[ExprId]| names.iter().map(|name| code.string(*name)).collect();
        let names: Option<Vec<&str>> = code.elements(value).and_then(names);
        names.is_none_or(|names| names.iter().any(|name| name.eq_ignore_ascii_case(method)))
    }

    /// Runs one method of a class that is given the request.
    pub(super) fn hook(mut self, class: &QualifiedName, method: &str) -> Objects {
        self.start(class, &[]);
        self.handler = Arc::from(method);
        if let Member::Method(found) = self.member_of_view(method, None) {
            self.entry(found.module, found.code, found.function, Some(found.owner));
        }
        self.settle()
    }

    fn function_view(&mut self, name: &QualifiedName) {
        let (QualifiedName::Project(module, _), Some((code, id))) =
            (name, self.world.program.function_code(name))
        else {
            self.gaps.insert(Arc::from("its code is not in the tree"));
            return;
        };
        self.decorators(*module, code, id);
        self.handler = Arc::from(code.function(id).map_or("", |f| code.text(f.name)));
        self.entry(*module, code, id, None);
    }

    /// The view's class, with what `as_view` was given.
    fn start(&mut self, class: &QualifiedName, arguments: &[(Arc<str>, value::Value)]) {
        self.view = Some(class.clone());
        if self.is_kind(class, &["rest_framework.views.APIView"]) {
            self.framework = Framework::Rest;
        }
        for (name, given) in arguments {
            let value = self.argument(given);
            self.heap.insert(Arc::clone(name), value);
        }
        if !matches!(class, QualifiedName::Project(..)) {
            let known = self.heap.contains_key("model") || self.heap.contains_key("queryset");
            if !known {
                self.gaps.insert(Arc::from("its code is not in the tree"));
            }
        }
    }

    fn argument(&self, given: &value::Value) -> Value {
        let Some(alternative) = given.single() else { return Value::other() };
        match &alternative.data {
            Data::None => Value::new(What::None),
            Data::Str(text) => {
                Value { what: What::Text(Arc::clone(text)), from: Origin::Constant.into() }
            }
            Data::Bool(_) | Data::Int(_) => Value::constant(),
            Data::Object(object) => {
                let named = |name: &str| {
                    self.world.models.all.iter().find(|model| {
                        self.world.program.dotted(&model.class).as_deref() == Some(name)
                    })
                };
                named(&object.name)
                    .map_or_else(Value::other, |model| Value::new(What::Name(model.class.clone())))
            }
            _ => Value::other(),
        }
    }

    /// Runs what comes before every handler of a class, then each of them on its own.
    fn class_view(&mut self, target: &Target, handlers: &[&str]) {
        for name in ["setup", "dispatch", "initial"] {
            if let Member::Method(method) = self.member_of_view(name, None) {
                self.decorators(method.module, method.code, method.function);
                let owner = Some(method.owner.clone());
                self.entry(method.module, method.code, method.function, owner);
            }
        }
        for name in ["test_func", "has_permission"] {
            if let Member::Method(method) = self.member_of_view(name, None) {
                let this = Value::new(What::This);
                let value = self.invoke_method(&method, &this, Args::default());
                self.demand(&value);
            }
        }
        self.permissions_of_view();
        let heap = self.heap.clone();
        let held = self.conditions.len();
        for name in handlers {
            self.heap.clone_from(&heap);
            self.handler = Arc::from(*name);
            self.handled = handled(target, name);
            match self.member_of_view(name, None) {
                Member::Method(method) => {
                    self.decorators(method.module, method.code, method.function);
                    let owner = Some(method.owner.clone());
                    self.entry(method.module, method.code, method.function, owner);
                }
                // `put` of Django is `post` under another name.
                Member::Package if *name != "put" || self.is_drf() => {
                    if let Some(place) = self.view_place() {
                        self.builtin(name, &Args::default(), place);
                    }
                }
                _ => {}
            }
            self.conditions.truncate(held);
        }
    }

    /// The name of the view's class.
    pub(super) fn view_place(&self) -> Option<Span> {
        let view = self.view.as_ref()?;
        let QualifiedName::Project(module, _) = view else { return None };
        let (code, id) = self.world.program.class_code(view)?;
        let file = self.world.program.module(*module)?.file;
        Some(Span::new(file, code.class(id)?.name_range))
    }

    /// Runs a function as Django calls it: with the request and the parameters of the address.
    pub(super) fn entry(
        &mut self,
        module: ModuleId,
        code: &'a Code,
        id: FunctionId,
        owner: Option<QualifiedName>,
    ) -> Value {
        let mut frame = Frame::new(module, code);
        frame.outermost = true;
        let this = owner.is_some().then(|| Value::new(What::This));
        frame.owner = owner;
        frame.this.clone_from(&this);
        self.bind_entry(&mut frame, id, this);
        self.enter(frame, id)
    }

    pub(super) fn bind_entry(
        &mut self,
        frame: &mut Frame<'a>,
        id: FunctionId,
        this: Option<Value>,
    ) {
        let code = frame.code;
        let Some(function) = code.function(id) else { return };
        let mut first = this.into_iter().chain([Value::new(What::Request)]);
        for parameter in &function.parameters {
            let name = self.shared_text(frame, parameter.name);
            let value = match parameter.kind {
                ParameterKind::Variadic => {
                    for _ in first.by_ref() {}
                    Value::from(Origin::Url(Arc::from("")))
                }
                ParameterKind::VariadicKeyword => Value {
                    what: What::Mapping(Source::Kwargs),
                    from: Origin::Url(Arc::from("")).into(),
                },
                ParameterKind::Positional | ParameterKind::Keyword => match first.next() {
                    Some(value) => value,
                    None if self.is_of(Framework::Ninja) => {
                        self.operated_value(frame, &name, parameter)
                    }
                    None => self.address_value(frame, &name, parameter.default),
                },
            };
            frame.env.insert(parameter.name, value);
        }
    }

    /// Whether the address surely has no part of this name.
    pub(super) fn lacks(&self, name: &Arc<str>) -> bool {
        // Groups without names are passed by position.
        let given =
            |all: &Vec<Arc<str>>| all.contains(name) || all.iter().any(|one| one.is_empty());
        self.parameters.as_ref().is_some_and(|all| !given(all))
    }

    fn address_value(
        &mut self,
        frame: &mut Frame<'a>,
        name: &Arc<str>,
        default: Option<ExprId>,
    ) -> Value {
        let given = !self.lacks(name);
        match default {
            Some(default) if !given => self.eval(frame, default),
            _ if given => Value::from(Origin::Url(Arc::clone(name))),
            _ => Value::from(Origin::Body(Some(Arc::clone(name)))),
        }
    }

    /// Calls a method of the view; with `after`, as `super()` in that class.
    pub(super) fn view_method(
        &mut self,
        name: &str,
        args: Args,
        after: Option<&QualifiedName>,
        place: Span,
    ) -> Value {
        let this = Value::new(What::This);
        match self.member_of_view(name, after) {
            Member::Method(method) => self.invoke_method(&method, &this, args),
            Member::Unseen => {
                let value = self.builtin(name, &args, place);
                doubtful(value.unwrap_or_else(Value::other))
            }
            _ => match self.builtin(name, &args, place) {
                Some(value) => value,
                None => self.opaque(&Value::default(), &args),
            },
        }
    }

    /// What a method of Django's or DRF's generic views does.
    pub(super) fn builtin(&mut self, name: &str, args: &Args, place: Span) -> Option<Value> {
        if self.is_drf()
            && let Some(value) = self.drf_builtin(name, args, place)
        {
            return Some(value);
        }
        match name {
            "get_queryset" => Some(self.generic_queryset(place)),
            "get_object" => Some(self.generic_object(args, place)),
            "get_context_data" | "render_to_response" => {
                for value in args.values() {
                    self.escape(&value.clone());
                }
                Some(Value::other())
            }
            "get_form" => {
                let instance = self.heap.get("object").filter(|v| v.row().is_some()).cloned();
                Some(self.view_form(instance))
            }
            "form_valid" => {
                self.form_valid(args, place);
                Some(Value::default())
            }
            "get" | "post" | "put" | "delete" => {
                self.generic_handler(name, place);
                Some(Value::default())
            }
            "dispatch" | "setup" | "initial" | "form_invalid" | "get_success_url" | "options" => {
                Some(Value::default())
            }
            _ => None,
        }
    }

    fn generic_queryset(&mut self, place: Span) -> Value {
        let this = Value::new(What::This);
        let queryset = self.attribute(&this, "queryset", place);
        if let Some(query) = queryset.query() {
            let mut query = Query::clone(query);
            query.place = place;
            return Value { what: What::Query(Rc::new(query)), from: queryset.from };
        }
        match self.attribute(&this, "model", place).what {
            What::Name(model)
                if self.world.models.get(&model).is_some() || self.world.models.is_user(&model) =>
            {
                let query = self.manager(&model, "_default_manager", place);
                Value::new(What::Query(Rc::new(query)))
            }
            _ => Value::other(),
        }
    }

    fn plain_attribute(&mut self, name: &str, otherwise: &str) -> Arc<str> {
        let this = Value::new(What::This);
        let text = self
            .view_place()
            .map(|place| self.attribute(&this, name, place))
            .as_ref()
            .and_then(Self::text);
        text.unwrap_or_else(|| Arc::from(otherwise))
    }

    fn generic_object(&mut self, args: &Args, place: Span) -> Value {
        let given = args.get(0, "queryset").filter(|value| value.query().is_some()).cloned();
        let all =
            given.unwrap_or_else(|| self.view_method("get_queryset", Args::default(), None, place));
        let Some(query) = all.query() else { return Value::other() };
        let mut query = Query::clone(query);
        query.place = place;
        let pk = self.plain_attribute("pk_url_kwarg", "pk");
        let slug = self.plain_attribute("slug_url_kwarg", "slug");
        let field = self.plain_attribute("slug_field", "slug");
        let names = self.parameters.clone();
        let has = |name: &Arc<str>| names.as_ref().is_some_and(|all| all.contains(name));
        if has(&slug) && !has(&pk) {
            self.narrow(&mut query, &field, &Value::from(Origin::Url(slug)), place);
        } else {
            self.narrow(&mut query, "pk", &Value::from(Origin::Url(pk)), place);
        }
        self.fetched(&query, place, true)
    }

    /// Whether the view is derived from one of these.
    fn is_view(&self, names: &[&str]) -> bool {
        self.view.as_ref().is_some_and(|view| self.is_kind(view, names))
    }

    fn generic_handler(&mut self, name: &str, place: Span) {
        let list = self.is_view(&[
            "django.views.generic.list.BaseListView",
            "django.views.generic.dates.BaseArchiveIndexView",
        ]);
        let single = self.is_view(&["django.views.generic.detail.SingleObjectMixin"]);
        let creates = self.is_view(&["django.views.generic.edit.BaseCreateView"]);
        let deletes = self.is_view(&["django.views.generic.edit.DeletionMixin"]);
        let form = self.is_view(&["django.views.generic.edit.FormMixin"]);
        if list && name == "get" {
            let all = self.view_method("get_queryset", Args::default(), None, place);
            self.escape(&all);
            self.heap.insert(Arc::from("object_list"), all);
        }
        if single && !creates {
            let object = self.view_method("get_object", Args::default(), None, place);
            self.heap.insert(Arc::from("object"), object);
        } else if creates {
            self.heap.insert(Arc::from("object"), Value::new(What::None));
        }
        if name == "get" {
            self.view_method("get_context_data", Args::default(), None, place);
        } else if deletes
            && (name == "delete" || !matches!(self.member_of_view("delete", None), Member::Package))
        {
            if name == "delete" {
                self.delete_object(place);
            } else {
                self.view_method("delete", Args::of(vec![Value::new(What::Request)]), None, place);
            }
        } else if form && name != "delete" {
            let form = self.view_method("get_form", Args::default(), None, place);
            self.view_method("form_valid", Args::of(vec![form]), None, place);
        } else if deletes {
            self.delete_object(place);
        }
    }

    fn delete_object(&mut self, place: Span) {
        let object = self.heap.get("object").cloned();
        let object = match object {
            Some(object) if object.row().is_some() => object,
            _ => self.view_method("get_object", Args::default(), None, place),
        };
        if let Some(row) = object.row() {
            self.record_row(&Rc::clone(row), Operation::Delete, place);
        }
    }

    fn form_valid(&mut self, args: &Args, place: Span) {
        if self.is_view(&["django.views.generic.edit.DeletionMixin"]) {
            self.delete_object(place);
            return;
        }
        let models = self.is_view(&["django.views.generic.edit.ModelFormMixin"]);
        let form = args.get(0, "form").cloned();
        if models
            && let Some(form) = form
            && matches!(form.what, What::Form(_))
        {
            let saved = self.method(&form, "save", Args::default(), place);
            self.heap.insert(Arc::from("object"), saved);
        }
    }

    /// A value that must be true, or the request ends.
    pub(super) fn demand(&mut self, value: &Value) {
        if let Some(place) = self.view_place() {
            self.demand_at(value, place);
        }
    }

    /// The same of what is demanded elsewhere.
    pub(super) fn demand_at(&mut self, value: &Value, place: Span) {
        let test = Test { raises: Some(Raised(None)), ..Test::of(value.from.clone(), place) };
        self.note(std::slice::from_ref(&test), true, None);
        self.decided(&test, true);
        self.conditions.push(test);
    }
}

/// A value that a class nobody knows may replace.
fn doubtful(value: Value) -> Value {
    let reason = "a base class that is not known may override it";
    match &value.what {
        What::Query(query) => {
            let mut query = Query::clone(query);
            query.unknown.get_or_insert_with(|| Arc::from(reason));
            Value { what: What::Query(Rc::new(query)), from: value.from }
        }
        What::Row(row) => {
            let mut row = Row::clone(row);
            row.links.push(super::value::Link::Unknown);
            Value { what: What::Row(Rc::new(row)), from: value.from }
        }
        _ => value,
    }
}
