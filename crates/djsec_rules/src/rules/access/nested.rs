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
    parameters.into_iter().find_map(|found| {
        let relation =
            relation(cx, model, &found.name).filter(|_| !used.contains(&&*found.name))?;
        let by_it = |other: &ObjectAccess| {
            other.model != access.model
                && other.keys.iter().any(|key| parameter(&key.origin) == Some(&*found.name))
        };
        let checked = objects.accesses.iter().any(|other| by_it(other) && other.is_protected());
        Some(IgnoredParent { parameter: found.name, relation, checked })
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
