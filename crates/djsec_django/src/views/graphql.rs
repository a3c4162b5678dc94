//! What a GraphQL endpoint offers: how its view is set up, and which mutations its schema has.

use djsec_base::Span;
use djsec_python::code::{ClassId, Code, Expr, ExprId, Function, FunctionId, Stmt};
use djsec_python::value::{Data, Object, Value};
use djsec_python::{ModuleId, QualifiedName};

use super::policy::by_path;
pub use super::resolvers::Resolver;
use super::resolvers::resolvers;
use super::rows::Source;
use super::site::{Cx, Def, Site, last};
use crate::hierarchy::{AttributeValue, KnownValue};
use crate::routes::Target;

/// A GraphQL endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphQl {
    /// The package whose view it is.
    pub library: Library,
    /// The page in which browsers try queries.
    pub ide: Switch,
    /// Whether one request may carry many operations.
    pub batching: Switch,
    /// Whether bodies that any site's form can send are read.
    pub reads_forms: bool,
    /// Whether something limits how deep or large a query is; `None` where that is not known.
    pub limited: Option<bool>,
    /// Whether code of the project stands before every resolver.
    pub hooked: bool,
    /// The mutations; `None` where the schema is not known.
    pub mutations: Option<Vec<Mutation>>,
    /// The functions of the project that answer queries and mutations, and that ask for no more than a login, as far
    /// as what stands around them says.
    pub resolvers: Vec<Resolver>,
}

/// A package that serves GraphQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Library {
    /// graphene-django.
    Graphene,
    /// strawberry.
    Strawberry,
    /// ariadne.
    Ariadne,
}

/// Something that is on or off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switch {
    /// Whether it is on in production; `None` where that is not known.
    pub on: Option<bool>,
    /// Where that is said.
    pub place: Option<Span>,
}

/// A mutation of a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Mutation {
    /// Its name.
    pub name: String,
    /// Its resolver.
    pub place: Option<Span>,
    /// Whether it looks at who asks, or something around it may; `None` where that is not known.
    pub asks: Option<bool>,
}

/// What a route's target is as a GraphQL endpoint.
pub fn graphql(source: Source<'_>, target: &Target) -> Option<GraphQl> {
    let Target::Class { class, arguments } = target else { return None };
    let Source { program, hierarchy, settings, models } = source;
    let cx = Cx::new(program, hierarchy, settings, models);
    let library = library(&cx, class)?;
    let view = Endpoint { cx: &cx, class, arguments };
    let schema = view.schema(library);
    let ide = match library {
        Library::Graphene => view.switch("graphiql", false),
        Library::Strawberry => match view.switch("graphiql", false) {
            old if old.place.is_some() => old,
            _ => view.switch("graphql_ide", true),
        },
        Library::Ariadne => view.switch("introspection", true),
    };
    let batching = match library {
        Library::Graphene => view.switch("batch", false),
        _ => Switch { on: Some(false), place: None },
    };
    let forms = match library {
        Library::Graphene | Library::Ariadne => true,
        Library::Strawberry => view.switch("multipart_uploads_enabled", false).on == Some(true),
    };
    Some(GraphQl {
        library,
        ide,
        batching,
        reads_forms: forms,
        limited: view.limited(library, schema.as_ref()),
        hooked: view.hooked(library, schema.as_ref()),
        resolvers: schema.as_ref().map(|s| resolvers(&cx, library, s)).unwrap_or_default(),
        mutations: schema.and_then(|schema| mutations(&cx, library, &schema)),
    })
}

fn library(cx: &Cx<'_>, class: &QualifiedName) -> Option<Library> {
    cx.hierarchy.order(class).iter().find_map(|base| {
        let QualifiedName::External(name) = base else { return None };
        match name.split('.').next()? {
            "graphene_django" => Some(Library::Graphene),
            "strawberry" => Some(Library::Strawberry),
            "ariadne" | "ariadne_django" => Some(Library::Ariadne),
            _ => None,
        }
    })
}

struct Endpoint<'e> {
    cx: &'e Cx<'e>,
    class: &'e QualifiedName,
    arguments: &'e [(std::sync::Arc<str>, Value)],
}

/// The arguments of the call that made a schema.
pub(super) struct Schema {
    positional: Vec<Value>,
    keywords: Vec<(std::sync::Arc<str>, Value)>,
}

