//! Which forms and serializers plain users send, and which fields the code decides itself.

use djsec_base::{Confidence, Severity, Span};
use djsec_django::hierarchy::AttributeValue;
use djsec_django::models::{Sensitive, Strength, Why};
use djsec_django::views::objects::{FormAct, FormUse};
use djsec_django::views::{Body, Level};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use super::fields::{self, Said};
use crate::own::Site;
use crate::{Cx, Endpoint};

/// A form that anybody, or any user, may send to a view.
#[derive(Clone)]
pub(super) struct Sent<'a, 'c> {
    pub(super) endpoint: Endpoint<'a>,
    pub(super) used: &'c FormUse,
}

/// The forms that anybody or any user may send.
pub(super) fn sent<'a, 'c>(cx: &'c Cx<'a>) -> Vec<Sent<'a, 'c>> {
    let mut all = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        for used in objects.forms.iter().filter(|used| !used.for_some) {
            let sent = Sent { endpoint: endpoint.clone(), used };
            if sent.is_open() {
                all.push(sent);
            }
        }
    }
    all
}

impl Sent<'_, '_> {
    fn is_open(&self) -> bool {
        matches!(self.level(), Some(Level::Public | Level::Authenticated))
    }

    /// Who may send it. A function answers by several methods; it is sent by one that writes.
    fn level(&self) -> Option<&Level> {
        let is_function = self.endpoint.class().is_none();
        if is_function {
            let writing = self.endpoint.writing_methods().into_iter();
            return writing.filter_map(|method| self.endpoint.level(method)).min();
        }
        self.endpoint.level_for(&self.used.handler)
    }

    /// Whether a generic view makes the form of the fields of its model.
    pub(super) fn is_of_view(&self) -> bool {
        self.used.model.as_ref() == Some(&self.used.class)
    }

    pub(super) fn who(&self) -> &'static str {
        if self.level().is_some_and(Level::is_public) { "anybody" } else { "any user" }
    }

    /// Whether the code of the view gives a field a value of its own, or looks at what came in it.
    pub(super) fn decides(&self, cx: &Cx<'_>, field: &str) -> bool {
        if self.used.given.iter().any(|given| **given == *field) {
            return true;
        }
        // What is done for new rows says nothing about changes, and the other way round.
        let other: &[&str] = match self.used.act {
            FormAct::Creates => &["perform_update", "update", "partial_update"],
            FormAct::Updates => &["perform_create", "create"],
            FormAct::Made => &[],
        };
        let names = |at: Site<'_>, function: &Function| {
            !other.contains(&at.code.text(function.name)) && mentions(at, function, field)
        };
        let of_class = self.endpoint.class().is_some_and(|class| any_method(cx, class, names));
        of_class
            || self.endpoint.view.bodies.iter().any(|Body { module, function, .. }| {
                let found = cx.site(*module);
                let found = found.and_then(|at| Some((at, at.code.function(*function)?)));
                found.is_some_and(|(at, function)| names(at, function))
            })
    }
}

/// Calls that only look for rows by a field.
const QUERIES: &[&str] = &[
    "Q",
    "aget",
    "exclude",
    "filter",
    "get",
    "get_list_or_404",
    "get_object_or_404",
    "only",
    "order_by",
    "prefetch_related",
    "select_related",
    "values",
    "values_list",
];

/// Whether a function names a field: as text, as an attribute that it sets, or as a keyword. Queries
/// do not count.
pub(super) fn mentions(at: Site<'_>, function: &Function, field: &str) -> bool {
    let code = at.code;
    let Some(wanted) = code.symbol(field) else { return false };
    let mut found = false;
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, .. } = stmt {
            found |= code.exprs(targets).iter().any(
                |target| matches!(code.expr(*target), Expr::Attribute(_, name) if name == wanted),
            );
        }
    });
    let mut in_queries = Vec::new();
    code.each_expr(function.body, &mut |id, expr| {
        found |= match expr {
            Expr::Str(text) => text == wanted && !in_queries.contains(&id),
            Expr::Call(..) => {
                let (_, arguments) = code.call(id).unwrap_or((id, &[]));
                let query = at.called(id).is_some_and(|name| {
                    QUERIES.contains(&name) && !(name == "get" && is_mapping(at, id))
                });
                if query {
                    in_queries.extend(arguments.iter().map(|argument| argument.value));
                }
                !query && arguments.iter().any(|argument| argument.keyword == Some(wanted))
            }
            _ => false,
        };
    });
    found
}

/// Whether `get` is given a key, as a mapping takes it: `data.get("owner")`.
fn is_mapping(at: Site<'_>, call: ExprId) -> bool {
    at.code.call(call).is_some_and(|(_, arguments)| {
        arguments.first().is_some_and(|first| at.code.string(first.value).is_some())
    })
}

/// Whether a form or serializer decides about a field of its model itself: it takes it away, disables
/// it, makes it read-only, or has a method that looks at it.
pub(super) fn form_decides(cx: &Cx<'_>, class: &QualifiedName, field: &str) -> bool {
    if let Some(declared) = cx.classes.attribute(class, field) {
        let AttributeValue::Assigned(_, code, value) = declared.value else { return true };
        let Some((callee, arguments)) = code.call(value) else { return true };
        let on = |name: &str| code.keyword(arguments, name).is_some();
        let last = code.dotted(callee).unwrap_or_default();
        let last = last.rsplit('.').next().unwrap_or_default();
        // Other serializers and fields that only show need no look at what comes in.
        let plain = last.ends_with("Field")
            && !["HiddenField", "ReadOnlyField", "StringRelatedField", "SerializerMethodField"]
                .contains(&last);
        if !plain || on("disabled") || on("read_only") || on("source") {
            return true;
        }
    }
    let own = [format!("clean_{field}"), format!("validate_{field}")];
    any_method(cx, class, |at, function| {
        own.iter().any(|name| *name == at.code.text(function.name)) || mentions(at, function, field)
    })
}

