//! Attributes: of requests, of rows, of the view, of classes and modules.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_django::models::{Field, RelationKind};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId};

use super::construct::made_outside;
use super::exact::class_of;
use super::expr::separator;
use super::forms::FILES;
use super::higher::joined;
use super::names::is_container;
use super::uploads::{is_posted, name_of_file, uploaded};
use super::{REQUEST, Run, is_request};
use crate::args::{Args, Given};
use crate::catalog::Attribute;
use crate::entry::Converter;
use crate::secret::{is_secret_key, is_secret_setting};
use crate::summary::CLASS;
use crate::taint::{Origin, Taint};
use crate::value::{ANY, Value, What};
use crate::{Grade, Kind, Kinds};

/// Keys of `request.META` that whoever sends the request decides, besides all headers.
const FREE: &[&str] = &["QUERY_STRING", "PATH_INFO", "REQUEST_URI", "CONTENT_TYPE", "RAW_URI"];

/// Fields of models that hold free text.
const TEXTS: &[&str] = &[
    "CharField",
    "TextField",
    "URLField",
    "FileField",
    "ImageField",
    "JSONField",
    "HStoreField",
    "RichTextField",
    "MarkdownField",
    "EmailField",
    "BinaryField",
];

/// The file that a field of a row holds.
pub(super) const FIELD_FILE: &str = "django.db.models.fields.files.FieldFile";

/// Under which name it has what is in it.
const CONTENT: &str = "(content)";

/// What a query asks the database.
const QUERY: &str = "django.db.models.query.QuerySet.query";

/// Attributes of what filters and formsets give: rows of the database, and what is known of their model.
const ROWS: &[&str] = &["qs", "_meta", "deleted_objects", "new_objects", "changed_objects"];

/// What is about names that are chosen.
pub(super) const NAMES: Kinds =
    Kinds::just(Kind::Lookup).or(Kinds::just(Kind::Alias)).or(Kinds::just(Kind::Assignment));
/// As what a header can do no harm: no other site makes a browser send it.
const FROM_BROWSERS: Kinds = Kinds::IN_PAGES.or(Kinds::just(Kind::Redirect));

/// Whether a field of a row holds any text.
pub(super) fn is_free(field: &Field) -> bool {
    TEXTS.contains(&&*field.kind) && !field.has_choices
}

/// As what the text in a field can do no harm. A storage leaves letters, digits, `-`, `_` and `.` of the
/// name of a file, and quotes its address. The validator of addresses lets `http`, `https` and `ftp` through.
fn safe_of(field: &Field) -> Kinds {
    match &*field.kind {
        "FileField" | "ImageField" => Kinds::IN_PAGES,
        "URLField" => Kinds::just(Kind::Link),
        _ => Kinds::NONE,
    }
}

/// The file in a field, of which this is known: its storage joins the path safely, whatever its name is. What is in it is
/// as it was sent.
fn stored_file(field: &Field, stored: Taint) -> Value {
    let name = stored.sanitized(safe_of(field));
    let path = Value::tainted(name.sanitized(Kinds::just(Kind::Path)));
    let file = Value { taint: name, ..Value::instance(FIELD_FILE) };
    file.with_field("path", path).with_field(CONTENT, Value::tainted(stored))
}

/// Whether a header is one by which whoever sends the request says what the site is called.
fn is_host(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    let bare = key.strip_prefix("http_").unwrap_or(&key);
    matches!(
        bare,
        "host" | "x_forwarded_host" | "x_host" | "x_original_host" | "x_forwarded_server"
    )
}

/// What is in a whole under a key; a secret only under the name of one.
fn key_of(whole: &Taint, key: Option<&str>) -> Taint {
    if key.is_some_and(is_secret_key) { whole.clone() } else { whole.untold() }
}

/// An attribute of something of which nothing better is known.
fn part(base: &Value, name: &str) -> Value {
    let mut value = base.field(name);
    // An attribute of what unknown code gives is still less likely to be what went in.
    value.taint = value.taint.of_part();
    if name == "name" && is_posted(base) {
        value.taint = name_of_file(&value.taint);
    }
    value
}

