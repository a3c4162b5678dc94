//! The functions of the project that answer the queries and mutations of a GraphQL schema.

use djsec_base::Span;
use djsec_python::code::{Argument, Expr, ExprId, FunctionId, Stmt};
use djsec_python::{ModuleId, QualifiedName};

use super::graphql::{Library, Schema, asks_who};
use super::site::{Cx, Def, Site, last};
use crate::hierarchy::AttributeValue;

/// A function that answers a query or mutation.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolver {
    /// The name of its field in the source: `delete_order`.
    pub name: String,
    /// The class in whose body it stands.
    pub owner: Option<QualifiedName>,
    /// The module in which it stands.
    pub module: ModuleId,
    /// The function.
    pub function: FunctionId,
    /// Its name.
    pub place: Option<Span>,
    /// Whether it looks at who asks, or something around it asks for a login.
    pub asks: bool,
}

/// Decorators of resolvers that ask for a login, and for nothing more.
const LOGIN: &[&str] = &[
    "graphql_jwt.decorators.login_required",
    "graphene_django_plus.permissions.login_required",
    "strawberry_django_plus.permissions.IsAuthenticated",
    "strawberry_django.permissions.IsAuthenticated",
    "strawberry_django.auth.decorators.login_required",
];

/// Names that a permission class may mention that asks for a login only.
const OF_LOGIN: &[&str] =
    &["bool", "context", "get", "is_active", "is_anonymous", "is_authenticated", "request", "user"];

/// What the schema's queries and mutations are answered by. Those that something that is not followed stands before
/// are left out: it may look at the row.
pub(super) fn resolvers(cx: &Cx<'_>, library: Library, schema: &Schema) -> Vec<Resolver> {
    let mut found = Vec::new();
    if library == Library::Ariadne {
        return found;
    }
    for (name, at) in [("query", 0), ("mutation", 1)] {
        let Some(class) = schema.class(cx, name, at) else { continue };
        for owner in cx.hierarchy.order(&class).iter() {
            if let (QualifiedName::Project(module, _), Some((code, id))) =
                (owner, cx.program.class_code(owner))
                && let (Some(site), Some(class)) = (cx.site(*module), code.class(id))
            {
                for stmt in code.class_body(class) {
                    of_stmt(site, owner, library, stmt, &mut found);
                }
            }
        }
    }
    found
}

