//! Resolvers of GraphQL with what they do with rows.

use djsec_django::views::ViewKind;
use djsec_django::views::graphql::{Resolver, graphql};
use djsec_django::views::objects::{self as follow, Objects};
use rayon::prelude::*;

use crate::Cx;

/// A resolver that asks for no more than a login, and what it does.
#[derive(Debug)]
pub(crate) struct Answering {
    /// The position of its endpoint.
    pub(crate) at: usize,
    pub(crate) resolver: Resolver,
    pub(crate) objects: Objects,
}

/// The resolvers of all endpoints that anybody, or any user, may send queries to. Where code of the project stands
/// before all of them there are none: it may look at who asks.
pub(crate) fn answering(cx: &Cx<'_>) -> Vec<Answering> {
    let mut found: Vec<(usize, Resolver)> = Vec::new();
    for endpoint in cx.endpoints() {
        if endpoint.view.kind != ViewKind::GraphQl || !endpoint.is_open() {
            continue;
        }
        for route in &endpoint.routes {
            let facts = graphql(cx.lookup(), &route.target).filter(|facts| !facts.hooked);
            for resolver in facts.into_iter().flat_map(|facts| facts.resolvers) {
                // One schema may stand behind several endpoints.
                if !found.iter().any(|(_, known)| *known == resolver) {
                    found.push((endpoint.at, resolver));
                }
            }
        }
    }
    let world = cx.world();
    found
        .into_par_iter()
        .map(|(at, resolver)| {
            let objects = follow::objects_of_resolver(world, &resolver);
            Answering { at, resolver, objects }
        })
        .collect()
}
