//! Forms and serializers: what was sent, as far as their fields let it be.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::code::{Argument, Code, ExprId, Stmt};
use djsec_python::{ModuleId, QualifiedName};

use super::Run;
use super::attribute::{NAMES, is_free};
use super::checks::is_strict;
use super::offered::ANY_FORM;
use super::uploads::uploaded;
use crate::args::Args;
use crate::catalog::last;
use crate::secret::is_secret_key;
use crate::taint::Taint;
use crate::value::{ANY, KEYS, Value, What};
use crate::{Grade, Kinds};

/// Fields of forms and serializers whose values can do no harm.
const HARMLESS_FIELDS: &[&str] = &[
    "DecimalField",
    "BooleanField",
    "NullBooleanField",
    "DateField",
    "DateTimeField",
    "TimeField",
    "DurationField",
    "ChoiceField",
    "TypedChoiceField",
    "MultipleChoiceField",
    "TypedMultipleChoiceField",
    "ModelChoiceField",
    "ModelMultipleChoiceField",
    "UUIDField",
    "SlugField",
    "GenericIPAddressField",
    "IPAddressField",
    "PrimaryKeyRelatedField",
    "SlugRelatedField",
    "HyperlinkedRelatedField",
    "SplitDateTimeField",
];

/// Fields that give rows, under whatever name a package has made one of its own: `SafeModelChoiceField`.
const ROW_FIELDS: &[&str] = &["ModelChoiceField", "ModelMultipleChoiceField"];

/// Fields whose values are numbers, and which bound them where they are told to.
const NUMBERS: &[&str] = &["IntegerField", "FloatField"];

/// Fields whose values are uploaded files.
pub(super) const FILES: &[&str] = &["FileField", "ImageField"];

/// Stands in forms that are made without anything that was sent.
pub(super) const UNBOUND: &str = "(unbound)";

/// What the values of a field of a form may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sort {
    Harmless,
    /// A number, which may be large.
    Number,
    Free,
    File,
    /// A file or a list of them: what a field of the project's own makes of several.
    Files,
    /// What another serializer lets through.
    Nested(QualifiedName),
    /// A list of these.
    Many(Box<Self>),
}

impl Run<'_, '_> {
    /// `form.cleaned_data`, `serializer.validated_data`: what was sent, as far as the fields let it be.
    pub(super) fn form_data(&mut self, base: &Value, name: &str, place: Span, id: ExprId) -> Value {
        let words = self.words(id);
        let class = match &base.what {
            What::Instance(class @ QualifiedName::Project(..)) => Some(class.clone()),
            _ => None,
        };
        if name == "initial_data" {
            let mut value = Value::instance("django.http.request.QueryDict");
            value.taint = Taint::source(place, Grade::Remote, &words);
            return value;
        }
        let data = self.sent(class.as_ref(), &words, place);
        match class {
            Some(class) => self.as_cleaned(&class, data, place, id),
            None => data.with_field(ANY_FORM, Value::default()),
        }
    }

    /// What was sent to a form or serializer, as far as its fields let it be.
    pub(super) fn sent(
        &mut self,
        class: Option<&QualifiedName>,
        words: &str,
        place: Span,
    ) -> Value {
        let fields = class.map(|class| self.form_fields(class)).unwrap_or_default();
        self.sent_as(fields, words, place)
    }

    /// What was sent to a form of the admin, which has the fields of the model besides those of its class.
    pub(super) fn sent_for(
        &mut self,
        (form, model): (Option<&QualifiedName>, &QualifiedName),
        words: &str,
        place: Span,
    ) -> Value {
        let mut fields = form.map(|form| self.form_fields(form)).unwrap_or_default();
        self.add_fields_of(model, &mut fields);
        self.sent_as(fields, words, place)
    }

    fn sent_as(&mut self, fields: Vec<(Arc<str>, Sort)>, words: &str, place: Span) -> Value {
        let mut value = Value::instance("django.http.request.QueryDict");
        let made = |secret: bool| if secret { Taint::secret } else { Taint::source };
        let secret = fields.iter().any(|(field, _)| is_secret_key(field));
        value.taint = made(secret)(place, Grade::Remote, words);
        // Its keys are the fields.
        value = value.with_field(KEYS, Value::default());
        for (field, sort) in fields {
            let words = format!("{words}[\"{field}\"]");
            let one = self.sent_in((&field, &sort), &words, place);
            value = value.with_field(&format!("[{field}]"), one);
        }
        value
    }