impl Run<'_, '_> {
    pub(super) fn attribute(&mut self, base: &Value, name: &str, place: Span, id: ExprId) -> Value {
        match &base.what {
            What::Parsed(subject) if matches!(name, "netloc" | "hostname") => {
                let what = What::Host(Arc::clone(subject));
                return Value { what, ..base.field(name) };
            }
            What::Name(QualifiedName::Module(module)) => {
                let found = self.world.program.resolve(*module, name);
                return self.global(found);
            }
            What::Name(model @ QualifiedName::External(_))
                if matches!(name, "objects" | "_default_manager") && self.is_row(model) =>
            {
                return Value::of(What::Query(self.world.hierarchy.canonical(model)));
            }
            What::Name(QualifiedName::External(external)) => {
                let dotted = format!("{external}.{name}");
                if &**external == "django.conf.settings"
                    && (is_secret_setting(name) || matches!(name, "__dict__" | "_wrapped"))
                {
                    return Value::tainted(Taint::of_settings(place, name, &self.words(id)));
                }
                if let Some(found) = self.world.catalog.attribute(&dotted)
                    && found.source.is_some()
                {
                    return self.modelled_attribute(found, place, id);
                }
                if let Some(text) = separator(&dotted) {
                    return Value::text(text);
                }
                return Value::of(What::Name(QualifiedName::External(Arc::from(dotted))));
            }
            What::Name(class @ QualifiedName::Project(..)) => {
                let class = class.clone();
                return self.class_attribute(&class, name, false);
            }
            What::Either(all) => {
                let one = |what: &What| Value { what: what.clone(), ..base.clone() };
                return joined(all.iter().map(|what| self.attribute(&one(what), name, place, id)));
            }
            // The SQL of it.
            What::Query(_) if name == "query" => {
                let found = self.world.catalog.attribute(QUERY);
                return found
                    .map(|found| self.modelled_attribute(found, place, id))
                    .unwrap_or_default();
            }
            What::Instance(class) => {
                if let Some(found) = Self::of_token(base, name) {
                    return found;
                }
                if let Some(class) = class_of(base).filter(|_| name == CLASS) {
                    return class;
                }
                let class = class.clone();
                if let Some(found) = self.instance_attribute(base, &class, name, place, id) {
                    return found;
                }
            }
            _ => {}
        }
        self.meets_manager(base, name, id);
        if matches!(name, "cleaned_data" | "validated_data" | "initial_data")
            && base.known_field(name).is_none()
        {
            return self.form_data(base, name, place, id);
        }
        if ROWS.contains(&name) && base.known_field(name).is_none() {
            return Value::default();
        }
        if matches!(name, "fields" | "changed_data") && base.known_field(name).is_none() {
            let value = base.field(name);
            return value.map(&|taint| taint.sanitized(NAMES));
        }
        if name == "request" && base.known_field(name).is_none() {
            return Value::instance(REQUEST);
        }
        part(base, name)
    }

    /// Whether a class of a package is a model.
    fn is_row(&self, class: &QualifiedName) -> bool {
        let order = self.world.hierarchy.order(class);
        order.iter().any(|base| base.is_external("django.db.models.base.Model"))
    }

    /// An attribute of a class of the project. `of_instance`: it is asked for its instances, which look by
    /// themselves at what is left there.
    fn class_attribute(&mut self, class: &QualifiedName, name: &str, of_instance: bool) -> Value {
        if let Some(model) = self.world.models.get(class) {
            let listed = model.managers.iter().any(|(attribute, _)| &**attribute == name);
            if listed || matches!(name, "objects" | "_default_manager" | "_base_manager") {
                return Value::of(What::Query(class.clone()));
            }
        }
        if self.world.models.is_user(class) && name == "objects" {
            return Value::of(What::Query(class.clone()));
        }
        let found = self.world.hierarchy.attribute(class, name).map(|found| found.value);
        let mut value = match found {
            Some(AttributeValue::Assigned(module, code, value)) => match code.expr(value) {
                Expr::Str(text) => Value::text(code.text(text)),
                Expr::Name(_) | Expr::Attribute(..) => {
                    let found = self.world.named((module, code), value);
                    found.map(|found| self.global(found)).unwrap_or_default()
                }
                // A constructor gives an instance; what others give is not known.
                Expr::Call(callee, _) => match self.world.named((module, code), callee) {
                    Some(class @ QualifiedName::Project(..))
                        if self.world.program.class_code(&class).is_some() =>
                    {
                        self.exact(Value::instance_of(class))
                    }
                    Some(maker @ QualifiedName::External(_)) => {
                        made_outside(self.made_by(&maker), code, value)
                    }
                    _ => {
                        let model = self.declared_rows((module, code), value);
                        model.map_or_else(Value::default, |model| Value::of(What::Query(model)))
                    }
                },
                _ if is_container(code, value) => self.derived_in(class, name).unwrap_or_default(),
                _ => Value::default(),
            },
            None => Value::default(),
            _ => return Value::default(),
        };
        if !of_instance {
            self.kept_in(class, name, &mut value);
        }
        value
    }

