//! One view for each route.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use djsec_python::value::{Data, Value};
use djsec_python::{Program, QualifiedName};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::classes::{ClassView, Handler, add, class_place};
use super::decorators::{Marks, Reader};
use super::frame::{Compared, Frame, Goal};
use super::limits::LoginLimits;
use super::permissions::Asked;
use super::policy::Policy;
use super::site::{Cx, Def, last};
use super::{
    Body, Csrf, GuardSource, Guarding, Level, Methods, View, ViewKind, Views, drf, known, others,
    purpose,
};
use crate::hierarchy::Hierarchy;
use crate::models::Models;
use crate::routes::{Origin, Route, Routes, Target};
use crate::settings::Settings;

/// Methods that a function may ask for.
const ASKED: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];
/// Handlers of a class, by name.
const HANDLERS: &[&str] = &["get", "post", "put", "patch", "delete"];
/// DRF's base of all class-based views.
const API_VIEW: &str = "rest_framework.views.APIView";
const CONSUMERS: &[&str] = &["channels.consumer.AsyncConsumer", "channels.consumer.SyncConsumer"];

impl Views {
    /// Tells for each route what answers it and who may reach it.
    pub fn build(
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        settings: &Settings,
        routes: &Routes,
        models: &Models,
    ) -> Self {
        let cx = Cx::new(program, hierarchy, settings, models);
        let policy = Policy::new(&cx);
        let limits = LoginLimits::new(&cx);
        let builder = Builder { cx: &cx, policy: &policy, limits: &limits, ways: Mutex::default() };
        Self {
            all: routes
                .routes
                .par_iter()
                .with_max_len(2)
                .map(|route| builder.view(route))
                .collect(),
        }
    }
}

/// What all routes are looked at with.
pub(super) struct Builder<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) policy: &'a Policy<'a>,
    limits: &'a LoginLimits,
    /// What stands in the way to each class: many routes lead to the same ones.
    ways: Mutex<FxHashMap<QualifiedName, Arc<Marks>>>,
}

/// A view while it is put together.
pub(super) struct Draft {
    pub(super) view: View,
    pub(super) marks: Marks,
    /// Whether Django's `LoginRequiredMiddleware` lets it pass.
    pub(super) login_not_required: bool,
    /// What DRF (or Ninja) does about CSRF, whatever the middleware says.
    pub(super) csrf: Option<Csrf>,
}

impl Draft {
    pub(super) fn new(kind: ViewKind, dotted: String) -> Self {
        let view = View {
            kind,
            place: None,
            dotted,
            methods: Methods::Any,
            bodies: Vec::new(),
            guards: Vec::new(),
            access: Vec::new(),
            authentication: vec!["session".into()],
            csrf: Csrf::Enforced,
            framing: super::Framing::Unknown,
            page_policy: super::PagePolicy::AsSite,
            throttles: Vec::new(),
            templates: Vec::new(),
            shown: None,
            public_because: None,
        };
        Self { view, marks: Marks::default(), login_not_required: false, csrf: None }
    }

    /// A check that stands outside of the code djsec sees.
    pub(super) fn guard(&mut self, what: &str, level: Level, source: GuardSource) {
        self.marks.guards.push(Guarding {
            what: what.to_owned(),
            level,
            source,
            place: None,
            methods: None,
            without_effect: None,
        });
    }
}

impl<'a> Builder<'a> {
    fn view(&self, route: &Route) -> View {
        let named = route.surely_named();
        let at = (route.origin, named.as_slice());
        let mut draft = match &route.target {
            Target::Function(name) => self.function(name, &named),
            Target::Class { class, arguments } => self.class(class, arguments, &[], at),
            Target::ViewSet { class, actions, arguments } => {
                self.class(class, arguments, actions, at)
            }
            Target::Admin { site, admin, page, .. } => {
                others::admin(self, site, admin.as_ref(), page, route)
            }
            Target::Instance { class, .. } => self.instance(class),
            Target::Operation { function, methods, auth } => {
                others::operation(self, function, methods, auth.as_ref())
            }
            Target::Unknown(why) => others::unknown(why),
        };
        let mut outer = Marks::default();
        for wrapper in &route.wrappers {
            if route.origin == Origin::WebSocket {
                outer.guards.extend(others::socket_wrapper(self.cx, wrapper));
                continue;
            }
            add(&mut outer, Reader::read_wrapper(self.cx, wrapper));
        }
        draft.login_not_required |= outer.login_not_required;
        self.finish(route, draft, outer)
    }

