//! Operations of Django Ninja: their parameters are what was sent, as far as its types let it be.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Stmt};
use djsec_python::{BindingKind, ModuleId};

use super::Run;
use super::uploads::uploaded;
use crate::catalog::last;
use crate::taint::Taint;
use crate::value::{Value, What};
use crate::{Grade, Kinds};

/// Methods that make an operation of a function.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete", "api_operation"];
/// What stands around the type of a parameter: `Query[int]`, `Optional[int]`.
const AROUND: &[&str] = &[
    "Optional",
    "Annotated",
    "Query",
    "Path",
    "Form",
    "Body",
    "Header",
    "Cookie",
    "QueryEx",
    "PathEx",
    "FormEx",
    "BodyEx",
    "HeaderEx",
    "CookieEx",
    "List",
    "list",
    "File",
];
/// Types whose values can do no harm.
const HARMLESS: &[&str] = &[
    "int",
    "float",
    "bool",
    "UUID",
    "UUID4",
    "Decimal",
    "date",
    "datetime",
    "time",
    "timedelta",
    "PositiveInt",
    "NonNegativeInt",
    "IPvAnyAddress",
    "Literal",
];
/// Those of them that may be large.
const NUMBERS: &[&str] = &["int", "float", "PositiveInt", "NonNegativeInt"];
/// Schemas in schemas are looked into this deep.
const DEEPEST: usize = 2;

impl Run<'_, '_> {
    /// What a parameter of an operation is given: `@api.post("/hooks") def create(request, hook: Hook)`.
    pub(super) fn operated(&mut self, at: u16, name: &str, place: Span) -> Option<Value> {
        if at == 0 || self.owner.is_some() || !self.is_operation() {
            return None;
        }
        let parameter = self.function.parameters.get(usize::from(at))?;
        let safe = self.let_through(name);
        let Some(annotation) = parameter.annotation else {
            return Some(Value::tainted(Taint::source(place, Grade::Remote, name).sanitized(safe)));
        };
        // `limit: int = Query(10, le=100)` may bound it.
        let plain = parameter.default.is_none_or(|default| self.code.call(default).is_none());
        let number =
            self.code.dotted(annotation).is_some_and(|name| NUMBERS.contains(&last(&name)));
        if plain && number {
            let taint = Taint::source(place, Grade::Remote, name).sanitized(Kinds::NUMBER);
            return Some(Value::tainted(taint));
        }
        let value = self.typed_input((self.module, annotation), name, place, 0);
        Some(value.map(&|taint| taint.sanitized(safe)))
    }

    /// As what the part of an address that is called like this can do no harm; as none, where there is none.
    fn let_through(&self, name: &str) -> Kinds {
        let key = self.world.index.key(self.module, self.id);
        let names = key.and_then(|key| self.world.entries.functions.get(&key));
        let converter = names.and_then(|names| names.get(name));
        converter.map_or(Kinds::NONE, |converter| converter.safe())
    }

    fn is_operation(&self) -> bool {
        let key = self.world.index.key(self.module, self.id);
        if key.is_some_and(|key| self.world.entries.is_operation(key)) {
            return true;
        }
        let code = self.code;
        code.exprs(self.function.decorators).iter().any(|decorator| {
            let Some((callee, _)) = code.call(*decorator) else { return false };
            let Expr::Attribute(base, method) = code.expr(callee) else { return false };
            if !METHODS.contains(&code.text(method)) {
                return false;
            }
            let Some(name) = self.named(base) else { return false };
            let QualifiedName::Project(module, _) = &name else { return false };
            match self.world.program.binding(&name).map(|binding| &binding.kind) {
                Some(BindingKind::Call(made)) => {
                    let made = self.world.program.resolve(*module, made);
                    matches!(&made, QualifiedName::External(made)
                        if made.starts_with("ninja.") && matches!(last(made), "NinjaAPI" | "Router"))
                }
                _ => false,
            }
        })
    }

