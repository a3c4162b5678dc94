//! Methods: of requests, rows, queries, objects of the project and of packages.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::code::{ExprId, FunctionId};
use djsec_python::{ModuleId, QualifiedName};

use super::call::unknown;
use super::expr::row;
use super::higher::joined;
use super::models::content_type;
use super::sinks::is_uploaded;
use super::waits::parameter;
use super::{REQUEST, Run, is_decorated};
use crate::args::{Args, Given};
use crate::taint::Origin;
use crate::value::{ANY, Value, What};

/// Under which name the models know queries.
pub(super) const QUERY: &str = "django.db.models.query.QuerySet";

impl Run<'_, '_> {
    /// Calls a method.
    pub(super) fn method(&mut self, name: &str, args: &Args, place: Span, id: ExprId) -> Value {
        let Some(receiver) = args.receiver.clone() else { return unknown(args, None, place) };
        self.after_method(name, args);
        if let Some(value) = self.of_parser(name, args) {
            return value;
        }
        if let Some(content) = Self::content_of(&receiver.value, name) {
            return content;
        }
        match &receiver.value.what {
            What::Instance(class) => {
                let class = class.clone();
                let mut written = None;
                if name == "render"
                    && let QualifiedName::External(external) = &class
                {
                    written = self.renders(&format!("{external}.render"), args, id);
                }
                let value = self.method_of(&class, name, args, place, id);
                Self::as_rendered(value, written)
            }
            What::Query(model) => {
                let model = model.clone();
                if name == "model" {
                    // `self.model(email=email, **extra)` in a manager makes a row.
                    let args = Args { receiver: None, ..args.clone() };
                    return self.call_value(model, args, place, id);
                }
                self.query_method(&model, name, args, place)
            }
            What::Generator(..) => match self.generator_method(name, args, place) {
                Some(value) => value,
                None => self.plain_method(name, args, place),
            },
            What::Either(all) => {
                let all = Arc::clone(all);
                let one = |what: &What| {
                    let value = Value { what: what.clone(), ..receiver.value.clone() };
                    self.method_of_either(name, (value, &receiver), args, (place, id))
                };
                let value = joined(all.iter().map(one));
                self.left_at = None;
                value
            }
            _ => {
                if let Some(class) = self.default_class(&receiver.value, name) {
                    let value = Value { what: What::Name(class), ..receiver.value.clone() };
                    return self.method_of_either(name, (value, &receiver), args, (place, id));
                }
                self.into_loose(name, args);
                self.waits_for_class(name, args);
                self.plain_method(name, args, place)
            }
        }
    }

    /// The class of the project that a parameter is where the caller gives nothing, if it has such a
    /// method: `def paginate(request, cursor_class=Cursor)`.
    fn default_class(&self, value: &Value, method: &str) -> Option<QualifiedName> {
        let Origin::Parameter(at, None) = &parameter(value)?.origin else { return None };
        let parameter = self.function.parameters.get(usize::from(*at))?;
        let class = self.named(parameter.default?)?;
        let own = matches!(class, QualifiedName::Project(..));
        (own && !self.overrides(&class, method).is_empty()).then_some(class)
    }

    /// A method of one of the things that a value may be.
    fn method_of_either(
        &mut self,
        name: &str,
        (value, receiver): (Value, &Given),
        args: &Args,
        (place, id): (Span, ExprId),
    ) -> Value {
        if let What::Name(of) = &value.what {
            let args = Args { receiver: None, ..args.clone() };
            return self.call_in(&of.clone(), name, args, place, id);
        }
        let receiver = Some(Given { value, expr: receiver.expr });
        self.method(name, &Args { receiver, ..args.clone() }, place, id)
    }