    /// Brings together what stands around the view, from the outside in.
    fn finish(&self, route: &Route, draft: Draft, outer: Marks) -> View {
        let Draft { mut view, marks: inner, login_not_required, csrf } = draft;
        let exempt = login_not_required || inner.login_not_required;
        let mut all = Marks::default();
        let put = || outer.put.iter().chain(&inner.put).cloned().collect();
        all.guards.extend(self.policy.guards(self.cx, route, exempt, put));
        add(&mut all, outer);
        add(&mut all, inner);
        view.guards.append(&mut all.guards);
        if let (Methods::Any, Some(only)) = (&view.methods, all.only) {
            view.methods = Methods::Only(only);
        }
        view.access = access(&view);
        let exempted = all.csrf;
        view.csrf = match (csrf, exempted) {
            (Some(csrf), _) => csrf,
            (None, Some((true, place))) => Csrf::Exempt("csrf_exempt".into(), place),
            (None, Some((false, _))) => Csrf::Enforced,
            (None, None) => self.policy.csrf.clone(),
        };
        view.framing = all.framing.unwrap_or_else(|| self.policy.framing.clone());
        view.page_policy = all.page_policy.unwrap_or(super::PagePolicy::AsSite);
        view.throttles.extend(all.throttles);
        if view.bodies.is_empty() && !self.policy.sessions {
            view.authentication.retain(|how| how != "session");
        }
        if view.access.iter().any(|(_, level)| !level.needs_user()) {
            view.public_because =
                view.public_because.take().or_else(|| purpose::of(self.cx, &view));
        }
        self.limits.add(self.cx, &mut view);
        view
    }

    /// A function as a view.
    fn function(&self, name: &QualifiedName, named: &[Arc<str>]) -> Draft {
        let dotted = self.cx.dotted(name);
        match self.cx.def(name) {
            Some(def) => self.own_function(def, dotted, named),
            None => match name {
                QualifiedName::External(_) => others::package(&dotted),
                // `view = SomeView.as_view()` or what a call gives.
                _ => others::unknown(&format!("what {dotted} is")),
            },
        }
    }

    /// An object that is called. What a package makes of one of its classes (`get_schema_view()`) is
    /// a view of that class.
    fn instance(&self, class: &QualifiedName) -> Draft {
        match self.cx.hierarchy.derives_from(class, &["django.views.generic.base.View"]) {
            Some(true) => self.class(class, &[], &[], (Origin::Package, &[])),
            _ => others::instance(self, class),
        }
    }

    fn own_function(&self, def: Def<'a>, dotted: String, named: &[Arc<str>]) -> Draft {
        let mut draft = Draft::new(ViewKind::Function, dotted);
        draft.view.place = def.site.span_of(def.function.name_range);
        draft.marks = function_marks(def);
        draft.view.bodies.push(Body {
            module: def.site.module,
            function: def.id,
            owner: None,
            receiver: None,
            methods: None,
            action: None,
        });
        if draft.marks.api_view {
            draft.view.kind = ViewKind::ApiFunction;
            draft.login_not_required = true;
            for method in draft.marks.only.clone().unwrap_or_default() {
                let mut found =
                    drf::function_permissions(self.cx, def.site, &draft.marks, &method, named);
                draft.marks.guards.append(&mut found);
            }
            let api = drf::api_of_function(self.cx, def.site, &draft.marks);
            (draft.view.authentication, draft.csrf) = (api.authentication, Some(api.csrf));
            draft.view.throttles = api.throttles;
        }
        body_checks(def, &mut draft);
        draft
    }

