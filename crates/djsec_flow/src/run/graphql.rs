//! Resolvers and mutations of GraphQL: their parameters are what a query brings, as far as the types that the
//! schema gives them let it be.

use std::sync::Arc;

use djsec_base::Span;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::code::{Code, Expr, ExprId, ParameterKind, Stmt};
use djsec_python::{ModuleId, QualifiedName};

use super::uploads::uploaded;
use super::{REQUEST, Run};
use crate::catalog::last;
use crate::taint::Taint;
use crate::value::{ANY, KEYS, Value};
use crate::{Grade, Kind, Kinds};

/// Types of graphene whose values can do no harm.
const HARMLESS: &[&str] =
    &["Boolean", "Date", "DateTime", "Time", "UUID", "Decimal", "Duration", "Point"];
/// Those that may be large.
const NUMBERS: &[&str] = &["Int", "Float", "BigInt"];
/// What stands around a type.
const AROUND: &[&str] = &["Argument", "NonNull", "InputField", "Field"];
/// Input types in input types are looked into this deep.
const DEEPEST: usize = 2;

/// Whose function it is.
enum Of {
    /// A resolver of a field of this class.
    Field(QualifiedName),
    /// A mutation with this class's arguments.
    Mutation(QualifiedName),
    /// One of strawberry, whose parameters have their types in Python.
    Typed,
}

/// An expression and the module that it stands in.
type There<'c> = (ModuleId, &'c Code, ExprId);

impl Run<'_, '_> {
    /// What a parameter of a resolver or a mutation is given.
    pub(super) fn asked_of_resolver(&mut self, at: u16, name: &str, place: Span) -> Option<Value> {
        let of = self.resolver()?;
        let info = self.function.parameters.iter().position(|parameter| {
            let name = self.code.text(parameter.name).trim_start_matches('_');
            matches!(name, "info" | "inf" | "context")
        });
        let at = usize::from(at);
        match (info, &of) {
            (Some(info), _) if at == info => return Some(asking(&of)),
            (Some(info), Of::Field(_) | Of::Mutation(_)) if at < info => return None,
            (_, Of::Typed) if at == 0 && matches!(name, "self" | "root" | "parent" | "cls") => {
                return None;
            }
            (None, Of::Field(_) | Of::Mutation(_)) => return None,
            _ => {}
        }
        let parameter = self.function.parameters.get(at)?;
        let rest = parameter.kind == ParameterKind::VariadicKeyword;
        if parameter.kind == ParameterKind::Variadic {
            return None;
        }
        match of {
            Of::Typed => Some(match parameter.annotation {
                Some(annotation) => self.typed_input((self.module, annotation), name, place, 0),
                None => Value::tainted(Taint::source(place, Grade::Remote, name)),
            }),
            Of::Field(owner) if rest => Some(self.all_of_field(&owner, name, place)),
            Of::Field(owner) => Some(self.argument_of_field(&owner, name, place)),
            Of::Mutation(owner) if rest => Some(self.all_of_mutation(&owner, name, place)),
            Of::Mutation(owner) => Some(self.argument_of_mutation(&owner, name, place)),
        }
    }

    /// What the function at hand is to a schema.
    fn resolver(&self) -> Option<Of> {
        let method = self.code.text(self.function.name);
        if self.is_strawberry() {
            return Some(Of::Typed);
        }
        let owner = self.owner.as_ref()?;
        let of = match method {
            "mutate" | "mutate_and_get_payload" => Of::Mutation(owner.clone()),
            _ if method.starts_with("resolve_") => Of::Field(owner.clone()),
            _ => return None,
        };
        // What several classes share stands in one that graphene knows nothing of.
        let derived = self.world.index.derived(owner);
        let is_graphene = |class: &QualifiedName| {
            self.external_bases(class).iter().any(|base| base.starts_with("graphene"))
        };
        std::iter::once(owner).chain(derived).any(is_graphene).then_some(of)
    }

    /// `@strawberry.field`, `@strawberry_django.mutation(…)`.
    fn is_strawberry(&self) -> bool {
        self.code.exprs(self.function.decorators).iter().any(|decorator| {
            let callee = self.code.call(*decorator).map_or(*decorator, |(callee, _)| callee);
            let Some(QualifiedName::External(name)) = self.named(callee) else { return false };
            name.starts_with("strawberry")
                && matches!(last(&name), "field" | "mutation" | "subscription" | "input_mutation")
        })
    }

