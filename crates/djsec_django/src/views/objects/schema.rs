//! Schemas of pydantic, which those of Django Ninja are: what an operation is given of a body, field by field, and
//! the mappings that are made of it.

use std::rc::Rc;
use std::sync::Arc;

use djsec_python::code::{ClassId, Code, Expr, ExprId, Parameter, Stmt};
use djsec_python::{ModuleId, QualifiedName};

use super::call::Args;
use super::class::Member;
use super::eval::union;
use super::run::{Frame, Run};
use super::sent::changed;
use super::value::{Link, Origin, Value, What};

/// What schemas are derived from.
const SCHEMAS: &[&str] = &[
    "ninja.FilterSchema",
    "ninja.ModelSchema",
    "ninja.Schema",
    "ninja.orm.ModelSchema",
    "ninja.schema.Schema",
    "pydantic.BaseModel",
    "pydantic.main.BaseModel",
];
/// What stands around the type of a parameter and says where it is sent.
const AROUND: &[&str] = &["Annotated", "Body", "BodyEx", "Form", "FormEx", "Optional"];
/// Types that take whatever is sent, as far as it is of the kind.
const PLAIN: &[&str] = &[
    "Any", "Decimal", "EmailStr", "UUID", "UUID4", "bool", "bytes", "date", "datetime", "dict",
    "float", "int", "list", "str", "Dict", "List",
];
/// Decorators of methods that look at what was sent.
const VALIDATORS: &[&str] = &["field_validator", "model_validator", "root_validator", "validator"];
/// Arguments of `Field()` by which not everything passes.
const NARROWING: &[&str] = &["pattern", "regex", "const"];
/// So many fields of a schema are told apart, and so many entries of a mapping that is changed.
const MOST: usize = 256;

/// Fields, or entries of a mapping, with what they hold.
pub(super) type Entries = Vec<(Arc<str>, Value)>;

impl<'a> Run<'a> {
    /// What a parameter of an operation is by its type, where it is given a schema, or (`PatchDict[Schema]`) a
    /// mapping of what was sent of its fields.
    pub(super) fn operated(&mut self, frame: &Frame<'a>, annotation: ExprId) -> Option<What> {
        let code = frame.code;
        let (mut at, mut patch) = (annotation, false);
        for _ in 0..4 {
            let (around, inner) = match code.expr(at) {
                // `Order | None`
                Expr::Binary(left, ..) => {
                    at = left;
                    continue;
                }
                Expr::Subscript(around, inner) => (around, inner),
                _ => break,
            };
            let around = code.dotted(around).unwrap_or_default();
            let around = around.rsplit('.').next().unwrap_or_default();
            patch |= around == "PatchDict";
            if around != "PatchDict" && !AROUND.contains(&around) {
                return None;
            }
            at = match code.expr(inner) {
                Expr::Tuple(parts) => *code.exprs(parts).first()?,
                _ => inner,
            };
        }
        let class = self.world.program.resolve(frame.module, &code.dotted(at)?);
        if !self.is_schema(&class) {
            return None;
        }
        Some(if patch { What::Dict(self.fields_of(&class)) } else { What::Schema(class) })
    }

    /// What an operation of Ninja is given: what the address has not, the client sends, whether there is a default
    /// or not.
    pub(super) fn operated_value(
        &mut self,
        frame: &Frame<'a>,
        name: &Arc<str>,
        parameter: &Parameter,
    ) -> Value {
        if !self.lacks(name) {
            return Value::from(Origin::Url(Arc::clone(name)));
        }
        let said = parameter.default.and_then(|default| frame.code.call(default));
        let said = said.and_then(|(callee, _)| frame.code.dotted(callee)).unwrap_or_default();
        let key = Some(Arc::clone(name));
        let origin = match said.rsplit('.').next() {
            Some("Query" | "QueryEx") => Origin::Query(key),
            Some("Header" | "HeaderEx") => Origin::Header(key),
            Some("Cookie" | "CookieEx") => Origin::Cookie(key),
            _ => Origin::Body(key),
        };
        let what = parameter.annotation.and_then(|annotation| self.operated(frame, annotation));
        Value { what: what.unwrap_or_default(), from: origin.into() }
    }

    fn is_schema(&self, class: &QualifiedName) -> bool {
        matches!(class, QualifiedName::Project(..)) && self.is_kind(class, SCHEMAS)
    }