    /// A class as a view.
    fn class(
        &self,
        class: &QualifiedName,
        arguments: &[(Arc<str>, Value)],
        actions: &[(Arc<str>, Arc<str>)],
        (origin, named): (Origin, &[Arc<str>]),
    ) -> Draft {
        let view = ClassView::new(self.cx, class);
        let dotted = self.cx.dotted(class);
        let given = arguments.iter().find(|(name, _)| &**name == "actions");
        let given = given.map(|(_, value)| pairs(value)).unwrap_or_default();
        let actions = if actions.is_empty() { given.as_slice() } else { actions };
        let is = |names: &[&str]| self.cx.hierarchy.derives_from(class, names) == Some(true);
        if origin == Origin::WebSocket || is(CONSUMERS) {
            return others::consumer(&view, dotted);
        }
        let api = !actions.is_empty() || is(&[API_VIEW]) || others::is_schema(class);
        let kind = if is(others::GRAPHQL) {
            ViewKind::GraphQl
        } else if !actions.is_empty() {
            ViewKind::ViewSet
        } else if api {
            ViewKind::ApiClass
        } else if matches!(class, QualifiedName::External(_)) {
            ViewKind::Package
        } else {
            ViewKind::Class
        };
        let mut draft = Draft::new(kind, dotted);
        draft.view.place = class_place(self.cx, class);
        let handlers = handlers(&view, actions);
        draft.marks = self.way(&view);
        draft.view.bodies = view.bodies(&handlers);
        let mut methods: Vec<Arc<str>> = handlers.iter().map(|h| Arc::clone(&h.0)).collect();
        methods.sort();
        methods.dedup();
        let complete = self.cx.hierarchy.is_complete(class);
        draft.view.methods = match (methods.is_empty(), complete) {
            (true, _) if draft.view.kind == ViewKind::GraphQl => {
                Methods::Only(vec![Arc::from("GET"), Arc::from("POST")])
            }
            (true, _) if others::is_schema(class) => Methods::Only(vec![Arc::from("GET")]),
            (true, false) => Methods::Unknown,
            _ => Methods::Only(methods),
        };
        for (method, name, action) in &handlers {
            let action = action.as_deref();
            add(&mut draft.marks, view.handler(name, method, action));
            if api {
                let object = fetches_object(&view, name);
                let asked = Asked { method, action, object, named };
                draft.marks.guards.append(&mut drf::permissions(&view, arguments, asked));
            }
        }
        draft.marks.only = None;
        if api {
            if handlers.is_empty() {
                // What it answers is not known; that it asks first is.
                let asked = Asked { method: "*", action: None, object: false, named };
                draft.marks.guards.append(&mut drf::permissions(&view, arguments, asked));
            }
            let found = drf::api_of_class(&view, arguments);
            draft.marks.guards.append(&mut drf::not_read(&view));
            draft.login_not_required = true;
            (draft.view.authentication, draft.csrf) = (found.authentication, Some(found.csrf));
            draft.view.throttles = found.throttles;
        }
        self.by_package(&view, &mut draft, api);
        if draft.view.kind == ViewKind::GraphQl {
            others::graphql(&view, &mut draft);
        }
        merge_guards(&mut draft.marks.guards);
        draft
    }

    fn way(&self, view: &ClassView<'_>) -> Marks {
        let ways = || self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = ways().get(&view.class) {
            return Marks::clone(known);
        }
        let found = view.way();
        ways().insert(view.class.clone(), Arc::new(found.clone()));
        found
    }