    /// Adds what methods and functions leave in an attribute of a class or of its instances.
    fn kept_in(&mut self, class: &QualifiedName, name: &str, value: &mut Value) {
        self.out.reads(class, name);
        for owner in self.world.hierarchy.order(class).iter() {
            if let Some(kept) = self.known.attributes.get(owner, name) {
                value.join(kept);
                self.adopt(value, kept, 0);
            }
        }
    }

    fn instance_attribute(
        &mut self,
        base: &Value,
        class: &QualifiedName,
        name: &str,
        place: Span,
        id: ExprId,
    ) -> Option<Value> {
        if let Some(known) = base.known_field(name) {
            return Some(known.clone());
        }
        if is_request(&base.what) {
            return Some(self.request_attribute(name, place, id));
        }
        let known = self.world.catalog.names(name);
        let bases = if known { self.external_bases(class) } else { Vec::new() };
        for external in bases {
            let Some(found) = self.world.catalog.attribute(&format!("{external}.{name}")) else {
                continue;
            };
            let mut value = self.modelled_attribute(found, place, id);
            if found.source.is_none() && !found.clean {
                value.taint = base.field(name).taint.sanitized(found.safe);
            }
            return Some(value);
        }
        if matches!(class, QualifiedName::External(_)) {
            return None;
        }
        self.note_split(class, name);
        if let Some(value) = self.model_attribute(class, name, place, id) {
            return Some(value);
        }
        if matches!(name, "kwargs" | "args") && self.world.entries.is_view(class) {
            let mut value = Value::instance("djsec.Kwargs");
            // Their names are those of the address.
            value.taint = Taint::source(place, Grade::Remote, &self.words(id)).sanitized(NAMES);
            return Some(value);
        }
        if name == "request" {
            return Some(Value::instance(REQUEST));
        }
        if ROWS.contains(&name) && self.overrides(class, name).is_empty() {
            return Some(Value::default());
        }
        if name == "instance"
            && let Some(row) = self.row_of_form(base, class, place, id)
        {
            return Some(row);
        }
        if let Some(value) = self.property(base, class, name, place) {
            return Some(value);
        }
        if let Some(value) = self.made_up(base, class, name, id) {
            return Some(value);
        }
        if name == "data" && (self.is_form(class) || self.is_filterset(class)) {
            let mut value = Value::instance("django.http.request.QueryDict");
            value.taint = Taint::source(place, Grade::Remote, &self.words(id));
            return Some(value);
        }
        if self.is_constant(class, name) {
            let mut value = Value::default();
            self.kept_in(class, name, &mut value);
            return Some(value);
        }
        let mut value = base.field(name);
        if value.what == What::Unknown {
            let of_class = self.class_attribute(class, name, true);
            value.what = of_class.what;
            value.fields = value.fields.or(of_class.fields);
        }
        self.kept_in(class, name, &mut value);
        let form = matches!(name, "cleaned_data" | "validated_data" | "initial_data");
        if form {
            return None;
        }
        Some(value)
    }

    /// A property of the project runs where it is read.
    fn property(
        &mut self,
        base: &Value,
        class: &QualifiedName,
        name: &str,
        place: Span,
    ) -> Option<Value> {
        let found = self.world.hierarchy.attribute(class, name)?;
        let AttributeValue::Method(module, code, function) = found.value else { return None };
        let decorators = code.exprs(code.function(function)?.decorators);
        let is_property = decorators.iter().any(|id| {
            code.dotted(*id)
                .is_some_and(|name| name == "property" || name.ends_with("cached_property"))
        });
        if !is_property {
            return Some(self.method_value(base, name));
        }
        // What it writes is not followed: it has no expression to write to.
        let this = Given { value: base.clone(), expr: self.code.no_expr() };
        let args = Args { receiver: Some(this), ..Args::default() };
        Some(self.apply(&args, (module, function), true, place, Some(name)))
    }