    /// What was sent in one field.
    fn sent_in(&mut self, (field, sort): (&str, &Sort), words: &str, place: Span) -> Value {
        let make = if is_secret_key(field) { Taint::secret } else { Taint::source };
        match sort {
            Sort::Harmless => Value::default(),
            Sort::Number => {
                let number = Taint::source(place, Grade::Remote, words);
                Value::tainted(number.sanitized(Kinds::NUMBER))
            }
            Sort::Free => Value::tainted(make(place, Grade::Remote, words)),
            Sort::File => uploaded(Taint::source(place, Grade::Remote, words)),
            Sort::Files => {
                let one = uploaded(Taint::source(place, Grade::Remote, words));
                one.clone().with_field(ANY, one)
            }
            // One that holds itself is as deep as is kept apart: its names are still those of its fields.
            Sort::Nested(_) if words.matches('[').count() > 2 => {
                Value::tainted(make(place, Grade::Remote, words).sanitized(NAMES))
            }
            Sort::Nested(class) => self.sent(Some(class), words, place),
            Sort::Many(one) => {
                let one = self.sent_in((field, one), &format!("{words}[…]"), place);
                Value::default().with_field(ANY, one)
            }
        }
    }

    /// The row that a form or serializer of a model is about. That of a form holds what was sent in its fields, if the
    /// form was made with what was sent and is checked; others hold what is stored.
    pub(super) fn row_of_form(
        &mut self,
        form: &Value,
        class: &QualifiedName,
        place: Span,
        id: ExprId,
    ) -> Option<Value> {
        if !self.is_form(class) && !self.is_serializer(class) {
            return None;
        }
        let model = self.meta_model(class)?;
        let known = self.world.models.get(&model)?;
        let mut row = Value::instance_of(model.clone());
        if form.known_field(UNBOUND).is_some() || !self.is_form(class) || self.is_before_row(class)
        {
            return Some(row);
        }
        let words = self.words(id);
        for (name, sort) in self.form_fields(class) {
            let own = known.fields.iter().any(|field| field.name == name);
            // A file is named and put away by its storage.
            if own && matches!(sort, Sort::Free | Sort::Number) && self.writes_field(class, &name) {
                let value = self.sent_in((&name, &sort), &format!("{words}.{name}"), place);
                row = row.with_field(&name, value);
            }
        }
        Some(row)
    }

    /// Whether the function at hand is a method of a form that runs before its row gets what was sent.
    fn is_before_row(&self, form: &QualifiedName) -> bool {
        let own = self.owner.as_ref();
        let within = own.is_some_and(|own| self.world.hierarchy.order(form).contains(own));
        within && !self.code.text(self.function.name).contains("save")
    }

    /// Whether a form puts what was sent into a field of its row: `fields` or `exclude` of its `Meta` may say no.
    fn writes_field(&self, class: &QualifiedName, name: &str) -> bool {
        let Some(AttributeValue::Class(_, code, meta)) =
            self.world.hierarchy.attribute(class, "Meta").map(|found| found.value)
        else {
            return true;
        };
        let listed = |list: &str| {
            let all = code.elements(code.class_attribute(meta, list)?)?;
            let names: Option<Vec<&str>> = all.iter().map(|id| code.string(*id)).collect();
            Some(names?.contains(&name))
        };
        listed("fields").unwrap_or(true) && !listed("exclude").unwrap_or(false)
    }

    /// Whether a form is made without anything that was sent: `PageForm(instance=page)`.
    pub(super) fn is_unbound(args: &Args) -> bool {
        let open = !args.spread.is_empty() || !args.options.is_empty();
        let given = ["data", "files"].iter().any(|name| args.keyword(name).is_some());
        !open && !given && args.positional.is_empty()
    }

    /// The declared fields of a form or serializer, and whether their values can do no harm; for a form
    /// of a model also those of the model.
    pub(super) fn form_fields(&self, class: &QualifiedName) -> Vec<(Arc<str>, Sort)> {
        let mut fields: Vec<(Arc<str>, Sort)> = Vec::new();
        for (owner, code, body) in self.world.bodies(class) {
            let QualifiedName::Project(module, _) = owner else { continue };
            for stmt in code.class_body(body) {
                let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
                let Some(sort) = self.declared_sort(module, code, value) else { continue };
                let name = code.exprs(targets).first().and_then(|target| code.name(*target));
                let name = source(code, value).or(name);
                fields.extend(name.map(|name| (Arc::from(name), sort)));
            }
        }
        if let Some(model) = self.meta_model(class) {
            self.add_fields_of(&model, &mut fields);
        }
        fields
    }

