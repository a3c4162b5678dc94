//! What parameters are that Django and its packages hand to functions of the project.

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{ExprId, Stmt};

use super::Run;
use super::attribute::NAMES;
use super::forms::Sort;
use crate::catalog::last;
use crate::taint::Taint;
use crate::value::Value;
use crate::{Grade, Kind, Kinds};

/// What a filter is given is only looked at as HTML: that is what it gives.
const NOT_HTML: Kinds = Kinds::ALL.without(Kinds::just(Kind::Html));

impl Run<'_, '_> {
    /// What the parameter of this place and name is given by whoever calls the function, if it is not
    /// the project that does.
    pub(super) fn handed(&mut self, at: u16, name: &str) -> Option<Value> {
        if name == "instance" {
            return self.sender().map(Value::instance_of);
        }
        let place = Span::new(self.file, self.function.name_range);
        if let Some(operated) = self.operated(at, name, place) {
            return Some(operated);
        }
        if let Some(resolved) = self.asked_of_resolver(at, name, place) {
            return Some(resolved);
        }
        if let Some(words) = self.shown(at, name) {
            let taint = Taint::source_told(place, Grade::Shown, name, &words);
            return Some(Value::tainted(taint.sanitized(NOT_HTML)));
        }
        let owner = self.owner.clone()?;
        let filtered = self.of_filter(&owner, at, place);
        if let Some(sent) = filtered.or_else(|| self.credentials(&owner, at, name, place)) {
            return Some(sent);
        }
        let method = self.code.text(self.function.name);
        // Whatever they call it, columns are handed the row.
        if at == 1 && name != "obj" && self.is_column(&owner, method) {
            return self.administered(&owner).map(Value::instance_of);
        }
        match (method, name) {
            ("receive", "text_data" | "bytes_data")
            | ("receive_json", "content")
            | ("websocket_receive", "message" | "event")
                if self.is_consumer(&owner) =>
            {
                return Some(Value::tainted(Taint::source(place, Grade::Remote, name)));
            }
            ("process_view", _) if at == 4 => {
                let taint = Taint::source(place, Grade::Remote, name).sanitized(NAMES);
                return Some(Value { taint, ..Value::instance("djsec.Kwargs") });
            }
            ("form_valid" | "form_invalid", "form") => {
                return self.attribute_model(&owner, "form_class").map(Value::instance_of);
            }
            ("perform_create" | "perform_update", "serializer") => {
                return self.attribute_model(&owner, "serializer_class").map(Value::instance_of);
            }
            ("save_model", "form") if at == 3 => return self.form_of_admin(&owner, place),
            ("save_related", "form") if at == 2 => return self.form_of_admin(&owner, place),
            (_, "obj") => return self.administered(&owner).map(Value::instance_of),
            _ => {}
        }
        let sent = match (method, at) {
            ("create" | "validate", 1) | ("update", 2) => true,
            (method, 1) => method.starts_with("validate_"),
            _ => false,
        };
        if !sent || !self.is_serializer(&owner) {
            return None;
        }
        match method.strip_prefix("validate_") {
            Some(field) => {
                let mut fields = self.form_fields(&owner).into_iter();
                let sort = fields.find(|(known, _)| &**known == field).map(|(_, sort)| sort);
                if sort == Some(Sort::Harmless) {
                    return None;
                }
                Some(Value::tainted(Taint::source(place, Grade::Remote, name)))
            }
            None => Some(self.sent(Some(&owner), name, place)),
        }
    }

    /// The form that the admin hands on: what Django makes of the class's `form` and the model.
    fn form_of_admin(&mut self, owner: &QualifiedName, place: Span) -> Option<Value> {
        let form = self.attribute_model(owner, "form");
        let own = form.filter(|form| matches!(form, QualifiedName::Project(..)));
        if let Some(form) = own.clone().filter(|form| self.meta_model(form).is_some()) {
            return Some(Value::instance_of(form));
        }
        let model = self.administered(owner)?;
        let data = self.sent_for((own.as_ref(), &model), "form.cleaned_data", place);
        let form = own.map(Value::instance_of).unwrap_or_default();
        Some(form.with_field("cleaned_data", data))
    }