    /// What a class's attribute says of a field: the arguments of its call.
    fn field_call<'c>(&'c self, owner: &QualifiedName) -> Option<There<'c>> {
        let name = self.code.text(self.function.name).strip_prefix("resolve_")?;
        let found = self.world.hierarchy.attribute(owner, name)?;
        let AttributeValue::Assigned(module, code, id) = found.value else { return None };
        Some((module, code, id))
    }

    /// `posts = graphene.List(PostType, where=graphene.String())`: what is `where`.
    fn argument_of_field(&self, owner: &QualifiedName, name: &str, place: Span) -> Value {
        let Some((module, code, id)) = self.field_call(owner) else { return free(name, place) };
        let Some((_, arguments)) = code.call(id) else { return free(name, place) };
        match code.keyword(arguments, name) {
            Some(typed) => self.of_type((module, code, typed), name, place, 0),
            None if arguments.iter().any(|argument| argument.spread) => free(name, place),
            // A decorator of the project hands it in.
            None => Value::default(),
        }
    }

    /// Everything that a field may be asked with: `def resolve_posts(self, info, **kwargs)`.
    fn all_of_field(&self, owner: &QualifiedName, words: &str, place: Span) -> Value {
        let Some((module, code, id)) = self.field_call(owner) else { return free(words, place) };
        let Some((_, arguments)) = code.call(id) else { return free(words, place) };
        let named =
            arguments.iter().filter_map(|argument| Some((argument.keyword?, argument.value)));
        named.fold(Value::default(), |all, (name, value)| {
            let name = code.text(name);
            let one =
                self.of_type((module, code, value), &format!("{words}[\"{name}\"]"), place, 0);
            all.with_field(&format!("[{name}]"), one)
        })
    }

    /// The class in a mutation that lists what it is given: `class Arguments`.
    fn listing(&self, owner: &QualifiedName) -> Option<QualifiedName> {
        let order = self.world.hierarchy.order(owner);
        order.iter().find_map(|class| {
            let QualifiedName::Project(module, path) = class else { return None };
            let nested = ["Arguments", "Input"].into_iter().map(|name| {
                QualifiedName::Project(*module, Arc::from(format!("{path}.{name}").as_str()))
            });
            let mut nested = nested.filter(|name| self.world.program.class_code(name).is_some());
            nested.next()
        })
    }

    fn argument_of_mutation(&self, owner: &QualifiedName, name: &str, place: Span) -> Value {
        let Some(listed) = self.listing(owner) else { return free(name, place) };
        let typed = self.listed_in(&listed).into_iter().find(|(known, _)| known == name);
        typed.map_or_else(Value::default, |(_, typed)| self.of_type(typed, name, place, 0))
    }

    fn all_of_mutation(&self, owner: &QualifiedName, words: &str, place: Span) -> Value {
        match self.listing(owner) {
            Some(listed) => self.filled_in(&listed, words, place, 0),
            None => free(words, place),
        }
    }

    /// What stands in the body of a class: names, and the types that they are given.
    fn listed_in<'c>(&'c self, class: &QualifiedName) -> Vec<(String, There<'c>)> {
        let mut all: Vec<(String, There<'c>)> = Vec::new();
        for (owner, code, body) in self.world.bodies(class) {
            let QualifiedName::Project(module, _) = owner else { continue };
            for stmt in code.class_body(body) {
                let Stmt::Assign { targets, value: Some(value), .. } = stmt else { continue };
                let names = code.exprs(targets).iter().filter_map(|target| code.name(*target));
                for name in names {
                    if !all.iter().any(|(known, _)| known == name) {
                        all.push((name.to_owned(), (module, code, value)));
                    }
                }
            }
        }
        all
    }

    /// A mapping and an object of what a class lists: graphene's input objects are both.
    fn filled_in(&self, class: &QualifiedName, words: &str, place: Span, depth: usize) -> Value {
        let mut all = Value::default().with_field(KEYS, Value::default());
        for (name, typed) in self.listed_in(class) {
            let one = self.of_type(typed, &format!("{words}.{name}"), place, depth + 1);
            all = all.with_field(&format!("[{name}]"), one.clone());
            if depth > 0 {
                all = all.with_field(&name, one);
            }
        }
        all
    }

    /// What was sent for something of a type: `graphene.String(required=True)`, `graphene.List(graphene.Int)`.
    fn of_type(&self, typed: There<'_>, words: &str, place: Span, depth: usize) -> Value {
        let (module, code, id) = typed;
        let (callee, arguments) = match code.expr(id) {
            Expr::Call(callee, arguments) => (callee, code.arguments(arguments)),
            Expr::Name(_) | Expr::Attribute(..) => (id, &[][..]),
            _ => return free(words, place),
        };
        let Some(dotted) = code.dotted(callee) else { return free(words, place) };
        let first = arguments.iter().find(|argument| argument.keyword.is_none());
        let inner =
            || first.map(|first| self.of_type((module, code, first.value), words, place, depth));
        let name = last(&dotted);
        if name == "List" {
            return inner().map_or_else(
                || free(words, place),
                |inner| Value::default().with_field(ANY, inner),
            );
        }
        if AROUND.contains(&name) {
            return inner().unwrap_or_else(|| free(words, place));
        }
        if NUMBERS.contains(&name) {
            let taint = Taint::source(place, Grade::Remote, words).sanitized(Kinds::NUMBER);
            return Value::tainted(taint);
        }
        if HARMLESS.contains(&name) {
            return Value::default();
        }
        if name == "Upload" {
            return uploaded(Taint::source(place, Grade::Remote, words));
        }
        let class = self.world.program.resolve(module, &dotted);
        let QualifiedName::Project(..) = class else { return free(words, place) };
        let bases = self.external_bases(&class);
        let is = |name: &str| bases.iter().any(|base| last(base) == name);
        if is("Enum") || self.is_enum(&class) {
            Value::default()
        } else if is("InputObjectType") && depth < DEEPEST {
            self.filled_in(&class, words, place, depth + 1)
        } else if is("InputObjectType") {
            // Whatever stands in it, its names and those in what it holds are those of the schema.
            let names = Kinds::of([Kind::Lookup, Kind::Alias, Kind::Assignment]);
            Value::tainted(Taint::source(place, Grade::Remote, words).sanitized(names))
        } else {
            free(words, place)
        }
    }
}

fn free(words: &str, place: Span) -> Value {
    Value::tainted(Taint::source(place, Grade::Remote, words))
}

/// `info`, whose context is the request.
fn asking(of: &Of) -> Value {
    let request = Value::instance(REQUEST);
    match of {
        Of::Typed => {
            let context = Value::default().with_field("request", request);
            Value::default().with_field("context", context)
        }
        _ => Value::default().with_field("context", request),
    }
}