    fn method_of(
        &mut self,
        class: &QualifiedName,
        name: &str,
        args: &Args,
        place: Span,
        id: ExprId,
    ) -> Value {
        if let Some(found) = self.request_call(name, args, id) {
            return found;
        }
        self.told_to_follow(class, name, args);
        let own = matches!(class, QualifiedName::Project(..));
        let on = args.receiver.as_ref().filter(|_| own);
        let methods = on.map(|on| self.methods_on(&on.value, class, name)).unwrap_or_default();
        if !methods.is_empty() {
            let mut value: Option<Value> = None;
            let mut comes_back = false;
            for (module, function) in methods {
                let is_static = self.world.program.code(module).is_some_and(|code| {
                    let found = code.function(function);
                    found.is_some_and(|found| is_decorated(code, found, "staticmethod"))
                });
                let given = self.apply(args, (module, function), !is_static, place, Some(name));
                comes_back |= self.left_at != Some(place);
                match &mut value {
                    Some(value) => value.join(&given),
                    None => value = Some(given),
                }
            }
            if comes_back {
                self.left_at = None;
            }
            return value.unwrap_or_default();
        }
        if let Some(sent) = self.signalled(name, args, place) {
            return sent;
        }
        if own {
            let held = self.variable(class, name, args);
            let schema = held.or_else(|| self.schema_method(class, name, args));
            let partial = |run: &mut Self| run.partial_method(class, name, args, (place, id));
            if let Some(found) = schema.or_else(|| partial(self)) {
                return found;
            }
            if let Some(found) = self.held_call(class, name, args, (place, id)) {
                return found;
            }
        }
        if let Some(rows) = self.same_rows(class, name, args, (place, id)) {
            return rows;
        }
        if let Some(nearest) = self.models_of(class, name).next() {
            return self.modelled(&[nearest], name, args, place, id);
        }
        if self.world.models.get(class).is_some() {
            // What Django's own methods of rows give.
            return Value::default();
        }
        if own {
            let found = self.record_method(name, args);
            if let Some(value) = found.or_else(|| self.generic(class, name)) {
                return value;
            }
            let on = args.receiver.as_ref().filter(|_| name == "get_queryset");
            if let Some(rows) = on.and_then(|on| self.rows_of_view(&on.value, class, (place, id))) {
                return rows;
            }
        }
        if class.is_external(REQUEST) {
            return Value::default();
        }
        self.into_loose(name, args);
        self.plain_method(name, args, place)
    }

    /// What generic views and forms give: a row of their model, a form of their class.
    fn generic(&mut self, class: &QualifiedName, name: &str) -> Option<Value> {
        match name {
            "save" | "get_object" => {}
            "get_form" => return self.attribute_model(class, "form_class").map(Value::instance_of),
            "get_serializer" => {
                return self.attribute_model(class, "serializer_class").map(Value::instance_of);
            }
            _ => return None,
        }
        let model = self.attribute_model(class, "model").or_else(|| self.meta_model(class));
        let known = model.filter(|model| self.world.models.get(model).is_some());
        Some(known.map(Value::instance_of).unwrap_or_default())
    }

    /// The model that the `Meta` of a form or serializer names.
    pub(super) fn meta_model(&self, class: &QualifiedName) -> Option<QualifiedName> {
        match self.world.hierarchy.attribute(class, "Meta")?.value {
            AttributeValue::Class(module, code, meta) => {
                self.world.named((module, code), code.class_attribute(meta, "model")?)
            }
            _ => None,
        }
    }

    pub(super) fn attribute_model(
        &self,
        class: &QualifiedName,
        name: &str,
    ) -> Option<QualifiedName> {
        match self.world.hierarchy.attribute(class, name)?.value {
            AttributeValue::Assigned(module, code, id) => self.world.named((module, code), id),
            _ => None,
        }
    }

    /// `request.GET.get("q")`, `self.kwargs.get("name")`: the same as the item.
    fn request_call(&mut self, name: &str, args: &Args, id: ExprId) -> Option<Value> {
        if !matches!(name, "get" | "pop" | "getlist" | "setdefault") {
            return None;
        }
        let receiver = args.receiver.as_ref()?;
        let key = args.positional.first().map(|given| given.value.clone()).unwrap_or_default();
        let mut found = self.request_item(&receiver.value, &key, id)?;
        // `request.FILES.getlist("files")`: each of them is a file.
        if name == "getlist" && is_uploaded(&found.what) {
            found = Value::default().with_field(ANY, found);
        }
        if name == "pop" {
            self.redact(receiver.expr, key.as_text().map(|key| &**key));
        }
        if let Some(default) = args.positional.get(1).or_else(|| args.keyword("default")) {
            found.join(&default.value.clone());
        }
        Some(found)
    }