impl Schema {
    /// The class of the project that is given under a name, or at a position.
    pub(super) fn class(&self, cx: &Cx<'_>, name: &str, at: usize) -> Option<QualifiedName> {
        let given = self.keyword(name).or_else(|| self.positional.get(at))?;
        let Data::Object(object) = &given.single()?.data else { return None };
        Some(by_path(cx, &object.name))
    }

    fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(keyword, _)| &**keyword == name).map(|(_, value)| value)
    }
}

impl Endpoint<'_> {
    fn argument(&self, name: &str) -> Option<&Value> {
        self.arguments.iter().find(|(argument, _)| &**argument == name).map(|(_, value)| value)
    }

    /// An option of the view: an argument of `as_view`, or an attribute of its class.
    fn switch(&self, name: &str, default: bool) -> Switch {
        if let Some(value) = self.argument(name) {
            return Switch { on: truth(self.cx, value), place: place(value) };
        }
        match self.cx.hierarchy.attribute(self.class, name).map(|found| found.value) {
            Some(AttributeValue::Assigned(module, code, value)) => {
                let on = match code.expr(value) {
                    Expr::Bool(on) => Some(on),
                    Expr::Str(_) => Some(true),
                    Expr::None => Some(false),
                    _ => None,
                };
                Switch { on, place: self.cx.site(module).and_then(|site| site.span(value)) }
            }
            Some(AttributeValue::Known(KnownValue::Bool(on))) => {
                Switch { on: Some(*on), place: None }
            }
            _ => Switch { on: Some(default), place: None },
        }
    }

    fn schema(&self, library: Library) -> Option<Schema> {
        let given = self.argument("schema").and_then(Value::single);
        if let Some(Data::Object(object)) = given.map(|alt| &alt.data) {
            return Some(of_object(object))
                .filter(|schema| !schema.keywords.is_empty() || !schema.positional.is_empty());
        }
        if library != Library::Graphene || given.is_some() {
            return None;
        }
        // GRAPHENE = {"SCHEMA": "shop.schema.schema"}
        let setting = self.cx.settings.get("GRAPHENE").entry("SCHEMA");
        let path = setting.value().single()?.data.as_str()?.to_owned();
        let QualifiedName::Project(module, name) = by_path(self.cx, &path) else { return None };
        let site = self.cx.site(module)?;
        let (_, arguments) = site.code.call(site.code.module_value(&name)?)?;
        let class = |value: ExprId| {
            let name = site.cx.program.dotted(&site.resolve(value)).unwrap_or_default();
            let kind = djsec_python::value::ObjectKind::Class;
            let object = Object { name: name.into(), kind, args: vec![], keywords: vec![] };
            Value::known(Data::Object(object.into()), site.span(value))
        };
        let keywords = arguments.iter().filter_map(|argument| {
            Some((site.code.text(argument.keyword?).into(), class(argument.value)))
        });
        let positional = arguments.iter().filter(|argument| argument.keyword.is_none());
        let positional = positional.map(|argument| class(argument.value)).collect();
        Some(Schema { positional, keywords: keywords.collect() })
    }

    fn limited(&self, library: Library, schema: Option<&Schema>) -> Option<bool> {
        match library {
            Library::Graphene => {
                Some(
                    self.argument("validation_rules").is_some()
                        || self.cx.hierarchy.attribute(self.class, "validation_rules").is_some_and(
                            |found| matches!(found.value, AttributeValue::Assigned(..)),
                        ),
                )
            }
            Library::Strawberry => Some(schema?.keyword("extensions").is_some()),
            Library::Ariadne => Some(self.argument("validation_rules").is_some()),
        }
    }

    /// Middleware and extensions other than those that are known to ask nothing.
    fn hooked(&self, library: Library, schema: Option<&Schema>) -> bool {
        let overrides =
            ["middleware", "execute_graphql_request", "execute_operation"].iter().any(|name| {
                let found = self.cx.hierarchy.attribute(self.class, name);
                found.is_some_and(|found| matches!(found.owner, QualifiedName::Project(..)))
            });
        if overrides {
            return true;
        }
        let own = |value: &Value| value.alts.iter().any(|alt| !is_harmless(&alt.data));
        let given = match library {
            Library::Strawberry => schema.and_then(|schema| schema.keyword("extensions")),
            _ => self.argument("middleware"),
        };
        let global = self.cx.settings.get("GRAPHENE").entry("MIDDLEWARE");
        given.is_some_and(own)
            || (library == Library::Graphene && given.is_none() && own(global.value()))
    }
}