    /// Whether a class of the project is a model of pydantic. Those that Ninja makes of the models of Django have
    /// fields that are not written in them.
    pub(super) fn is_schema(&self, class: &QualifiedName) -> bool {
        let bases = self.external_bases(class);
        matches!(class, QualifiedName::Project(..))
            && bases.iter().any(|base| last(base) == "BaseModel")
            && !bases.iter().any(|base| last(base) == "ModelSchema")
    }

    /// What was sent for something of a type.
    pub(super) fn typed_input(
        &self,
        (module, annotation): (ModuleId, ExprId),
        words: &str,
        place: Span,
        depth: usize,
    ) -> Value {
        let free = || Value::tainted(Taint::source(place, Grade::Remote, words));
        let Some(code) = self.world.program.code(module) else { return free() };
        let mut at = annotation;
        let dotted = loop {
            at = match code.expr(at) {
                // `Query[int] | None`
                Expr::Binary(left, ..) => left,
                Expr::Subscript(base, inner) => {
                    let around = code.dotted(base).unwrap_or_default();
                    match code.expr(inner) {
                        _ if !AROUND.contains(&last(&around)) => break around,
                        Expr::Tuple(parts) => match code.exprs(parts).first() {
                            Some(first) => *first,
                            None => return free(),
                        },
                        _ => inner,
                    }
                }
                Expr::Str(text) => break code.text(text).to_owned(),
                _ => match code.dotted(at) {
                    Some(dotted) => break dotted,
                    None => return free(),
                },
            };
        };
        if HARMLESS.contains(&last(&dotted)) {
            return Value::default();
        }
        let class = self.world.program.resolve(module, &dotted);
        let bases = self.external_bases(&class);
        let is = |name: &str| bases.iter().any(|base| last(base) == name);
        if self.is_enum(&class) {
            Value::default()
        } else if is("UploadedFile") {
            uploaded(Taint::source(place, Grade::Remote, words))
        } else if matches!(class, QualifiedName::Project(..))
            && (is("BaseModel") || self.is_decorated_class(&class, "input"))
            && depth < DEEPEST
        {
            self.schema(&class, words, place, depth)
        } else {
            free()
        }
    }

    /// An instance of a schema, with what its fields let through.
    fn schema(&self, class: &QualifiedName, words: &str, place: Span, depth: usize) -> Value {
        let mut value = Value::instance_of(class.clone());
        for (owner, code, body) in self.world.bodies(class).rev() {
            let QualifiedName::Project(module, _) = owner else { continue };
            for stmt in code.class_body(body) {
                let Stmt::Assign { targets, annotation: Some(annotation), .. } = stmt else {
                    continue;
                };
                let name = code.exprs(targets).first().and_then(|target| code.name(*target));
                let Some(name) = name else { continue };
                let words: Arc<str> = format!("{words}.{name}").into();
                let field = self.typed_input((module, annotation), &words, place, depth + 1);
                value = value.with_field(name, field);
            }
        }
        value
    }

    /// A model of pydantic with what it is made of: what its types make harmless is so.
    pub(super) fn validated_schema(
        &self,
        class: &QualifiedName,
        given: &dyn Fn(&str) -> Value,
        place: Span,
        depth: usize,
    ) -> Value {
        let typed = self.schema(class, "", place, 0);
        let mut value = Value::instance_of(class.clone());
        for (name, one) in typed.fields.iter().flat_map(|fields| fields.iter()) {
            let sent = given(name);
            let field = match &one.what {
                // It may be one already.
                What::Instance(_) if matches!(sent.what, What::Instance(_)) => sent,
                What::Instance(inner) if depth < DEEPEST && self.is_schema(inner) => {
                    let within = |name: &str| sent.field(&format!("[{name}]"));
                    self.validated_schema(inner, &within, place, depth + 1)
                }
                _ if one.is_clean() => Value::default(),
                _ => sent,
            };
            value = value.with_field(name, field);
        }
        value
    }
}