    /// A field of a row.
    fn model_attribute(
        &mut self,
        class: &QualifiedName,
        name: &str,
        place: Span,
        id: ExprId,
    ) -> Option<Value> {
        let words = || self.words(id);
        // The names are asked for first: what the model calls secret takes a look at all its fields.
        let secret =
            (is_secret_key(name) || name == "key") && self.world.models.is_secret(class, name);
        let Some(field) = self.world.models.field(class, name) else {
            let own = || Value::tainted(Taint::secret(place, Grade::Own, &words()));
            return if secret { Some(own()) } else { self.other_end(class, name) };
        };
        if let Some(relation) = &field.relation {
            let to = relation.to.clone();
            return Some(match relation.kind {
                _ if name.ends_with("_id") && *field.name != *name => Value::default(),
                RelationKind::ManyToMany => Value::of(What::Query(to)),
                _ => Value::of(What::Instance(to)),
            });
        }
        Some(match (is_free(field), secret) {
            (true, true) => Value::tainted(Taint::secret(place, Grade::Stored, &words())),
            (true, false) => {
                let stored = Taint::source(place, Grade::Stored, &words());
                let stored = stored.of_column(class, &field.name);
                if FILES.contains(&&*field.kind) {
                    stored_file(field, stored)
                } else {
                    Value::tainted(stored.sanitized(safe_of(field)))
                }
            }
            (false, true) => Value::tainted(Taint::secret(place, Grade::Own, &words())),
            (false, false) => Value::default(),
        })
    }

    /// `document.file.read()`: not the name of a file, but what somebody put into it.
    pub(super) fn content_of(file: &Value, name: &str) -> Option<Value> {
        let content = || file.known_field(CONTENT).cloned();
        match name {
            _ if !file.what.is_instance_of(FIELD_FILE) => None,
            "read" | "readline" => content(),
            "readlines" | "chunks" => Some(Value::default().with_field(ANY, content()?)),
            "open" => Some(file.clone()),
            _ => None,
        }
    }

    /// The rows of another model that lead to a row.
    fn other_end(&self, class: &QualifiedName, name: &str) -> Option<Value> {
        let models = self.world.models;
        models.get(class)?;
        let order = self.world.hierarchy.order(class);
        let mut reverses = order.iter().flat_map(|owner| models.reverses(owner));
        let found = reverses.find(|reverse| *reverse.accessor == *name)?;
        let holder = models.holder(found)?.class.clone();
        Some(Value::of(if found.single { What::Instance(holder) } else { What::Query(holder) }))
    }

    fn request_attribute(&mut self, name: &str, place: Span, id: ExprId) -> Value {
        let Some(found) = self.world.catalog.attribute(&format!("{REQUEST}.{name}")) else {
            return match name {
                "_request" => Value::instance(REQUEST),
                "user" => Value::of(What::Instance(self.user_model())),
                // What the project's own middleware and decorators put there.
                name => {
                    let class = QualifiedName::External(Arc::from(REQUEST));
                    self.out.reads(&class, name);
                    let kept = self.known.attributes.get(&class, name);
                    kept.cloned().unwrap_or_default()
                }
            };
        };
        self.modelled_attribute(found, place, id)
    }

    /// What the models say of an attribute, whatever it is an attribute of.
    fn modelled_attribute(&self, found: &Attribute, place: Span, id: ExprId) -> Value {
        let mut value = found.gives.as_deref().map(Value::instance).unwrap_or_default();
        if let Some(grade) = found.source {
            let taint = Taint::coming(place, grade, found.secret, &self.words(id));
            value.taint = taint.sanitized(found.safe);
        }
        value
    }

    /// An item of what a request brings, or of what its address names; nothing for other values.
    pub(super) fn request_item(&mut self, value: &Value, key: &Value, id: ExprId) -> Option<Value> {
        let What::Instance(QualifiedName::External(class)) = &value.what else { return None };
        let place = self.place(id);
        let key = key.as_text().cloned();
        match &**class {
            "django.http.request.QueryDict" | "django.http.request.Headers" => {
                // Under its own name, so that people see which part is meant.
                let fresh = value.taint.labels().iter().any(|label| label.trail.length() <= 2);
                let known = key.as_ref().and_then(|key| value.known_field(&format!("[{key}]")));
                if known.is_some() || !fresh || key.is_none() {
                    let taint = || key_of(&value.taint, key.as_deref());
                    return known.cloned().or_else(|| Some(Value::tainted(taint())));
                }
                let item = Value::tainted(self.renamed(value, key.as_deref(), place, id));
                Some(self.as_offered(value, key.as_deref(), item))
            }
            "django.http.request.Meta" => {
                let free = key
                    .as_ref()
                    .is_none_or(|key| key.starts_with("HTTP_") || FREE.contains(&&**key));
                // The page that a visitor comes from is where they may be sent back to.
                let safe = match key.as_deref() {
                    Some("HTTP_REFERER") => Kinds::of([Kind::Redirect, Kind::Link]),
                    Some(key) if key.starts_with("HTTP_") => FROM_BROWSERS,
                    _ => Kinds::NONE,
                };
                Some(if free {
                    let taint = self.renamed(value, key.as_deref(), place, id);
                    Value::tainted(taint.sanitized(safe))
                } else {
                    Value::default()
                })
            }
            "djsec.Scope" => Some(self.scope_item(key.as_deref(), place, id)),
            "django.http.request.Files" => Some(uploaded(self.renamed(value, None, place, id))),
            "djsec.Kwargs" => {
                let converter = match (&key, &self.owner) {
                    (Some(key), Some(owner)) if self.world.entries.is_view(owner) => {
                        self.world.entries.of_class(owner, key)
                    }
                    (Some(key), _) => self.world.entries.of_any(key),
                    _ => Converter::Text,
                };
                let safe = converter.safe();
                let taint = self.renamed(value, None, place, id).sanitized(safe);
                Some(Value::tainted(taint))
            }
            _ => None,
        }
    }