    /// Whether the parameter of this place is the request, in a view: the first of a function, the one
    /// after `self` in a method that answers.
    pub(super) fn is_handed_request(&self, at: u16) -> bool {
        let answers =
            ["get", "post", "put", "patch", "delete", "head", "options", "dispatch", "setup"];
        match self.owner {
            None => at == 0,
            Some(_) => at == 1 && answers.contains(&self.code.text(self.function.name)),
        }
    }

    /// In words where data comes from that a page shows: what a template hands to a filter, what a form
    /// hands to a widget.
    fn shown(&self, at: u16, name: &str) -> Option<String> {
        let function = self.code.text(self.function.name);
        if let Some(owner) = &self.owner {
            let widget = (at, function) == (2, "render") && self.is_widget(owner);
            return widget.then(|| format!("`{name}` is what a form hands to its widget"));
        }
        // One that asks whether Django escapes for it knows what it is about. Of tags templates often write
        // themselves what they hand over.
        let knows = self.world.pages.of_filter(self.module, self.id)?;
        (at == 0 && !knows)
            .then(|| format!("`{name}` is what a template hands to the filter `{function}`"))
    }

    fn is_widget(&self, class: &QualifiedName) -> bool {
        let bases = self.external_bases(class);
        bases.iter().any(|base| base.starts_with("django.forms.widgets."))
    }

    /// Whether a method of an admin's class makes a column, or a field that is only shown.
    fn is_column(&self, class: &QualifiedName, method: &str) -> bool {
        if self.function.parameters.len() != 2 {
            return false;
        }
        ["list_display", "readonly_fields", "fields"].iter().any(|list| {
            let found = self.world.hierarchy.attribute(class, list).map(|found| found.value);
            let Some(AttributeValue::Assigned(_, code, value)) = found else { return false };
            let listed = code.elements(value).unwrap_or_default();
            listed.iter().any(|id| code.string(*id) == Some(method))
        })
    }

    /// The model whose signals a receiver gets: `@receiver(post_save, sender=Order)`.
    fn sender(&self) -> Option<QualifiedName> {
        let code = self.code;
        code.exprs(self.function.decorators).iter().find_map(|decorator| {
            let (callee, arguments) = code.call(*decorator)?;
            let name = self.named(callee)?;
            let QualifiedName::External(name) = name else { return None };
            if !name.starts_with("django.dispatch") {
                return None;
            }
            self.model_named(code.keyword(arguments, "sender")?)
        })
    }

    /// The model that a class of the admin is registered for.
    fn administered(&self, class: &QualifiedName) -> Option<QualifiedName> {
        let (code, id) = self.world.program.class_code(class)?;
        let found = code.class(id)?;
        let decorated = code.exprs(found.decorators).iter().find_map(|decorator| {
            let (callee, arguments) = code.call(*decorator)?;
            let is_register = last(&code.dotted(callee)?) == "register";
            self.model_named(arguments.first().filter(|_| is_register)?.value)
        });
        let QualifiedName::Project(_, path) = class else { return None };
        // `admin.site.register(Order, OrderAdmin)`
        let registered = || {
            code.body().iter().find_map(|stmt| {
                let Stmt::Expr(call) = code.stmt(*stmt) else { return None };
                let (callee, arguments) = code.call(call)?;
                let [model, by] = arguments else { return None };
                let is_register = code.dotted(callee)?.ends_with("site.register");
                let same = is_register && code.name(by.value) == Some(path);
                if same { self.model_named(model.value) } else { None }
            })
        };
        // An inline says itself which model it shows.
        decorated.or_else(registered).or_else(|| self.attribute_model(class, "model"))
    }

    /// The model that an expression of this module names.
    fn model_named(&self, id: ExprId) -> Option<QualifiedName> {
        let name = self.named(id)?;
        (self.world.models.get(&name).is_some()).then_some(name)
    }

    /// Whether a class answers a socket.
    fn is_consumer(&self, class: &QualifiedName) -> bool {
        let bases = self.external_bases(class);
        bases.iter().any(|base| {
            base.starts_with("channels.generic.") || base.starts_with("channels.consumer.")
        })
    }

    pub(super) fn is_serializer(&self, class: &QualifiedName) -> bool {
        let bases = self.external_bases(class);
        bases.iter().any(|base| base.starts_with("rest_framework.") && base.ends_with("Serializer"))
    }

    pub(super) fn is_form(&self, class: &QualifiedName) -> bool {
        let bases = self.external_bases(class);
        bases.iter().any(|base| base.starts_with("django.") && base.ends_with("Form"))
    }
}