/// Whether middleware is nothing, or of a package that asks nobody: optimizers, limits, and what only
/// finds out who asks.
fn is_harmless(data: &Data) -> bool {
    const KNOWN: &[&str] =
        &["graphql_jwt.", "strawberry.", "strawberry_django.", "graphene_django."];
    let known = |name: &str| KNOWN.iter().any(|package| name.starts_with(package));
    match data {
        Data::None | Data::Absent => true,
        Data::Str(name) => known(name),
        Data::Object(object) => known(&object.name),
        other => other.as_seq().is_some_and(|seq| {
            !seq.open
                && seq.items.iter().all(|item| item.value.alts.iter().all(|a| is_harmless(&a.data)))
        }),
    }
}

fn of_object(object: &Object) -> Schema {
    Schema { positional: object.args.clone(), keywords: object.keywords.clone() }
}

fn place(value: &Value) -> Option<Span> {
    value.alts.iter().find_map(|alt| alt.span)
}

/// Whether a value is true in production; `None` where that depends, or is not known.
fn truth(cx: &Cx<'_>, value: &Value) -> Option<bool> {
    let production = cx.settings.production();
    let live = value.alts.iter().filter(|alt| {
        cx.settings.with_worlds(|worlds| {
            let there = worlds.and(alt.guard, production);
            !worlds.impossible(there)
        })
    });
    let mut answers = live.map(|alt| match &alt.data {
        Data::None | Data::Absent => Some(false),
        Data::Bool(on) => Some(*on),
        Data::Str(text) => Some(!text.is_empty()),
        _ => None,
    });
    let first = answers.next()??;
    answers.all(|answer| answer == Some(first)).then_some(first)
}

fn mutations(cx: &Cx<'_>, library: Library, schema: &Schema) -> Option<Vec<Mutation>> {
    let given = schema.keyword("mutation").or_else(|| match library {
        Library::Ariadne => None,
        _ => schema.positional.get(1),
    });
    if library == Library::Ariadne {
        let values = schema.positional.iter().chain(schema.keywords.iter().map(|(_, value)| value));
        let has = values.flat_map(|value| &value.alts).any(|alt| match &alt.data {
            Data::Object(object) => last(&object.name) == "MutationType",
            _ => false,
        });
        let some = Mutation { name: "Mutation".into(), place: None, asks: None };
        return has.then(|| vec![some]);
    }
    let Some(given) = given else { return Some(Vec::new()) };
    let object = match &given.single()?.data {
        Data::None => return Some(Vec::new()),
        Data::Object(object) => object,
        _ => return None,
    };
    let class = by_path(cx, &object.name);
    if !matches!(class, QualifiedName::Project(..)) {
        // `merge_types("Mutation", (…))`, or a package's.
        return None;
    }
    let mut found: Vec<Mutation> = Vec::new();
    for owner in cx.hierarchy.order(&class).iter() {
        let (QualifiedName::Project(module, _), Some((code, id))) =
            (owner, cx.program.class_code(owner))
        else {
            continue;
        };
        let Some(site) = cx.site(*module) else { continue };
        own_mutations(site, code, id, &mut found);
    }
    // What a base that nobody knows brings is not seen.
    (!found.is_empty() || cx.hierarchy.is_complete(&class)).then_some(found)
}

fn own_mutations(site: Site<'_>, code: &Code, id: ClassId, out: &mut Vec<Mutation>) {
    let Some(class) = code.class(id) else { return };
    let mut add = |mutation: Mutation| {
        if !out.iter().any(|known| known.name == mutation.name) {
            out.push(mutation);
        }
    };
    for stmt in code.class_body(class) {
        match stmt {
            Stmt::Assign { targets, value: Some(value), .. } => {
                let names = code.exprs(targets).iter().filter_map(|target| code.name(*target));
                for name in names {
                    let Some((asks, place)) = field(site, value) else { continue };
                    add(Mutation { name: name.to_owned(), place, asks });
                }
            }
            Stmt::Function(id) => {
                let Some(def) = site.def(id) else { continue };
                let name = code.text(def.function.name).to_owned();
                let place = site.span_of(def.function.name_range);
                let mutates = code.exprs(def.function.decorators).iter().any(|decorator| {
                    let callee = code.call(*decorator).map_or(*decorator, |(callee, _)| callee);
                    matches!(last(&site.dotted(callee)), "mutation" | "field")
                });
                if mutates {
                    add(Mutation { name, place, asks: Some(asks_who(def)) });
                }
            }
            _ => {}
        }
    }
}

