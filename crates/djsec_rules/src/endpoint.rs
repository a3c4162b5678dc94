//! What rules about access look at: a view with all the routes that lead to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::Location;
use djsec_django::project::Project;
use djsec_django::routes::{Origin, Route};
use djsec_django::views::objects::{ObjectAccess, Objects, World, objects};
use djsec_django::views::{Level, Methods, View};
use rayon::prelude::*;

use crate::Cx;

/// A view with the routes that lead to it. The same view under several addresses is one endpoint, so
/// that one cause gives one finding.
#[derive(Debug, Clone)]
pub struct Endpoint<'a> {
    /// What answers.
    pub view: &'a View,
    /// The routes that lead there in production, in the order in which Django tries them; never empty.
    pub routes: Vec<&'a Route>,
}

impl Endpoint<'_> {
    /// The first route's address for people: `/orders/<int:pk>/`, and how many there are besides.
    pub fn address(&self) -> String {
        let first = self.routes.first().map(|route| route.address()).unwrap_or_default();
        match self.routes.len() {
            0 | 1 => format!("`{first}`"),
            more => format!("`{first}` and {} more", more - 1),
        }
    }

    /// The name of its function or class; where a package has it, the route.
    pub fn place(&self) -> Location {
        let route = self.routes.first().map(|route| route.place);
        self.view.place.or(route).map_or(Location::Project, Location::Span)
    }

    /// What stays the same when code moves: the view's dotted path, else its address.
    pub fn subject(&self) -> String {
        if self.view.dotted.is_empty() { self.address() } else { self.view.dotted.clone() }
    }

    /// Who may call it with a method (upper case).
    pub fn level(&self, method: &str) -> Option<&Level> {
        let of = |wanted: &str| self.view.access.iter().find(|(name, _)| &**name == wanted);
        of(method).or_else(|| of("*")).map(|(_, level)| level)
    }

    /// Who may come to where it touches objects: by the method that the handler is called after, else
    /// by the least of all.
    pub fn level_of(&self, access: &ObjectAccess) -> Option<&Level> {
        let method = access.handler.to_uppercase();
        let is_method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(&&*method);
        if is_method { self.level(&method) } else { self.weakest() }
    }

    /// The methods it answers that are meant to change something, upper case.
    pub fn writing_methods(&self) -> Vec<&'static str> {
        ["POST", "PUT", "PATCH", "DELETE"]
            .into_iter()
            .filter(|method| self.view.methods.may(method))
            .collect()
    }

    /// The weakest level over the methods it answers; absent where nothing is known.
    pub fn weakest(&self) -> Option<&Level> {
        match &self.view.methods {
            Methods::Only(methods) => methods.iter().filter_map(|method| self.level(method)).min(),
            Methods::Any | Methods::Unknown => {
                self.view.access.iter().map(|(_, level)| level).min()
            }
        }
    }

    /// Whether all of its routes were made by this.
    pub fn comes_from(&self, origin: Origin) -> bool {
        self.routes.iter().all(|route| route.origin == origin)
    }
}

/// An endpoint by the positions of its view and its routes; keeps [`Cx`] free of borrowed caches.
#[derive(Debug)]
pub(crate) struct Joined {
    view: usize,
    routes: Vec<usize>,
}

impl Joined {
    pub(crate) fn endpoint<'a>(&self, project: &'a Project) -> Option<Endpoint<'a>> {
        let routes =
            self.routes.iter().filter_map(|at| project.routes.routes.get(*at)).collect::<Vec<_>>();
        let view = project.views.all.get(self.view)?;
        Some(Endpoint { view, routes })
    }
}

/// The endpoints of a project: views that production routes to.
pub(crate) fn join(project: &Project) -> Vec<Joined> {
    let production = project.settings.production();
    let mut joined: Vec<Joined> = Vec::new();
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (at, (route, view)) in project.routes.routes.iter().zip(&project.views.all).enumerate() {
        let never = project.settings.with_worlds(|worlds| {
            let there = worlds.and(route.when, production);
            worlds.impossible(there)
        });
        if never {
            continue;
        }
        // Pages without a name of their own (lambdas, packages) stand for themselves.
        let key = (view.dotted.as_str(), format!("{:?} {:?}", view.methods, view.access));
        let same = known.get(&key).filter(|_| !view.dotted.is_empty()).copied();
        if let Some(endpoint) = same.and_then(|same| joined.get_mut(same)) {
            endpoint.routes.push(at);
        } else {
            known.insert(key, joined.len());
            joined.push(Joined { view: at, routes: vec![at] });
        }
    }
    joined
}

/// What the endpoints do with objects that anybody or any user may reach, at the same index as the
/// endpoints. The code of the others is not followed: no rule asks for it, and it is much.
pub(crate) fn open_objects(cx: &Cx<'_>) -> Vec<Objects> {
    let endpoints: Vec<Endpoint<'_>> = cx.endpoints().collect();
    let world = World { program: cx.program, hierarchy: &cx.classes, models: &cx.project.models };
    endpoints
        .par_iter()
        .map(|endpoint| {
            let open = endpoint.weakest().is_none_or(|level| !level.needs_more_than_login());
            match endpoint.routes.first() {
                Some(route) if open => objects(world, &route.target, Some(&names(route))),
                _ => Objects::default(),
            }
        })
        .collect()
}

fn names(route: &Route) -> Vec<Arc<str>> {
    route.parameters().into_iter().map(|parameter| parameter.name.into()).collect()
}
