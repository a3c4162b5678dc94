//! Addresses that name a row and the row it hangs on, and views that look at the first alone.

use std::sync::Arc;

use djsec_django::models::Model;
use djsec_django::views::objects::{KeyOrigin, ObjectAccess, Objects};

use crate::{Cx, Endpoint};

/// A parameter of the address that names what a row hangs on, and that nothing compares with it.
pub(super) struct IgnoredParent {
    /// The parameter.
    pub(super) parameter: String,
    /// The relation of the row's model that it names.
    pub(super) relation: Arc<str>,
    /// Whether the view checks the parent, and so means to check the row.
    pub(super) checked: bool,
}

/// The parent that the address names and the look-up of a row leaves out.
pub(super) fn ignored(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    objects: &Objects,
    access: &ObjectAccess,
) -> Option<IgnoredParent> {
    let used: Vec<&str> = access.keys.iter().filter_map(|key| parameter(&key.origin)).collect();
    let parameters = endpoint.routes.first()?.parameters();
    if used.is_empty() || used.contains(&"") || parameters.len() < 2 {
        return None;
    }
    let model = cx.models().get(&access.model)?;
    let position = |name: &str| parameters.iter().position(|one| one.name == name);
    let last = used.iter().filter_map(|name| position(name)).max()?;
    if is_tied(cx, access, used.len()) {
        return None;
    }
    parameters.iter().enumerate().find_map(|(at, found)| {
        // What stands before its parent in the address is no child of it.
        let named = at < last && !used.contains(&&*found.name);
        let relation = relation(cx, model, &found.name).filter(|_| named)?;
        if is_looked_for_in(objects, &used, &found.name) {
            return None;
        }
        let by_it = |other: &ObjectAccess| {
            other.model != access.model
                && other.keys.iter().any(|key| parameter(&key.origin) == Some(&*found.name))
        };
        let checked = objects.accesses.iter().any(|other| by_it(other) && other.is_protected());
        Some(IgnoredParent { parameter: found.name.clone(), relation, checked })
    })
}

/// Whether the look-up has another parameter of the address that leads over a relation: the row is tied
/// to something in the address, and the rest of it is for people.
fn is_tied(cx: &Cx<'_>, access: &ObjectAccess, used: usize) -> bool {
    used > 1
        && access.keys.iter().any(|key| {
            let first = key.lookup.split("__").next().unwrap_or_default();
            let field = cx.models().field(&access.model, first);
            parameter(&key.origin).is_some() && field.is_some_and(|field| field.relation.is_some())
        })
}

/// Whether the view looks for what the same parameters name within the parent: by both of them.
fn is_looked_for_in(objects: &Objects, used: &[&str], parent: &str) -> bool {
    objects.accesses.iter().any(|other| {
        let has = |name: &str| other.keys.iter().any(|key| parameter(&key.origin) == Some(name));
        has(parent) && used.iter().any(|name| has(name))
    })
}

fn parameter(origin: &KeyOrigin) -> Option<&str> {
    match origin {
        KeyOrigin::UrlParameter(name) => Some(name),
        _ => None,
    }
}

/// The relation of a model that a parameter names: by the field (`order_pk`), or by the model that it
/// leads to.
fn relation(cx: &Cx<'_>, model: &Model, parameter: &str) -> Option<Arc<str>> {
    let stem = parameter.strip_prefix("parent_lookup_").unwrap_or(parameter);
    let ends = ["_pk", "_id", "_slug", "_name", "_uuid"];
    let stem = ends.iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let plain = stem.replace('_', "").to_lowercase();
    let names = |field: &&djsec_django::models::Field| {
        let Some(relation) = &field.relation else { return false };
        let to = cx.models().get(&relation.to).map(|to| to.name.to_lowercase());
        *field.name == *stem || to.is_some_and(|to| to == plain)
    };
    model.fields.iter().find(names).map(|field| Arc::clone(&field.name))
}