    fn query_method(
        &mut self,
        model: &QualifiedName,
        name: &str,
        args: &Args,
        place: Span,
    ) -> Value {
        let dotted = format!("{QUERY}.{name}");
        if let Some(known) = self.world.catalog.call(&dotted) {
            self.note_call(|| dotted, &[known], args, place);
            self.into_sinks(known, args, name);
        }
        let managers = self.world.models.get(model).map_or(&[][..], |model| &model.managers);
        for (_, class) in managers {
            if let Some(method) = self.own_method(class, name) {
                let given = self.apply(args, method, true, place, Some(name));
                let same = matches!(&given.what, What::Instance(class) if self.is_of_rows(class));
                if given.is_plain() && !same {
                    break;
                }
                return if same {
                    Value { what: What::Query(model.clone()), ..given }
                } else {
                    given
                };
            }
        }
        let query = args.receiver.as_ref().map(|receiver| receiver.value.clone());
        let query = query.unwrap_or_default();
        let row = || content_type(row(&query, model), args, place);
        match name {
            "get_by_natural_key" | "get_for_id" | "get" | "first" | "last" | "latest"
            | "earliest" | "create" | "aget" | "afirst" | "alast" | "acreate" => row(),
            "get_or_create" | "update_or_create" | "aget_or_create" | "aupdate_or_create" => {
                Value::default().with_field("[0]", row())
            }
            "values" | "values_list" => self.columns(model, name, args, place),
            "count" | "exists" | "delete" | "update" | "acount" | "aexists" | "adelete"
            | "aupdate" | "bulk_create" | "bulk_update" | "aggregate" | "contains" | "in_bulk"
            | "explain" | "dates" | "datetimes" => Value::default(),
            "raw" => Value::default().with_field(ANY, row()),
            _ => {
                let rows = content_type(Value::of(What::Query(model.clone())), args, place);
                match query.known_field(ANY) {
                    Some(columns) => rows.with_field(ANY, columns.clone()),
                    None => rows,
                }
            }
        }
    }

    /// The methods that `super().name` may be: the next in the order of the class, and of those that are
    /// derived from it, where another base may stand between.
    fn next_methods(&self, owner: &QualifiedName, name: &str) -> Vec<(ModuleId, FunctionId)> {
        let hierarchy = self.world.hierarchy;
        if let Some(class) = &self.exactly {
            let next = hierarchy.attribute_behind(class, owner, name);
            return next.and_then(|next| next.method()).into_iter().collect();
        }
        self.methods_among(owner, |class| hierarchy.attribute_behind(class, owner, name))
    }

    /// `super().name(…)`.
    pub(super) fn super_call(&mut self, name: &str, args: Args, place: Span, id: ExprId) -> Value {
        let Some(owner) = self.owner.clone() else { return unknown(&args, None, place) };
        let this = self.function.parameters.first().and_then(|p| self.env.get(p.name)).flatten();
        let receiver = this.cloned().unwrap_or_default();
        let expr = self.code.no_expr();
        let args = Args { receiver: Some(Given { value: receiver, expr }), ..args };
        let next = self.next_methods(&owner, name);
        if !next.is_empty() {
            let several = next.len() > 1;
            if several {
                self.note_split_behind(&owner, name);
            }
            let mut all = Vec::new();
            for method in next {
                let written = self.written_to(&args, method, place);
                all.push(self.apply(&args, method, true, place, Some(name)));
                for (field, value) in written {
                    self.keep_on_self(&field, value);
                }
            }
            if several {
                self.left_at = None;
            }
            return joined(all.into_iter());
        }
        if let Some(rows) = self.same_rows(&owner, name, &args, (place, id)) {
            return rows;
        }
        let nearest = match name {
            "__init__" => {
                let bases = self.external_bases(&owner);
                self.keep_type(&bases, &args);
                bases.iter().find_map(|base| self.world.catalog.call(base))
            }
            name => self.models_of(&owner, name).next(),
        };
        let on = args.receiver.as_ref().map(|on| on.value.clone()).unwrap_or_default();
        match nearest {
            Some(nearest) => self.modelled(&[nearest], name, &args, place, id),
            None if name == "get_queryset" => {
                self.rows_of_view(&on, &owner, (place, id)).unwrap_or_default()
            }
            None => self.generic(&owner, name).unwrap_or_default(),
        }
    }
}
