//! Forms and serializers: what saving them does.

use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, Stmt};

use super::call::Args;
use super::class::Member;
use super::conditions::Test;
use super::run::Run;
use super::value::{Form, Link, New, Origin, Row, Value, What};
use super::{FormAct, FormUse, Operation, Taken};

const FORMS: &[&str] = &["django.forms.BaseForm", "django.forms.forms.BaseForm"];
const SERIALIZERS: &[&str] = &["rest_framework.serializers.BaseSerializer"];

impl Run<'_> {
    /// A form or serializer, if the class is one.
    pub(super) fn construct_form(&mut self, class: &QualifiedName, args: &Args) -> Option<Value> {
        let serializer = self.is_kind(class, SERIALIZERS);
        if !serializer && !self.is_kind(class, FORMS) {
            return None;
        }
        let instance = if serializer { args.get(0, "instance") } else { args.keyword("instance") };
        for value in args.values() {
            self.escape(value);
        }
        if serializer && args.get(1, "data").is_some() {
            self.take(class);
        }
        let instance = instance
            .filter(|value| matches!(value.what, What::Row(_) | What::New(_) | What::Unknown))
            .cloned();
        let model = match self.meta(class, "model").map(|value| value.what) {
            Some(What::Name(model)) => Some(model),
            _ => None,
        };
        let model =
            model.or_else(|| instance.as_ref().and_then(Value::row).map(|row| row.model.clone()));
        let told = args.asks_who();
        let form = Form { class: class.clone(), model, instance, doubtful: false, told };
        Some(Value::new(What::Form(Rc::new(form))))
    }

    pub(super) fn form_method(
        &mut self,
        value: &Value,
        form: &Rc<Form>,
        name: &str,
        args: Args,
        place: Span,
    ) -> Value {
        // Its own `save()` does as Django's in the end; one that is told who asks may refuse first.
        if name == "save" && form.model.is_some() && !args.asks_who() {
            return self.plain_form_method(value, form, name, &args, place);
        }
        match self.member(&form.class, name, None) {
            Member::Method(method) => self.invoke_method(&method, value, args),
            _ => self.plain_form_method(value, form, name, &args, place),
        }
    }

    pub(super) fn plain_form_method(
        &mut self,
        value: &Value,
        form: &Rc<Form>,
        name: &str,
        args: &Args,
        place: Span,
    ) -> Value {
        match name {
            "save" => self.saved(form, args, place),
            "is_valid" => self.validity(form),
            "full_clean" | "has_changed" => Value::default(),
            "get_initial" => Value::other(),
            _ => self.opaque(value, args),
        }
    }

    /// Whether a form is valid: that may hang on whose its row is, where it was told who asks.
    fn validity(&self, form: &Form) -> Value {
        let rows = form.instance.iter().flat_map(Value::rows).map(Origin::Row);
        if form.told && self.looks_at_row(&form.class) {
            Value::of(rows.chain([Origin::User]).collect())
        } else {
            Value::default()
        }
    }

    /// Whether what checks a form looks at the row that is changed, and may refuse.
    fn looks_at_row(&self, class: &QualifiedName) -> bool {
        let order = self.world.hierarchy.order(class);
        order.iter().any(|owner| {
            let Some((code, id)) = self.world.program.class_code(owner) else { return false };
            code.methods(id).into_iter().filter_map(|id| code.function(id)).any(|function| {
                let name = code.text(function.name);
                let checks = ["clean", "validate"].iter().any(|start| name.starts_with(start));
                let (mut looks, mut refuses) = (false, false);
                code.each_expr(function.body, &mut |_, expr| {
                    if let Expr::Attribute(of, name) = expr {
                        let own = code.name(of) == Some("self");
                        looks |= own && code.text(name) == "instance";
                        refuses |= own && code.text(name) == "add_error";
                    }
                });
                code.each_stmt(function.body, &mut |_, stmt| {
                    refuses |= matches!(stmt, Stmt::Raise(_));
                });
                checks && looks && refuses
            })
        })
    }

    fn saved(&mut self, form: &Rc<Form>, args: &Args, place: Span) -> Value {
        let Some(model) = form.model.clone() else { return Value::other() };
        let later = args.keyword("commit").or(args.positional.first()).is_some();
        let mut values = args.keywords.clone();
        values.retain(|(name, _)| &**name != "commit");
        match form.instance.as_ref().map(|value| &value.what) {
            Some(What::Row(row)) => {
                if !later {
                    self.record_row(&Rc::clone(row), Operation::Update, place);
                }
                self.use_form(form, FormAct::Updates, &values, place);
                return form.instance.clone().unwrap_or_default();
            }
            Some(What::New(new)) => {
                let mut all = new.values.clone();
                all.extend(values);
                values = all;
            }
            Some(_) => {
                self.use_form(form, FormAct::Updates, &values, place);
                return Self::stray_row(&model);
            }
            None => {}
        }
        if later {
            let form = Some(Rc::clone(form));
            return Value::new(What::New(Rc::new(New { model, values, form })));
        }
        self.use_form(form, FormAct::Creates, &values, place);
        let at = self.record_new(&model, &values, place);
        let row = Row { model, links: vec![Link::Access(at)] };
        Value { what: What::Row(Rc::new(row)), from: Origin::Row(at).into() }
    }

    /// Remembers that a serializer is given what came in, unless only for some who ask: where a
    /// condition on the way is about them alone, rather than about a row that is theirs.
    pub(super) fn take(&mut self, serializer: &QualifiedName) {
        let role = |test: &Test| {
            test.asks_who() && !test.from.iter().any(|origin| matches!(origin, Origin::Row(_)))
        };
        if self.conditions.iter().any(role) {
            return;
        }
        let handler = Arc::clone(&self.handler);
        let taken = Taken { serializer: serializer.clone(), handler };
        let same = |one: &Taken| one.serializer == *serializer && one.handler == taken.handler;
        if !self.taken.iter().any(same) {
            self.taken.push(taken);
        }
    }

    /// The serializer of a view of DRF; nothing where a method of the project says it in a way that is
    /// not followed.
    pub(super) fn view_serializer(&mut self) -> Option<QualifiedName> {
        let value = match self.member_of_view("get_serializer_class", None) {
            Member::Method(method) => {
                self.invoke_method(&method, &Value::new(What::This), Args::default())
            }
            Member::Unseen => return None,
            _ => self.attribute_of_view("serializer_class"),
        };
        match value.what {
            What::Name(class) => Some(class),
            _ => None,
        }
    }

    /// Remembers what is done with a form. `values`: what the code itself gives the row.
    pub(super) fn use_form(
        &mut self,
        form: &Form,
        act: FormAct,
        values: &[(Arc<str>, Value)],
        place: Span,
    ) {
        if form.doubtful {
            return;
        }
        let put = self.put.iter().filter(|(handler, _)| *handler == self.handler);
        let given = values.iter().map(|(name, _)| name).chain(put.map(|(_, name)| name));
        let found = FormUse {
            class: form.class.clone(),
            model: form.model.clone(),
            act,
            given: given.cloned().collect(),
            for_some: self.conditions.iter().any(Test::asks_who),
            handler: Arc::clone(&self.handler),
            place,
        };
        if !self.forms.contains(&found) {
            self.forms.push(found);
        }
    }

    /// The form or serializer that a generic view makes, for a row or for a new one.
    pub(super) fn view_form(&mut self, instance: Option<Value>) -> Value {
        let class = ["form_class", "serializer_class"].iter().find_map(|name| {
            match self.attribute_of_view(name).what {
                What::Name(class) => Some(class),
                _ => None,
            }
        });
        let mut doubtful = false;
        let own = ["get_form_class", "get_serializer_class"].iter().find_map(|name| {
            let Member::Method(method) = self.member_of_view(name, None) else { return None };
            let chosen = self.invoke_method(&method, &Value::new(What::This), Args::default());
            let class = if let What::Name(class) = chosen.what { Some(class) } else { None };
            doubtful |= class.is_none();
            class
        });
        let model = self.view_model(instance.as_ref());
        let Some(class) = own.or(class).or_else(|| model.clone()) else { return Value::other() };
        let keywords: Vec<(Arc<str>, Value)> =
            instance.clone().map(|value| (Arc::from("instance"), value)).into_iter().collect();
        let args = Args { keywords, ..Args::default() };
        let mut form = Form { class: class.clone(), model, instance, doubtful, told: false };
        let made = self.construct_form(&class, &args);
        if let Some(What::Form(known)) = made.map(|made| made.what) {
            if known.model.is_some() {
                form.model.clone_from(&known.model);
                form.instance.clone_from(&known.instance);
            } else if !self.is_kind(&class, SERIALIZERS) {
                form.model = None;
            }
        }
        if let Some(place) = self.view_place() {
            self.use_form(&form, FormAct::Made, &[], place);
        }
        Value::new(What::Form(Rc::new(form)))
    }

    /// The model that a generic view is about.
    fn view_model(&mut self, instance: Option<&Value>) -> Option<QualifiedName> {
        if let Some(row) = instance.and_then(Value::row) {
            return Some(row.model.clone());
        }
        match self.attribute_of_view("model").what {
            What::Name(model) if self.world.models.get(&model).is_some() => return Some(model),
            _ => {}
        }
        self.attribute_of_view("queryset").query().map(|query| query.model.clone())
    }

    fn attribute_of_view(&mut self, name: &str) -> Value {
        let this = Value::new(What::This);
        let place = self.view_place();
        place.map_or_else(Value::other, |place| self.attribute(&this, name, place))
    }
}
