//! What rules about access look at: a view with all the routes that lead to it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{Location, Span};
use djsec_django::project::Project;
use djsec_django::routes::{Origin, Route, Target};
use djsec_django::structure::Structure;
use djsec_django::views::effects::{Deeds, Effect, EffectKind, Effects, Verbs, handled};
use djsec_django::views::objects::{self as follow, ObjectAccess, Objects};
use djsec_django::views::{GuardSource, Guarding, Level, Methods, Purpose, View, ViewKind};
use djsec_python::QualifiedName;

use crate::Cx;

/// A view with the routes that lead to it. The same view under several addresses is one endpoint, so
/// that one cause gives one finding.
#[derive(Debug, Clone)]
pub struct Endpoint<'a> {
    /// What answers.
    pub view: &'a View,
    /// The routes that lead there in production, in the order in which Django tries them; never empty.
    pub routes: Vec<&'a Route>,
    /// Its position among the endpoints of the project.
    pub(crate) at: usize,
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

    /// Who may come to where it touches objects: by the method that the handler is called after or
    /// that the action answers, else by the least of all.
    pub fn level_of(&self, access: &ObjectAccess) -> Option<&Level> {
        self.level_for(&access.handler)
    }

    /// Whether a check around the code that touches objects asks something of who calls that cannot be
    /// graded, so that nobody knows who gets through: behind a login it is not seen in [`Self::level_of`].
    pub fn is_asked_more(&self, access: &ObjectAccess) -> bool {
        self.is_asked_more_in(&access.handler)
    }

    /// As [`Self::is_asked_more`], by the name of a handler.
    pub fn is_asked_more_in(&self, handler: &str) -> bool {
        let target = self.target_of(handler);
        let verbs = target.map_or(Verbs::ALL, |target| handled(target, handler));
        // What runs for all methods runs for those that the view answers.
        let answered = verbs.and(self.verbs());
        let verbs = if answered.is_empty() { verbs } else { answered };
        let asks = |guard: &&Guarding| {
            // Of what stands in the body the access itself tells, and a middleware is about the whole site.
            let around = !matches!(guard.source, GuardSource::Middleware | GuardSource::Body);
            guard.without_effect.is_none() && around && matches!(guard.level, Level::Custom(_))
        };
        let asked: Vec<&Guarding> = self.view.guards.iter().filter(asks).collect();
        verbs
            .names()
            .all(|verb| asked.iter().any(|guard| guard.methods.is_none() || guard.covers(verb)))
    }

    /// As [`Self::level_of`], by the name of a handler.
    pub fn level_for(&self, handler: &str) -> Option<&Level> {
        let method = handler.to_uppercase();
        let first = self.routes.first().map(|route| &route.target);
        if matches!(first, Some(Target::Function(_))) {
            return self.weakest();
        }
        if ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(&&*method) {
            return self.level(&method);
        }
        let actions = self.routes.iter().filter_map(|route| match &route.target {
            Target::ViewSet { actions, .. } => Some(actions),
            _ => None,
        });
        let methods = actions.flatten().filter(|(_, action)| **action == *handler);
        let levels = methods.filter_map(|(method, _)| self.level(&method.to_uppercase()));
        levels.min().or_else(|| self.weakest())
    }

    /// What a route leads to that runs a handler: each action of a viewset has a route of its own. The first route's
    /// where none names it.
    pub(crate) fn target_of(&self, handler: &str) -> Option<&Target> {
        let runs = |route: &&&Route| runs(route, handler);
        self.routes.iter().find(runs).or(self.routes.first()).map(|route| &route.target)
    }

    /// The same, with only those of its routes that run one of these handlers; all where none does.
    pub(crate) fn narrowed_to(mut self, handlers: &[&str]) -> Self {
        let named = |route: &Route| handlers.iter().any(|handler| runs(route, handler));
        if self.routes.iter().any(|route| named(route)) {
            self.routes.retain(|route| named(route));
        }
        self
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

    /// Whether anybody or any user may reach some of it.
    pub fn is_open(&self) -> bool {
        self.weakest().is_none_or(|level| !level.needs_more_than_login())
    }

    /// Whether its code is the project's own, so that its maintainers can change it.
    pub fn is_own(&self) -> bool {
        let foreign =
            matches!(self.view.kind, ViewKind::Package | ViewKind::Admin | ViewKind::Unknown(_));
        self.view.place.is_some() && !foreign
    }

    /// Its class, where it is one.
    pub fn class(&self) -> Option<&QualifiedName> {
        match &self.routes.first()?.target {
            Target::Class { class, .. } | Target::ViewSet { class, .. } => Some(class),
            _ => None,
        }
    }

    /// Whether it is a view of DRF.
    pub fn is_rest(&self) -> bool {
        matches!(self.view.kind, ViewKind::ApiClass | ViewKind::ApiFunction | ViewKind::ViewSet)
    }

    /// The methods it answers.
    pub fn verbs(&self) -> Verbs {
        Verbs::of(Verbs::ALL.names().filter(|verb| self.view.methods.may(verb)))
    }

    /// The methods it answers to certain people only.
    pub fn verbs_where(&self, of: impl Fn(&Level) -> bool) -> Verbs {
        let names = self.verbs().names().filter(|verb| self.level(verb).is_some_and(&of));
        Verbs::of(names)
    }

    /// Whether only who knows a secret has its address: a parameter says by its name that it is one.
    pub fn has_secret_parameter(&self) -> bool {
        const WORDS: &[&str] =
            &["token", "secret", "key", "hash", "signature", "code", "uuid", "nonce", "signed"];
        let of = |route: &&Route| {
            route.parameters().iter().any(|parameter| {
                let is =
                    |word: &&str| parameter.name.contains(*word) || parameter.converter == **word;
                WORDS.iter().any(is)
            })
        };
        !self.routes.is_empty() && self.routes.iter().any(of)
    }

    /// Whether the handler that touches rows may run for a method (upper case).
    pub fn touches_on(&self, access: &ObjectAccess, method: &str) -> bool {
        let target = self.target_of(&access.handler);
        target.is_some_and(|target| handled(target, &access.handler).has(method))
    }

    /// What it is for, where its nature makes it public.
    pub fn purpose(&self) -> Option<Purpose> {
        self.view.public_because.as_ref().map(|reason| reason.purpose)
    }

    /// The module it stands in: `shop.views`; for a method of a class that of the class.
    pub fn module(&self) -> &str {
        let mut module = self.view.dotted.as_str();
        while let Some((rest, last)) = module.rsplit_once('.') {
            module = rest;
            let is_class = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase());
            if is_class(last) || !is_class(rest.rsplit('.').next().unwrap_or(rest)) {
                break;
            }
        }
        module
    }

    /// What it is called itself: `export` of `shop.views.export`; nothing where it has no name.
    pub fn name(&self) -> &str {
        self.view.dotted.rsplit('.').next().unwrap_or_default()
    }

    /// Its name and address in words: `` `export` (`/orders/export/`) ``.
    pub fn words(&self) -> String {
        let name = self.name();
        if name.is_empty() { self.address() } else { format!("`{name}` ({})", self.address()) }
    }

    /// Whether one of its routes has this name, with its namespaces: `shop:cart`.
    pub fn is_called(&self, name: &str) -> bool {
        self.routes.iter().any(|route| {
            let Some(own) = &route.name else { return false };
            let parts = route.namespaces.iter().chain([own]);
            parts.map(|part| &**part).eq(name.split(':'))
        })
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
    pub(crate) fn endpoint<'a>(&self, structure: &'a Structure, at: usize) -> Option<Endpoint<'a>> {
        let routes = self
            .routes
            .iter()
            .filter_map(|at| structure.routes.routes.get(*at))
            .collect::<Vec<_>>();
        let view = structure.views.all.get(self.view)?;
        Some(Endpoint { view, routes, at })
    }
}