    /// What the connection of a socket brings: `self.scope["query_string"]`.
    fn scope_item(&self, key: Option<&str>, place: Span, id: ExprId) -> Value {
        let remote = |safe| Taint::source(place, Grade::Remote, &self.words(id)).sanitized(safe);
        match key {
            Some("query_string" | "raw_path") => Value::tainted(remote(Kinds::NONE)),
            Some("headers" | "subprotocols") => Value::tainted(remote(FROM_BROWSERS)),
            Some("cookies") => {
                let taint = remote(Kinds::NONE);
                Value { taint, ..Value::instance("django.http.request.QueryDict") }
            }
            Some("url_route") => {
                let kwargs = Value { taint: remote(NAMES), ..Value::instance("djsec.Kwargs") };
                Value::default().with_field("[kwargs]", kwargs)
            }
            Some("user") => Value::of(What::Instance(self.user_model())),
            _ => Value::default(),
        }
    }

    /// What is under a key under the words of a longer expression, where the whole was just read.
    fn renamed(&self, value: &Value, key: Option<&str>, place: Span, id: ExprId) -> Taint {
        let words = self.words(id);
        let part = || key_of(&value.taint, key);
        let sources: Vec<_> = value.taint.labels().iter().collect();
        match sources.as_slice() {
            [only] if only.trail.length() <= 1 => {
                let grade = match &only.origin {
                    Origin::Source(source) => source.grade,
                    Origin::Parameter(..) => return part(),
                };
                let is_header = value.what.is_instance_of("django.http.request.Headers")
                    || value.what.is_instance_of("django.http.request.Meta");
                if is_header && key.is_some_and(is_host) {
                    let safe = only.safe.without(Kinds::just(Kind::Host));
                    return Taint::host(place, grade, &words).sanitized(safe);
                }
                if key.is_some_and(is_secret_key) {
                    let safe = only.safe.without(Kinds::SECRET);
                    return Taint::secret(place, grade, &words).sanitized(safe);
                }
                Taint::source(place, grade, &words).sanitized(only.safe)
            }
            _ => part(),
        }
    }

    /// The classes of packages that a class is or is derived from, nearest first.
    pub(super) fn external_bases(&self, class: &QualifiedName) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> = Vec::new();
        if let QualifiedName::External(name) = class {
            all.push(Arc::clone(name));
        }
        for base in self.world.hierarchy.order(class).iter() {
            if let QualifiedName::External(name) = base
                && !all.contains(name)
            {
                all.push(Arc::clone(name));
            }
        }
        all
    }

    /// An expression in words, short: `request.GET["q"]`.
    pub(super) fn words(&self, id: ExprId) -> String {
        let code = self.code;
        // What stands in a template, or in a callee, is no expression of this code.
        if let Some((told, _)) = &self.told
            && id == code.no_expr()
        {
            return told.to_string();
        }
        match code.expr(id) {
            Expr::Name(name) => code.text(name).to_owned(),
            Expr::Attribute(base, name) => format!("{}.{}", self.words(base), code.text(name)),
            Expr::Subscript(base, index) => match code.string(index) {
                Some(key) => format!("{}[\"{key}\"]", self.words(base)),
                None => format!("{}[…]", self.words(base)),
            },
            Expr::Call(callee, arguments) => {
                let first = code.arguments(arguments).first().and_then(|a| code.string(a.value));
                match first {
                    Some(key) => format!("{}(\"{key}\")", self.words(callee)),
                    None if arguments.is_empty() => format!("{}()", self.words(callee)),
                    None => format!("{}(…)", self.words(callee)),
                }
            }
            _ => "…".to_owned(),
        }
    }
}