    /// Adds the fields of a model that a form or serializer does not declare itself.
    fn add_fields_of(&self, model: &QualifiedName, fields: &mut Vec<(Arc<str>, Sort)>) {
        let model = self.world.models.get(model);
        for field in model.into_iter().flat_map(|model| &model.fields) {
            if fields.iter().all(|(known, _)| *known != field.name) {
                let sort = match &*field.kind {
                    kind if FILES.contains(&kind) => Sort::File,
                    _ if is_free(field) => Sort::Free,
                    _ => Sort::Harmless,
                };
                fields.push((Arc::clone(&field.name), sort));
            }
        }
    }

    /// What the values are of what is assigned in a form or serializer, if that is a field.
    fn declared_sort(&self, module: ModuleId, code: &Code, made: ExprId) -> Option<Sort> {
        let (callee, arguments) = code.call(made)?;
        let kind = code.dotted(callee)?;
        let told = |name: &str| code.keyword(arguments, name);
        let is_many = || told("many").and_then(|many| code.bool(many)) == Some(true);
        let class = self.world.program.resolve(module, &kind);
        if !kind.ends_with("Field") {
            let own = matches!(class, QualifiedName::Project(..));
            if own && self.is_serializer(&class) {
                let nested = Sort::Nested(class);
                return Some(if is_many() { Sort::Many(Box::new(nested)) } else { nested });
            }
            let bases = self.external_bases(&class);
            if !own || !bases.iter().any(|base| base.ends_with("Field")) {
                return None;
            }
        }
        if let Some(child) = told("child").or_else(|| told("base_field")) {
            let one = self.declared_sort(module, code, child).unwrap_or(Sort::Free);
            return Some(Sort::Many(Box::new(one)));
        }
        let bounded = ["max_value", "validators"].iter().any(|name| told(name).is_some())
            || arguments.iter().any(|argument| argument.spread);
        Some(match self.sort(&class, last(&kind)) {
            Sort::Number if bounded => Sort::Harmless,
            Sort::Free if is_strictly_checked(code, &kind, arguments) => Sort::Harmless,
            sort => sort,
        })
    }

    /// What the values of a field of a class are, which is written under this name.
    fn sort(&self, class: &QualifiedName, own: &str) -> Sort {
        let bases = self.external_bases(class);
        let names: Vec<&str> =
            std::iter::once(own).chain(bases.iter().map(|base| last(base))).collect();
        if names.iter().any(|name| FILES.contains(name)) {
            let own = matches!(class, QualifiedName::Project(..));
            if own { Sort::Files } else { Sort::File }
        } else if NUMBERS.contains(&own) {
            Sort::Number
        } else if names.iter().any(|name| {
            HARMLESS_FIELDS.contains(name)
                || NUMBERS.contains(name)
                || ROW_FIELDS.iter().any(|field| name.ends_with(field))
        }) {
            Sort::Harmless
        } else {
            Sort::Free
        }
    }
}

/// Under which name a serializer puts what was sent in a field, where that is another than the field's:
/// `LineSerializer(source="line_set", many=True)`.
fn source(code: &Code, made: ExprId) -> Option<&str> {
    let (_, arguments) = code.call(made)?;
    let source = code.string(code.keyword(arguments, "source")?)?;
    (!source.contains(['.', '*'])).then_some(source)
}

/// Validators that let nothing through that does harm.
const VALIDATORS: &[&str] = &[
    "validate_slug",
    "validate_unicode_slug",
    "validate_integer",
    "validate_ipv4_address",
    "validate_ipv6_address",
    "validate_ipv46_address",
    "validate_comma_separated_integer_list",
];

/// Whether a pattern or a validator of a field lets nothing through that does harm: Django searches for
/// patterns, so that both ends have to be in them.
fn is_strictly_checked(code: &Code, kind: &str, arguments: &[Argument]) -> bool {
    let strict = |given: Option<ExprId>| {
        given.and_then(|id| code.string(id)).is_some_and(|text| is_strict(text, true, true))
    };
    let pattern = |arguments: &[Argument]| {
        let first = arguments.first().filter(|first| first.keyword.is_none());
        code.keyword(arguments, "regex").or_else(|| first.map(|first| first.value))
    };
    if last(kind) == "RegexField" && strict(pattern(arguments)) {
        return true;
    }
    let listed = code.keyword(arguments, "validators").and_then(|list| code.elements(list));
    listed.unwrap_or_default().iter().any(|validator| match code.call(*validator) {
        Some((callee, arguments)) => {
            let name = code.dotted(callee);
            let is_pattern = name.is_some_and(|name| last(&name) == "RegexValidator");
            is_pattern
                && code.keyword(arguments, "inverse_match").is_none()
                && strict(pattern(arguments))
        }
        None => code.dotted(*validator).is_some_and(|name| VALIDATORS.contains(&last(&name))),
    })
}