/// The endpoints of a project: views that production routes to.
pub(crate) fn join(project: &Project, structure: &Structure) -> Vec<Joined> {
    let production = project.settings.production();
    let mut joined: Vec<Joined> = Vec::new();
    let mut known: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (at, (route, view)) in structure.routes.routes.iter().zip(&structure.views.all).enumerate()
    {
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

/// Whether a route leads to a viewset's action.
fn runs(route: &Route, handler: &str) -> bool {
    match &route.target {
        Target::ViewSet { actions, .. } => actions.iter().any(|(_, action)| **action == *handler),
        _ => false,
    }
}

/// One route for each thing that runs behind an endpoint: the routes of a viewset lead to different actions.
fn apart<'a>(endpoint: &Endpoint<'a>) -> Vec<&'a Route> {
    let mut found: Vec<&'a Route> = Vec::new();
    for route in &endpoint.routes {
        let known = |known: &&Route| match (&known.target, &route.target) {
            (Target::ViewSet { actions, .. }, Target::ViewSet { actions: other, .. }) => {
                actions == other
            }
            _ => true,
        };
        if !found.iter().any(known) {
            found.push(route);
        }
    }
    found
}

/// What the code behind an endpoint does with objects.
pub(crate) fn objects(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Objects {
    let each = apart(endpoint)
        .into_iter()
        .map(|route| follow::objects(cx.world(), &route.target, Some(&names(route))));
    together(each)
}

/// What several do with objects, each once.
fn together(mut each: impl Iterator<Item = Objects>) -> Objects {
    let mut all = each.next().unwrap_or_default();
    for mut more in each {
        let before = all.accesses.len();
        more.decisions.iter_mut().flat_map(|one| &mut one.opens).for_each(|at| *at += before);
        all.accesses.append(&mut more.accesses);
        all.logins.append(&mut more.logins);
        all.taken.append(&mut more.taken);
        all.forms.append(&mut more.forms);
        all.decisions.append(&mut more.decisions);
        let gaps = more.gaps.into_iter().filter(|gap| !all.gaps.contains(gap));
        all.gaps.extend(gaps.collect::<Vec<_>>());
    }
    all
}

/// What an endpoint leads to, with all actions of a viewset.
fn whole<'a>(endpoint: &Endpoint<'a>) -> Option<Cow<'a, Target>> {
    let routes = apart(endpoint);
    let (first, more) = routes.split_first()?;
    let mut whole = Cow::Borrowed(&first.target);
    for route in more {
        if let (Target::ViewSet { actions, .. }, Target::ViewSet { actions: other, .. }) =
            (whole.to_mut(), &route.target)
        {
            actions.extend(other.iter().cloned());
        }
    }
    Some(whole)
}