    /// The fields of a schema, each with what was sent for it; what the schema looks at has been changed.
    fn fields_of(&mut self, class: &QualifiedName) -> Rc<Entries> {
        if let Some(known) = self.schemas.get(class) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.read_fields(class));
        self.schemas.insert(class.clone(), Rc::clone(&found));
        found
    }

    fn read_fields(&self, class: &QualifiedName) -> Entries {
        let mut found = Entries::new();
        for owner in self.world.hierarchy.order(class).iter().rev() {
            let QualifiedName::Project(module, _) = owner else { continue };
            let Some((code, id)) = self.world.program.class_code(owner) else { continue };
            let Some(body) = code.class(id) else { continue };
            let looked = Looked::at_in(code, id);
            for stmt in code.class_body(body).into_iter().take(MOST) {
                let Stmt::Assign { targets, value, annotation: Some(annotation) } = stmt else {
                    continue;
                };
                let name = code.exprs(targets).first().and_then(|target| code.name(*target));
                let Some(name) = name else { continue };
                let field = Field { module: *module, code, annotation, given: value };
                if let Some(value) = self.field_of(&field, name, &looked) {
                    put(&mut found, Arc::from(name), value);
                }
            }
        }
        found
    }

    /// What was sent for a field; nothing where it is left out of what is made of it.
    fn field_of(&self, field: &Field<'_>, name: &str, looked: &Looked) -> Option<Value> {
        let code = field.code;
        let sent = Value::from(Origin::Body(Some(Arc::from(name))));
        let mut narrowed = looked.has(name);
        if let Some((_, arguments)) = field.given.and_then(|given| code.call(given)) {
            let said = |name: &str| code.keyword(arguments, name);
            if said("exclude").is_some_and(|it| code.expr(it) == Expr::Bool(true)) {
                return None;
            }
            narrowed |= NARROWING.iter().any(|name| said(name).is_some());
        }
        let mut at = field.annotation;
        loop {
            at = match code.expr(at) {
                Expr::Binary(left, ..) => left,
                Expr::Subscript(around, inner) if code.is_dotted(around, "Optional") => inner,
                Expr::Subscript(around, _) => around,
                _ => break,
            };
        }
        let dotted = code.dotted(at).unwrap_or_default();
        if !narrowed && PLAIN.contains(&dotted.rsplit('.').next().unwrap_or_default()) {
            return Some(sent);
        }
        let class = self.world.program.resolve(field.module, &dotted);
        if self.is_schema(&class) {
            return Some(Value { what: What::Schema(class), ..sent });
        }
        Some(changed(sent))
    }

    /// An attribute of a schema.
    pub(super) fn schema_attribute(
        &mut self,
        value: &Value,
        class: &QualifiedName,
        name: &str,
    ) -> Value {
        let fields = self.fields_of(class);
        match fields.iter().find(|(field, _)| **field == *name) {
            Some((_, field)) => field.clone(),
            None => Value {
                what: What::Method(Rc::new(value.clone()), Arc::from(name)),
                from: value.from.clone(),
            },
        }
    }

    /// Calls a method of a schema: `payload.dict(exclude_unset=True)` is a mapping.
    pub(super) fn schema_method(
        &mut self,
        value: &Value,
        class: &QualifiedName,
        name: &str,
        args: Args,
    ) -> Value {
        if let Member::Method(method) = self.member(class, name, None) {
            return self.invoke_method(&method, value, args);
        }
        if !matches!(name, "dict" | "model_dump") {
            return changed(self.opaque(value, &args));
        }
        let mut fields = Entries::clone(&self.fields_of(class));
        for (keyword, names) in &args.keywords {
            let wanted = match &**keyword {
                "exclude" => false,
                "include" => true,
                _ => continue,
            };
            let Some(names) = Self::texts(names) else {
                return changed(self.opaque(value, &args));
            };
            fields.retain(|(field, _)| names.contains(field) == wanted);
        }
        Value { what: What::Dict(Rc::new(fields)), from: value.from.clone() }
    }

    /// The texts of a tuple, list or set of nothing else.
    fn texts(value: &Value) -> Option<Vec<Arc<str>>> {
        match &value.what {
            What::Tuple(values) => values.iter().map(Self::text).collect(),
            _ => None,
        }
    }

    /// Methods of a mapping that is known.
    pub(super) fn entries_method(
        value: &Value,
        entries: &Rc<Entries>,
        name: &str,
        args: &Args,
    ) -> Value {
        match name {
            "copy" => value.clone(),
            "items" => Value { what: What::Pairs(Rc::clone(entries)), from: value.from.clone() },
            _ => {
                let key = args.positional.first().and_then(Self::text);
                let found = entries.iter().rfind(|(name, _)| Some(name) == key.as_ref());
                let found = found.map(|(_, value)| value.clone());
                let rest = Value::of(value.from.clone()).with(&args.union());
                found.unwrap_or(rest)
            }
        }
    }

    /// Changes a mapping that has a name: `data.pop("owner")`, `data.update(owner=request.user)`; what the call
    /// gives.
    pub(super) fn change_mapping(
        &mut self,
        frame: &mut Frame<'a>,
        at: ExprId,
        method: &str,
        args: &Args,
    ) -> Option<Value> {
        if !matches!(method, "pop" | "update" | "clear") {
            return None;
        }
        let holder = self.eval(frame, at);
        let What::Dict(entries) = &holder.what else { return None };
        let mut entries = few(entries);
        let mut gives = Value::new(What::None);
        match method {
            "pop" => {
                let key = args.positional.first().and_then(Self::text)?;
                let found = entries.iter().rposition(|(name, _)| *name == key);
                gives = found.map_or_else(Value::other, |at| entries.remove(at).1);
            }
            "clear" => entries.clear(),
            _ => {
                for more in &args.positional {
                    match &more.what {
                        What::Dict(more) => {
                            more.iter().cloned().for_each(|(name, it)| put(&mut entries, name, it));
                        }
                        // It may be any of them.
                        _ => entries.clear(),
                    }
                }
                args.keywords.iter().cloned().for_each(|(name, it)| put(&mut entries, name, it));
            }
        }
        let mut from = holder.from.clone();
        from.merge(&args.union());
        self.replace(frame, at, Value { what: What::Dict(Rc::new(entries)), from });
        Some(gives)
    }

    /// `data["owner"] = request.user`, where `data` is a mapping that is known.
    pub(super) fn set_entry(
        &mut self,
        frame: &mut Frame<'a>,
        at: ExprId,
        key: ExprId,
        value: &Value,
    ) {
        let holder = self.eval(frame, at);
        if let (What::Mapping(_), Some(key)) = (&holder.what, frame.code.string(key)) {
            self.put_into_sent(key, value);
        }
        let What::Dict(entries) = &holder.what else { return };
        let mut entries = few(entries);
        match frame.code.string(key) {
            Some(key) => put(&mut entries, Arc::from(key), value.clone()),
            None => entries.clear(),
        }
        let mut from = holder.from.clone();
        from.merge(&value.from);
        self.replace(frame, at, Value { what: What::Dict(Rc::new(entries)), from });
    }

    /// `data["owner"] = request.user.id`, where `data` is what was sent: what was sent under that name no longer counts.
    fn put_into_sent(&mut self, key: &str, value: &Value) {
        let sent = |origin: &Origin| {
            matches!(origin, Origin::Body(_) | Origin::Query(_) | Origin::Url(_) | Origin::Request)
        };
        if !value.from.iter().any(sent) {
            self.put.push((Arc::clone(&self.handler), Arc::from(key)));
        }
    }

    /// `setattr(row, name, value)`, also for each entry of a mapping: `for name, value in data.items()`.
    pub(super) fn set_attributes(&mut self, args: &Args) {
        let [holder, name, value] = args.positional.as_slice() else { return };
        let What::Row(row) = &holder.what else { return };
        let links: &[Link] = &row.links;
        match &name.what {
            What::Text(name) => self.set_on_row(links, name, value),
            // Where a condition looks at the name, it chooses among them.
            What::KeyOf(entries)
                if !self.conditions.iter().any(|it| it.from.contains(&Origin::Other)) =>
            {
                for (name, value) in entries.iter() {
                    self.set_on_row(links, name, value);
                }
            }
            _ => {}
        }
    }
}

