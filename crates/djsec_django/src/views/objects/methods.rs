//! Methods of rows, forms, the view and other objects of the project.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use super::call::Args;
use super::class::Member;
use super::run::Run;
use super::sent::{changed, part};
use super::value::{Link, New, Origin, Origins, Row, Source, Value, What};
use super::{FormAct, Operation};

impl Run<'_> {
    /// Calls a method of something.
    pub(super) fn method(&mut self, base: &Value, name: &str, args: Args, place: Span) -> Value {
        match &base.what {
            What::Mapping(source) => match name {
                "get" | "getlist" | "pop" | "setdefault" => {
                    let key = args.positional.first().cloned().unwrap_or_default();
                    let source = *source;
                    let mut value = match &key.what {
                        // No address of the view has it: it is what the code says, if anything.
                        What::Text(name) if source == Source::Kwargs && self.lacks(name) => {
                            Value::other()
                        }
                        _ => Self::mapping_entry(source, &key),
                    };
                    if let Some(default) = args.positional.get(1).filter(|d| !d.is_constant()) {
                        value = value.with(&default.from);
                    }
                    value
                }
                "copy" | "dict" | "_asdict" => base.clone(),
                _ => Value::of(base.from.clone()),
            },
            What::Cleaned(form) => match name {
                "get" | "pop" => {
                    let key = args.positional.first().cloned().unwrap_or_default();
                    self.cleaned(form, &key)
                }
                "copy" => base.clone(),
                _ => Value::of(base.from.clone()),
            },
            What::Schema(class) => self.schema_method(base, &class.clone(), name, args),
            What::Dict(entries) if matches!(name, "copy" | "get" | "items") => {
                Self::entries_method(base, entries, name, &args)
            }
            What::Query(query) => {
                let query = Rc::clone(query);
                self.query_method(base, &query, name, args, place)
            }
            What::Row(row) => {
                let row = Rc::clone(row);
                self.row_method(base, &row, name, args, place)
            }
            What::New(new) => {
                let new = Rc::clone(new);
                self.new_method(base, &new, name, args, place)
            }
            What::Form(form) => {
                let form = Rc::clone(form);
                self.form_method(base, &form, name, args, place)
            }
            What::This => self.view_method(name, args, None, place),
            What::Super(this, owner) => {
                let (this, owner) = (Rc::clone(this), owner.clone());
                self.super_method(&this, &owner, name, args, place)
            }
            What::Instance(class) => {
                let class = class.clone();
                self.instance_method(base, &class, name, args)
            }
            What::Name(class) => self.class_method(base, &class.clone(), name, args),
            What::Request => {
                let from: Origins = args.union();
                if from.is_empty() { Value::other() } else { Value::of(from) }
            }
            _ if name == "get" && base.is_constant() && !base.from.is_empty() => Value::constant(),
            // `json.loads(request.body).get("role")`.
            _ if name == "get" && args.positional.len() <= 2 => {
                match args.positional.first().and_then(Self::text) {
                    Some(key) => Value::of(part(&base.from, &key)).with(&args.union()),
                    None => self.opaque(base, &args),
                }
            }
            _ if is_of_text(name) => self.opaque(base, &args),
            _ => changed(self.opaque(base, &args)),
        }
    }

    fn row_method(
        &mut self,
        value: &Value,
        row: &Rc<Row>,
        name: &str,
        args: Args,
        place: Span,
    ) -> Value {
        match name {
            "save" | "asave" | "save_base" => {
                self.record_row(row, Operation::Update, place);
                return Value::default();
            }
            "delete" | "adelete" => {
                self.record_row(row, Operation::Delete, place);
                return Value::default();
            }
            _ => {}
        }
        let is_address = name == "get_absolute_url";
        let made = if let Member::Method(method) = self.member(&row.model, name, None) {
            self.invoke_method(&method, value, args)
        } else {
            // What others do is not known.
            if !is_address {
                self.show(value);
            }
            self.opaque(value, &args)
        };
        if is_address { Value { what: What::Address, ..made } } else { made }
    }

    fn new_method(
        &mut self,
        value: &Value,
        new: &Rc<New>,
        name: &str,
        args: Args,
        place: Span,
    ) -> Value {
        if matches!(name, "save" | "asave") {
            let at = self.record_new(&new.model, &new.values, place);
            if let Some(form) = &new.form {
                self.use_form(form, FormAct::Creates, &new.values, place);
            }
            return Value::from(Origin::Row(at));
        }
        match self.member(&new.model, name, None) {
            Member::Method(method) => self.invoke_method(&method, value, args),
            _ => self.opaque(value, &args),
        }
    }

    fn instance_method(
        &mut self,
        value: &Value,
        class: &QualifiedName,
        name: &str,
        args: Args,
    ) -> Value {
        match self.member(class, name, None) {
            Member::Method(method) => self.invoke_method(&method, value, args),
            _ => self.opaque(value, &args),
        }
    }

    fn class_method(
        &mut self,
        value: &Value,
        class: &QualifiedName,
        name: &str,
        args: Args,
    ) -> Value {
        match self.member(class, name, None) {
            Member::Method(method)
                if method.has_decorator("classmethod") || method.has_decorator("staticmethod") =>
            {
                self.invoke_method(&method, value, args)
            }
            // `Order.save(order)`.
            Member::Method(method) if !args.positional.is_empty() => {
                let this = args.positional.first().cloned().unwrap_or_default();
                self.invoke_method(&method, &this, args.rest())
            }
            _ => self.opaque(value, &args),
        }
    }

    /// `super().name(…)`.
    fn super_method(
        &mut self,
        this: &Rc<Value>,
        owner: &QualifiedName,
        name: &str,
        args: Args,
        place: Span,
    ) -> Value {
        let class = match &this.what {
            What::This => return self.view_method(name, args, Some(owner), place),
            What::Query(query) => {
                for class in query.classes.clone() {
                    let order = self.world.hierarchy.order(&class);
                    if !order.contains(owner) {
                        continue;
                    }
                    if let Member::Method(method) = self.member(&class, name, Some(owner)) {
                        return self.invoke_method(&method, this, args);
                    }
                }
                let query = Rc::clone(query);
                return self.plain_query_method(this, &query, name, args, place);
            }
            What::Row(row) => row.model.clone(),
            What::New(new) => new.model.clone(),
            What::Form(form) => form.class.clone(),
            What::Instance(class) => class.clone(),
            _ => return self.opaque(this, &args),
        };
        match (self.member(&class, name, Some(owner)), &this.what) {
            (Member::Method(method), _) => self.invoke_method(&method, this, args),
            (_, What::Form(form)) => {
                let form = Rc::clone(form);
                self.plain_form_method(this, &form, name, &args, place)
            }
            // What `save` and `delete` do is recorded where they are called.
            _ if matches!(name, "save" | "delete") => Value::default(),
            _ => self.opaque(this, &args),
        }
    }

    /// Calls a class.
    pub(super) fn construct(&mut self, class: &QualifiedName, args: Args, place: Span) -> Value {
        if self.world.models.get(class).is_some() || self.world.models.is_user(class) {
            return Value::new(What::New(Rc::new(New {
                model: class.clone(),
                values: args.keywords,
                form: None,
            })));
        }
        let queries = [
            "django.db.models.QuerySet",
            "django.db.models.Manager",
            "django.db.models.manager.BaseManager",
        ];
        if self.is_kind(class, &queries) {
            return self.construct_query(class, &args);
        }
        if let Some(form) = self.construct_form(class, &args) {
            if let What::Form(form) = &form.what {
                self.use_form(&Rc::clone(form), FormAct::Made, &[], place);
            }
            return form;
        }
        for value in args.values() {
            self.escape(value);
        }
        changed(Value { what: What::Instance(class.clone()), from: args.union() })
    }

    /// `OrderQuerySet(self.model, using=self._db)`.
    fn construct_query(&mut self, class: &QualifiedName, args: &Args) -> Value {
        let model = match args.get(0, "model").map(|value| &value.what) {
            Some(What::Name(model)) => model.clone(),
            _ => return Value::other(),
        };
        let place = self.accesses.last().map(|access| access.place);
        let Some(place) = place.or_else(|| self.model_place(&model)) else {
            return Value::other();
        };
        let mut query = super::value::Query::new(model, place);
        query.classes.push(class.clone());
        Value::new(What::Query(Rc::new(query)))
    }

    fn model_place(&self, model: &QualifiedName) -> Option<Span> {
        self.world.models.get(model).map(|model| model.place)
    }

    /// A row from nowhere.
    pub(super) fn stray_row(model: &QualifiedName) -> Value {
        Value {
            what: What::Row(Rc::new(Row { model: model.clone(), links: vec![Link::Unknown] })),
            from: Origin::Other.into(),
        }
    }

    /// A text, if the value is one.
    pub(super) fn text(value: &Value) -> Option<Arc<str>> {
        match &value.what {
            What::Text(text) => Some(Arc::clone(text)),
            _ => None,
        }
    }
}

/// Whether a method of a text gives that text in another form.
fn is_of_text(name: &str) -> bool {
    matches!(
        name,
        "casefold"
            | "decode"
            | "lower"
            | "lstrip"
            | "rstrip"
            | "split"
            | "strip"
            | "title"
            | "upper"
    )
}