/// What of it runs for one method, where that is told apart.
pub(crate) fn objects_of_method(cx: &Cx<'_>, endpoint: &Endpoint<'_>, method: &str) -> Objects {
    let each = apart(endpoint).into_iter().map(|route| {
        follow::objects_of_method(cx.world(), &route.target, Some(&names(route)), method)
    });
    together(each)
}

/// What the code behind an endpoint does.
pub(crate) fn effects(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Effects {
    if endpoint.is_own() {
        effects_with(cx, endpoint, cx.objects(endpoint).clone())
    } else {
        Effects::default()
    }
}

/// What the code behind an endpoint does, apart from rows.
pub(crate) fn deeds(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Deeds {
    match whole(endpoint).filter(|_| endpoint.is_own()) {
        Some(target) => Deeds::of(cx.world(), endpoint.view, &target),
        None => Deeds::default(),
    }
}

/// What it does as far as these rows go.
pub(crate) fn effects_with(cx: &Cx<'_>, endpoint: &Endpoint<'_>, objects: Objects) -> Effects {
    match whole(endpoint).filter(|_| endpoint.is_own()) {
        Some(target) => Effects::of(cx.world(), endpoint.view, &target, objects),
        None => Effects::default(),
    }
}

/// What stands on its functions and classes.
pub(crate) fn decorations(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Vec<Effect> {
    match whole(endpoint) {
        Some(target) => Effects::decorations(cx.world(), endpoint.view, &target),
        None => Vec::new(),
    }
}

fn names(route: &Route) -> Vec<Arc<str>> {
    route.parameters().into_iter().map(|parameter| parameter.name.into()).collect()
}

/// Where something keeps the view's answers, if anything does.
pub(crate) fn cached_at(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> Option<Span> {
    let wrapper = endpoint.routes.iter().flat_map(|route| &route.wrappers).find(|wrapper| {
        cx.classes.canonical(&wrapper.name).is_external("django.views.decorators.cache.cache_page")
    });
    let decorator = || {
        let get = Verbs::one("GET");
        let all = cx.decorations(endpoint).into_iter();
        let mut caches = all.filter(|mark| mark.kind == EffectKind::Caches);
        caches.find(|mark| !mark.verbs.and(get).is_empty()).map(|mark| mark.place)
    };
    wrapper.map(|wrapper| wrapper.place).or_else(decorator)
}