/// Whether something holds for a method of a class, or of a class of the project that it is derived
/// from.
pub(super) fn any_method<'a>(
    cx: &Cx<'a>,
    class: &QualifiedName,
    holds: impl Fn(Site<'a>, &'a Function) -> bool,
) -> bool {
    cx.classes.order(class).iter().any(|base| {
        let QualifiedName::Project(module, _) = base else { return false };
        let (Some((code, id)), Some(at)) = (cx.program.class_code(base), cx.site(*module)) else {
            return false;
        };
        let methods = code.methods(id);
        methods.into_iter().filter_map(|id| code.function(id)).any(|function| holds(at, function))
    })
}

/// What counts as the `Meta` of a class: its own, or an inherited one.
pub(super) fn meta(cx: &Cx<'_>, class: &QualifiedName) -> Option<QualifiedName> {
    let AttributeValue::Class(module, code, id) = cx.classes.attribute(class, "Meta")?.value else {
        return None;
    };
    Some(cx.program.resolve(module, &code.class(id)?.path))
}

/// What a form or serializer lists as its fields, and where.
pub(super) struct Listed<'a> {
    pub(super) at: Site<'a>,
    pub(super) said: Said<'a>,
    pub(super) place: Span,
}

/// What counts as the list of fields of a form or serializer: what `Meta` says; of a view that makes
/// its form itself, what the view says.
pub(super) fn listed<'a>(cx: &Cx<'a>, sent: &Sent<'a, '_>) -> Option<Listed<'a>> {
    let (at, value) = if sent.is_of_view() {
        cx.assigned(sent.endpoint.class()?, "fields")?
    } else {
        let meta = meta(cx, &sent.used.class)?;
        if let Some(found) = cx.assigned(&meta, "fields") {
            found
        } else {
            let (at, value) = cx.assigned(&meta, "exclude")?;
            let names: Vec<&str> = Cx::texts(at, value).into_iter().map(|(name, _)| name).collect();
            let whole = at.code.elements(value)?.len() == names.len();
            let said = if whole { Said::Except(names) } else { Said::Unknown };
            return Some(Listed { at, said, place: at.expr_span(value) });
        }
    };
    Some(Listed { at, said: fields::read(at, value), place: at.expr_span(value) })
}

/// The fields that are not for those who send a form to fill in, each with its place. Where the list
/// takes every field, that is another rule's finding for what it names.
pub(super) fn privileged(
    cx: &Cx<'_>,
    listed: &Listed<'_>,
    model: &QualifiedName,
    named_elsewhere: &[Why],
) -> Vec<(Sensitive, Span)> {
    let mut found = fields::sensitive(cx, model, &[], true);
    let is_user = cx.models().is_user(model);
    found.retain(|field| match field.why {
        Why::Secret => false,
        Why::Privilege => is_user || field.name.starts_with("is_"),
        Why::Owner => is_owner(cx, model, &field.name),
        Why::Worth | Why::State | Why::Price => true,
    });
    let place = |field: &Sensitive| match &listed.said {
        Said::These(all) => {
            let (_, place) = all.iter().find(|(name, _)| **name == *field.name)?;
            Some(listed.at.expr_span(*place))
        }
        Said::All => (!named_elsewhere.contains(&field.why)).then_some(listed.place),
        Said::Except(names) => {
            let left = !names.contains(&&*field.name) && !named_elsewhere.contains(&field.why);
            left.then_some(listed.place)
        }
        Said::Unknown => None,
    };
    found.into_iter().filter_map(|field| place(&field).map(|place| (field, place))).collect()
}

/// Whether a relation to a user says whose the row is, rather than whom it is about: who makes a
/// membership or an invitation chooses the other.
fn is_owner(cx: &Cx<'_>, model: &QualifiedName, field: &str) -> bool {
    const NAMES: &[&str] = &[
        "account", "author", "buyer", "client", "customer", "owner", "patient", "profile",
        "seller", "sender", "user",
    ];
    const BETWEEN: &[&str] = &[
        "access",
        "assign",
        "collab",
        "follow",
        "grant",
        "invit",
        "member",
        "participa",
        "permission",
        "role",
        "share",
        "staff",
    ];
    let Some(model) = cx.models().get(model) else { return false };
    let name = model.name.to_lowercase();
    let direct = model.owners.iter().any(|path| {
        path.strength == Strength::Owner && path.steps.iter().map(|step| &**step).eq([field])
    });
    direct && NAMES.contains(&field) && !BETWEEN.iter().any(|word| name.contains(word))
}

/// What a field says, in words.
pub(super) fn meaning(why: Why) -> &'static str {
    match why {
        Why::Privilege => "it says what somebody may do",
        Why::Owner => "it says whose the row is",
        Why::Worth => "it is worth money",
        Why::State => "it says what the site has found out or agreed to",
        Why::Price => "it says what is to be paid",
        Why::Secret => "it opens something",
    }
}

/// How grave it is that users fill in a field, and how sure. `scoped`: whether the project ties the
/// model to who asks elsewhere.
pub(super) fn rated(why: Why, scoped: bool) -> (Severity, Confidence) {
    match why {
        Why::Privilege => (Severity::High, Confidence::High),
        Why::Worth => (Severity::High, Confidence::Medium),
        Why::Owner if scoped => (Severity::Medium, Confidence::High),
        // Where nothing else depends on it, it may only be a note on the row.
        Why::Owner => (Severity::Medium, Confidence::Low),
        Why::State | Why::Price | Why::Secret => (Severity::Medium, Confidence::Medium),
    }
}