    /// What is known of the package's view that a class is or is derived from.
    fn by_package(&self, view: &ClassView<'_>, draft: &mut Draft, api: bool) {
        for base in view.order.iter() {
            let QualifiedName::External(name) = base else { continue };
            let Some((level, purpose)) = known::view(name) else { continue };
            let exempt = purpose.is_some();
            draft.login_not_required |=
                exempt && !matches!(last(name), "TemplateView" | "RedirectView");
            if !api && !level.is_public() {
                draft.guard(name, level, GuardSource::Package);
            }
            draft.view.public_because = purpose.map(|purpose| super::PublicReason {
                purpose,
                words: if *base == view.class {
                    format!("is {name}")
                } else {
                    format!("is derived from {name}")
                },
                place: draft.view.place,
            });
            // A page with code of the project is no static page by its base alone.
            let own = draft.view.bodies.iter().any(|body| body.owner.is_some());
            if own && matches!(last(name), "TemplateView" | "RedirectView") {
                draft.view.public_because = None;
            }
            return;
        }
        if draft.view.kind == ViewKind::Package && !self.cx.hierarchy.is_complete(&view.class) {
            // It may be one that middleware lets pass, as all views of DRF are.
            draft.login_not_required = true;
            let what = draft.view.dotted.clone();
            draft.guard(
                &what,
                Level::Unknown(format!("the view {what} is not in the tree")),
                GuardSource::Package,
            );
        }
    }
}

/// What the decorators of a function say.
pub(super) fn function_marks(def: Def<'_>) -> Marks {
    let mut reader = Reader::new(def.site, GuardSource::Decorator);
    let mut api = false;
    for decorator in def.site.code.exprs(def.function.decorators) {
        reader.read(*decorator);
        if reader.marks.api_view && !api {
            api = true;
            // What stands above `@api_view` is not seen by it.
            reader.marks.drf.clear();
        }
    }
    reader.marks
}

