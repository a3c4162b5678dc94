//! Forms and serializers: what was sent, as far as their fields let it be.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::ExprId;

use super::Run;
use super::attribute::{is_free, uploaded};
use crate::catalog::last;
use crate::secret::is_secret_key;
use crate::taint::Taint;
use crate::value::{KEYS, Value, What};
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

/// Fields whose values are numbers, and which bound them where they are told to.
const NUMBERS: &[&str] = &["IntegerField", "FloatField"];

/// Fields whose values are uploaded files.
const FILES: &[&str] = &["FileField", "ImageField"];

/// What the values of a field of a form may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Harmless,
    /// A number, which may be large.
    Number,
    Free,
    File,
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
        self.sent(class.as_ref(), &words, place)
    }

    /// What was sent to a form or serializer, as far as its fields let it be.
    pub(super) fn sent(
        &mut self,
        class: Option<&QualifiedName>,
        words: &str,
        place: Span,
    ) -> Value {
        let mut value = Value::instance("django.http.request.QueryDict");
        let fields = class.map(|class| self.form_fields(class)).unwrap_or_default();
        let made = |secret: bool| if secret { Taint::secret } else { Taint::source };
        let secret = fields.iter().any(|(field, _)| is_secret_key(field));
        value.taint = made(secret)(place, Grade::Remote, words);
        // Its keys are the fields.
        value = value.with_field(KEYS, Value::default());
        for (field, sort) in fields {
            let words = format!("{words}[\"{field}\"]");
            let make = made(is_secret_key(&field));
            let one = match sort {
                Sort::Harmless => Value::default(),
                Sort::Number => {
                    let number = Taint::source(place, Grade::Remote, &words);
                    Value::tainted(number.sanitized(Kinds::NUMBER))
                }
                Sort::Free => Value::tainted(make(place, Grade::Remote, &words)),
                Sort::File => uploaded(Taint::source(place, Grade::Remote, &words)),
            };
            value = value.with_field(&format!("[{field}]"), one);
        }
        value
    }

    /// The declared fields of a form or serializer, and whether their values can do no harm; for a form
    /// of a model also those of the model.
    pub(super) fn form_fields(&self, class: &QualifiedName) -> Vec<(Arc<str>, Sort)> {
        let mut fields: Vec<(Arc<str>, Sort)> = Vec::new();
        for owner in self.world.hierarchy.order(class).iter() {
            let Some((code, id)) = self.world.program.class_code(owner) else { continue };
            let Some(found) = code.class(id) else { continue };
            for stmt in code.class_body(found) {
                let djsec_python::code::Stmt::Assign { targets, value: Some(value), .. } = stmt
                else {
                    continue;
                };
                let Some((callee, arguments)) = code.call(value) else { continue };
                let Some(kind) = code.dotted(callee) else { continue };
                let bounded = ["max_value", "validators"]
                    .iter()
                    .any(|name| code.keyword(arguments, name).is_some())
                    || arguments.iter().any(|argument| argument.spread);
                let sort = match self.sort(owner, &kind) {
                    Sort::Number if bounded => Sort::Harmless,
                    sort => sort,
                };
                let name = code.exprs(targets).first().and_then(|target| code.name(*target));
                if let Some(name) = name.filter(|_| kind.ends_with("Field")) {
                    fields.push((Arc::from(name), sort));
                }
            }
        }
        let model = self.meta_model(class).and_then(|model| self.world.models.get(&model));
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
        fields
    }

    /// What the values of a field are whose class has this name in the module of a form.
    fn sort(&self, form: &QualifiedName, kind: &str) -> Sort {
        let own = last(kind);
        let class = match form {
            QualifiedName::Project(module, _) => self.world.program.resolve(*module, kind),
            _ => QualifiedName::Unknown,
        };
        let bases = self.external_bases(&class);
        let names: Vec<&str> =
            std::iter::once(own).chain(bases.iter().map(|base| last(base))).collect();
        if names.iter().any(|name| FILES.contains(name)) {
            Sort::File
        } else if NUMBERS.contains(&own) {
            Sort::Number
        } else if names.iter().any(|name| HARMLESS_FIELDS.contains(name) || NUMBERS.contains(name))
        {
            Sort::Harmless
        } else {
            Sort::Free
        }
    }
}