/// What a turn over `data.items()` gives: a name, of which is known which it may be, and what stands under it.
pub(super) fn pair(entries: &Rc<Entries>) -> Value {
    let values: Vec<Value> = entries.iter().map(|(_, value)| value.clone()).collect();
    let key = Value { what: What::KeyOf(Rc::clone(entries)), from: Origin::Other.into() };
    let from = union(&values);
    let both = vec![key, Value::of(from.clone())];
    Value { what: What::Tuple(Rc::new(both)), from }
}

/// The entries of a mapping that is going to be changed; of a very large one nothing is known from there on.
fn few(entries: &Entries) -> Entries {
    if entries.len() > MOST { Entries::new() } else { entries.clone() }
}

/// Puts something under a name, instead of what was there.
fn put(entries: &mut Entries, name: Arc<str>, value: Value) {
    entries.retain(|(known, _)| *known != name);
    entries.push((name, value));
}

/// A field of a schema as it is written.
struct Field<'c> {
    module: ModuleId,
    code: &'c Code,
    annotation: ExprId,
    given: Option<ExprId>,
}

/// The fields that validators of a schema look at.
struct Looked {
    all: bool,
    names: Vec<String>,
}

impl Looked {
    fn at_in(code: &Code, class: ClassId) -> Self {
        let mut looked = Self { all: false, names: Vec::new() };
        let methods = code.methods(class).into_iter();
        for method in methods.filter_map(|id| code.function(id)) {
            for decorator in code.exprs(method.decorators) {
                let (callee, arguments) = code.call(*decorator).unwrap_or((*decorator, &[]));
                let name = code.dotted(callee).unwrap_or_default();
                if !VALIDATORS.contains(&name.rsplit('.').next().unwrap_or_default()) {
                    continue;
                }
                let named = arguments.iter().filter(|it| it.keyword.is_none());
                let texts: Vec<&str> = named.filter_map(|it| code.string(it.value)).collect();
                looked.all |= texts.is_empty() || texts.contains(&"*");
                looked.names.extend(texts.into_iter().map(str::to_owned));
            }
        }
        looked
    }

    fn has(&self, name: &str) -> bool {
        self.all || self.names.iter().any(|known| known == name)
    }
}