/// What a function checks itself, by method where it asks for that.
pub(super) fn body_checks<'a>(def: Def<'a>, draft: &mut Draft) {
    let place = def.site.span_of(def.function.name_range);
    let what = draft.view.dotted.clone();
    let guard = |level: Level, methods: Option<Vec<Arc<str>>>| Guarding {
        what: what.clone(),
        level,
        source: GuardSource::Body,
        place,
        methods,
        without_effect: None,
    };
    let level = |method: Option<&'a str>, compared: Option<Rc<RefCell<Compared<'a>>>>| {
        let mut frame = Frame::new(def, Goal::Response).with_request(0);
        (frame.method, frame.compared) = (method, compared);
        match frame.reach() {
            Level::Nobody => Level::Unknown("a way through its own checks".into()),
            level => level,
        }
    };
    let base = level(None, None);
    if !base.is_public() {
        draft.marks.guards.push(guard(base.clone(), None));
    }
    if !asks_for_method(def) {
        return;
    }
    // Methods that give the same answers wherever they are compared come equally far.
    let mut known: Vec<(Compared<'_>, Level)> = Vec::new();
    for method in ASKED {
        let same =
            |compared: &Compared<'_>| compared.iter().all(|(q, answer)| q.ask(method) == *answer);
        let found = known.iter().find(|(compared, _)| same(compared));
        let own = if let Some((_, level)) = found {
            level.clone()
        } else {
            let compared = Rc::default();
            let own = level(Some(method), Some(Rc::clone(&compared)));
            known.push((compared.take(), own.clone()));
            own
        };
        if own > base {
            draft.marks.guards.push(guard(own, Some(vec![Arc::from(*method)])));
        }
    }
}

/// The texts of a dict: `{"get": "list"}`.
fn pairs(value: &Value) -> Vec<(Arc<str>, Arc<str>)> {
    let maps = value.alts.iter().filter_map(|alt| match &alt.data {
        Data::Dict(map) => Some(&map.entries),
        _ => None,
    });
    let texts = maps.flatten().filter_map(|(key, value)| match (key, &value.single()?.data) {
        (Data::Str(key), Data::Str(value)) => Some((Arc::clone(key), Arc::clone(value))),
        _ => None,
    });
    texts.collect()
}

/// Handlers of a class: method in upper case, name, and for viewsets the action.
fn handlers(view: &ClassView<'_>, actions: &[(Arc<str>, Arc<str>)]) -> Vec<Handler> {
    let limit = view.assigned("http_method_names").map(|(site, value)| site.strings(value));
    let allowed = |method: &str| {
        limit.as_ref().is_none_or(|all| {
            all.is_empty() || all.iter().any(|one| one.eq_ignore_ascii_case(method))
        })
    };
    let upper = |method: &str| Arc::from(method.to_ascii_uppercase());
    if actions.is_empty() {
        let has = HANDLERS.iter().filter(|name| allowed(name) && view.has_method(name));
        return has.map(|name| (upper(name), Arc::from(*name), None)).collect();
    }
    let routed = actions.iter().filter(|(method, _)| allowed(method));
    routed.map(|(method, name)| (upper(method), Arc::clone(name), Some(Arc::clone(name)))).collect()
}

/// Whether an action or handler fetches an object through DRF's `get_object`.
fn fetches_object(view: &ClassView<'_>, name: &str) -> bool {
    if matches!(name, "list" | "create") {
        return false;
    }
    match view.method(name) {
        Some((_, def)) => {
            let code = def.site.code;
            let mut fetches = false;
            code.each_expr(def.function.body, &mut |_, expr| {
                if let djsec_python::code::Expr::Attribute(_, name) = expr {
                    let name = code.text(name);
                    fetches |= matches!(name, "get_object" | "check_object_permissions");
                    fetches |= matches!(name, "retrieve" | "update" | "partial_update" | "destroy");
                }
            });
            fetches
        }
        None => {
            matches!(
                name,
                "retrieve"
                    | "update"
                    | "partial_update"
                    | "destroy"
                    | "get"
                    | "put"
                    | "patch"
                    | "delete"
            ) && view.has_method("get_object")
                && !view.has_method("list")
        }
    }
}

fn asks_for_method(def: Def<'_>) -> bool {
    let code = def.site.code;
    let mut asks = false;
    code.each_expr(def.function.body, &mut |_, expr| {
        if let djsec_python::code::Expr::Attribute(_, name) = expr {
            asks |= code.text(name) == "method";
        }
    });
    asks
}

/// One entry for checks that differ only in the methods they cover.
pub(super) fn merge_guards(guards: &mut Vec<Guarding>) {
    let mut merged: Vec<Guarding> = Vec::new();
    for guard in guards.drain(..) {
        let same = merged.iter_mut().find(|known| {
            known.what == guard.what
                && known.level == guard.level
                && known.source == guard.source
                && known.place == guard.place
                && known.without_effect == guard.without_effect
        });
        match same {
            Some(known) => match (&mut known.methods, guard.methods) {
                (Some(all), Some(more)) => {
                    all.extend(more);
                    all.sort();
                    all.dedup();
                }
                (all, _) => *all = None,
            },
            None => merged.push(guard),
        }
    }
    *guards = merged;
}

/// Who may reach a view, by method; one entry where all are the same.
fn access(view: &View) -> Vec<(Arc<str>, Level)> {
    let level = |method: &str| {
        let effective = view.guards.iter().filter(|guard| guard.covers(method));
        effective.fold(Level::Public, |level, guard| level.and(guard.level.clone()))
    };
    let mut methods: Vec<Arc<str>> = if let Methods::Only(all) = &view.methods {
        all.clone()
    } else {
        let named = view.guards.iter().filter_map(|guard| guard.methods.clone()).flatten();
        named.chain([Arc::from("*")]).collect()
    };
    methods.sort();
    methods.dedup();
    let all: Vec<(Arc<str>, Level)> =
        methods.into_iter().map(|method| (Arc::clone(&method), level(&method))).collect();
    match all.split_first() {
        Some(((_, first), rest)) if rest.iter().all(|(_, level)| level == first) => {
            vec![(Arc::from("*"), first.clone())]
        }
        Some(_) => all,
        None => vec![(Arc::from("*"), level("*"))],
    }
}