/// What is assigned to a field of the mutation type: `CreateOrder.Field()`,
/// `strawberry.mutation(resolver=create)`, `mutations.create(OrderInput)`.
fn field(site: Site<'_>, value: ExprId) -> Option<(Option<bool>, Option<Span>)> {
    let code = site.code;
    let (callee, arguments) = code.call(value)?;
    if let Expr::Attribute(class, name) = code.expr(callee)
        && code.text(name) == "Field"
    {
        let class = site.resolve(class);
        return Some(mutation_class(site.cx, &class).unwrap_or((None, site.span(value))));
    }
    let guarded = ["permission_classes", "extensions", "permissions", "directives"]
        .iter()
        .any(|keyword| code.keyword(arguments, keyword).is_some());
    let callee = site.dotted(callee);
    if guarded || arguments.iter().any(|argument| argument.spread) {
        return Some((Some(true), site.span(value)));
    }
    if callee.starts_with("strawberry_django.mutations.") {
        return Some((Some(false), site.span(value)));
    }
    if last(&callee) == "mutation" && callee.starts_with("strawberry") {
        let resolver = code.keyword(arguments, "resolver")?;
        let asks = site.cx.def(&site.resolve(resolver)).map(asks_who);
        return Some((asks, site.span(resolver)));
    }
    None
}

/// Whether a mutation of graphene looks at who asks.
fn mutation_class(cx: &Cx<'_>, class: &QualifiedName) -> Option<(Option<bool>, Option<Span>)> {
    let QualifiedName::Project(..) = class else { return None };
    let mut asks = false;
    for owner in cx.hierarchy.order(class).iter() {
        let (QualifiedName::Project(module, _), Some((code, id))) =
            (owner, cx.program.class_code(owner))
        else {
            continue;
        };
        let defs = code.methods(id).into_iter().filter_map(|id| cx.site(*module)?.def(id));
        asks |= defs.into_iter().any(asks_who);
    }
    let resolver = ["mutate", "mutate_and_get_payload", "perform_mutate"].iter().find_map(|name| {
        match cx.hierarchy.attribute(class, name)?.value {
            AttributeValue::Method(module, _, id) => method_place(cx, module, id),
            _ => None,
        }
    });
    let known = cx.hierarchy.is_complete(class);
    Some(((known || asks).then_some(asks), resolver))
}

fn method_place(cx: &Cx<'_>, module: ModuleId, id: FunctionId) -> Option<Span> {
    let def = cx.site(module)?.def(id)?;
    def.site.span_of(def.function.name_range)
}

/// Whether a resolver looks at who asks, hands that on, or has a decorator or option that may.
pub(super) fn asks_who(def: Def<'_>) -> bool {
    let code = def.site.code;
    let decorated = code.exprs(def.function.decorators).iter().any(|decorator| {
        let (callee, arguments) = code.call(*decorator).unwrap_or((*decorator, &[]));
        let name = def.site.dotted(callee);
        let plain = matches!(last(&name), "classmethod" | "staticmethod" | "mutation" | "field");
        let options = ["permission_classes", "extensions", "directives"];
        !plain || options.iter().any(|option| code.keyword(arguments, option).is_some())
    });
    decorated || uses_info(code, def.function)
}

/// Whether a function reads `info.context`, or hands `info` on.
fn uses_info(code: &Code, function: &Function) -> bool {
    let mut uses = false;
    code.each_expr(function.body, &mut |_, expr| {
        uses |= match expr {
            Expr::Attribute(_, name) => matches!(code.text(name), "context" | "user"),
            Expr::Call(_, arguments) => code.arguments(arguments).iter().any(|argument| {
                matches!(code.name(argument.value), Some("info" | "context" | "request"))
            }),
            _ => false,
        };
    });
    uses
}