/// What a statement in the body of a schema's class says.
fn of_stmt(
    site: Site<'_>,
    owner: &QualifiedName,
    library: Library,
    stmt: Stmt,
    out: &mut Vec<Resolver>,
) {
    let code = site.code;
    let mut add = |name: &str, def: Option<Def<'_>>, owner: Option<QualifiedName>| {
        if !out.iter().any(|known| known.name == *name) {
            out.extend(def.and_then(|def| of_function(def, name, owner)));
        }
    };
    match stmt {
        Stmt::Function(id) => {
            let Some(def) = site.def(id) else { return };
            let name = code.text(def.function.name);
            match (library, name.strip_prefix("resolve_")) {
                (Library::Graphene, Some(field)) => add(field, Some(def), Some(owner.clone())),
                (Library::Strawberry, _) if is_field(def) => {
                    add(name, Some(def), Some(owner.clone()));
                }
                _ => {}
            }
        }
        Stmt::Assign { targets, value: Some(value), .. } => {
            let names = code.exprs(targets).iter().filter_map(|target| code.name(*target));
            for name in names {
                match of_value(site, value) {
                    Some(By::Class(class)) => {
                        let method = method(site.cx, &class);
                        let (def, owner) =
                            method.map_or((None, None), |(def, owner)| (Some(def), Some(owner)));
                        add(name, def, owner);
                    }
                    Some(By::Function(function)) => add(name, site.cx.def(&function), None),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// What a field of a schema's class is answered by.
enum By {
    /// A mutation of graphene: `DeleteOrder.Field()`.
    Class(QualifiedName),
    /// A function: `strawberry.field(resolver=orders)`.
    Function(QualifiedName),
}

fn of_value(site: Site<'_>, value: ExprId) -> Option<By> {
    let code = site.code;
    let (callee, arguments) = code.call(value)?;
    if let Expr::Attribute(class, name) = code.expr(callee)
        && code.text(name) == "Field"
    {
        return Some(By::Class(site.resolve(class)));
    }
    let resolver = code.keyword(arguments, "resolver")?;
    let plain = site.dotted(callee).starts_with("strawberry") && asks(site, arguments).is_some();
    plain.then(|| By::Function(site.resolve(resolver)))
}

/// The method of a mutation's class that does it.
fn method<'a>(cx: &'a Cx<'a>, class: &QualifiedName) -> Option<(Def<'a>, QualifiedName)> {
    let found = ["mutate_and_get_payload", "mutate"].iter().find_map(|name| {
        let found = cx.hierarchy.attribute(class, name)?;
        match found.value {
            AttributeValue::Method(module, _, id) => Some((module, id, found.owner)),
            _ => None,
        }
    });
    let (module, id, owner) = found?;
    Some((cx.site(module)?.def(id)?, owner))
}

/// Whether a decorator makes a field of a function.
fn is_field(def: Def<'_>) -> bool {
    let code = def.site.code;
    code.exprs(def.function.decorators).iter().any(|decorator| {
        let callee = code.call(*decorator).map_or(*decorator, |(callee, _)| callee);
        let name = def.site.dotted(callee);
        name.starts_with("strawberry") && matches!(last(&name), "field" | "mutation")
    })
}

fn of_function(def: Def<'_>, name: &str, owner: Option<QualifiedName>) -> Option<Resolver> {
    let code = def.site.code;
    let mut login = false;
    for decorator in code.exprs(def.function.decorators) {
        let (callee, arguments) = code.call(*decorator).unwrap_or((*decorator, &[]));
        let dotted = def.site.dotted(callee);
        if LOGIN.contains(&&*dotted) {
            login = true;
        } else if matches!(last(&dotted), "classmethod" | "staticmethod" | "mutation" | "field") {
            login |= asks(def.site, arguments)?;
        } else {
            return None;
        }
    }
    Some(Resolver {
        name: name.to_owned(),
        owner,
        module: def.site.module,
        function: def.id,
        place: def.site.span_of(def.function.name_range),
        asks: login || asks_who(def),
    })
}

/// Whether the options of a field ask for a login; nothing where they may ask for more.
fn asks(site: Site<'_>, arguments: &[Argument]) -> Option<bool> {
    let code = site.code;
    if arguments.iter().any(|argument| argument.spread) {
        return None;
    }
    let mut login = false;
    for name in ["permission_classes", "extensions", "permissions", "directives"] {
        let Some(given) = code.keyword(arguments, name) else { continue };
        for class in code.elements(given)? {
            let class = code.call(*class).map_or(*class, |(callee, _)| callee);
            if !asks_for_login(site, class) {
                return None;
            }
            login = true;
        }
    }
    Some(login)
}

/// Whether a permission class asks whether somebody is logged in, and nothing else.
fn asks_for_login(site: Site<'_>, class: ExprId) -> bool {
    let name = site.resolve(class);
    if LOGIN.contains(&&*site.dotted(class)) {
        return true;
    }
    let Some(AttributeValue::Method(_, code, id)) =
        site.cx.hierarchy.attribute(&name, "has_permission").map(|found| found.value)
    else {
        return false;
    };
    let Some(function) = code.function(id) else { return false };
    let (mut logged, mut plain) = (false, true);
    code.each_expr(function.body, &mut |_, expr| match expr {
        Expr::Attribute(_, name) => {
            logged |= matches!(code.text(name), "is_authenticated" | "is_anonymous");
            plain &= OF_LOGIN.contains(&code.text(name));
        }
        Expr::Name(name) => {
            let name = code.text(name);
            plain &= matches!(name, "info" | "self") || OF_LOGIN.contains(&name);
        }
        _ => {}
    });
    logged && plain
}
