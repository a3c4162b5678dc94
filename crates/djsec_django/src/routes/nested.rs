//! Routers of drf-extensions: what `register` gives can register viewsets below the first one.

use std::sync::Arc;

use djsec_python::eval::{Args, At, Interp, Leaf, ObjId, Val};

use super::library::UrlLibrary;
use super::urls::{attr, instance};

/// Class of what `register` gives.
pub(super) const ITEM: &str = "rest_framework_extensions.routers.NestedRegistryItem";
/// Viewsets below each other.
const DEEPEST: usize = 20;

/// What `register` gives.
pub(super) fn item(
    it: &mut Interp<'_>,
    router: ObjId,
    args: &Args,
    parent: Option<ObjId>,
    at: At,
) -> Val {
    let span = Some(at.span);
    let parent = parent.map_or(Leaf::None, Leaf::Ref);
    let attrs = vec![
        ("router", Val::of(Leaf::Ref(router), span)),
        ("parent_prefix", args.at(0, "prefix").cloned().unwrap_or_default()),
        ("parent_viewset", args.at(1, "viewset").cloned().unwrap_or_default()),
        ("parent_item", Val::of(parent, span)),
    ];
    instance(it, ITEM, attrs, at)
}

/// The router, and the prefix of a viewset below an item.
pub(super) fn place(
    library: &UrlLibrary<'_>,
    it: &mut Interp<'_>,
    item: ObjId,
    args: &Args,
    at: At,
) -> Option<(ObjId, String)> {
    let own = args.at(0, "prefix").and_then(Val::as_str).unwrap_or_default();
    let lookups = args.at(3, "parents_query_lookups").cloned().unwrap_or_default();
    let lookups: Vec<Arc<str>> =
        it.iterate(&lookups, at).items.into_iter().filter_map(|(_, item)| item.as_str()).collect();
    let mut current = Some(Leaf::Ref(item));
    let mut router = None;
    let mut prefix = "/".to_owned();
    let mut left = lookups.iter().rev();
    for _ in 0..DEEPEST {
        let Some(leaf) = current else { break };
        if let Some(Leaf::Ref(id)) = attr(it, &leaf, "router").as_ref().and_then(Val::single) {
            router = Some(*id);
        }
        let parent = attr(it, &leaf, "parent_prefix").and_then(|val| val.as_str());
        let viewset = attr(it, &leaf, "parent_viewset");
        let class = viewset.as_ref().and_then(Val::single);
        let class = class.and_then(|leaf| library.class_name(it, leaf));
        let regex = class.and_then(|class| library.class_text(&class, "lookup_value_regex"));
        let regex = regex.unwrap_or_else(|| "[^/.]+".to_owned());
        let lookup = left.next().map(|lookup| lookup.replace('.', "__")).unwrap_or_default();
        let parent = parent.unwrap_or_default();
        prefix = format!("{parent}/(?P<parent_lookup_{lookup}>{regex})/{prefix}");
        current = match attr(it, &leaf, "parent_item").as_ref().and_then(Val::single) {
            Some(next @ Leaf::Ref(_)) => Some(next.clone()),
            _ => None,
        };
    }
    Some((router?, format!("{}/{own}", prefix.trim_matches('/'))))
}
