//! What the settings say for all views: middleware, and DRF's defaults.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::value::Data;

use super::address::{Asking, Conditions};
use super::frame::{Frame, Goal};
use super::marked::{Mark, Viewed, of_target};
use super::sample::Address;
use super::site::{Cx, Def, last};
use super::{Csrf, Framing, GuardSource, Guarding, Level};
use crate::hierarchy::AttributeValue;
use crate::middleware;
use crate::routes::Route;

/// What holds for all views unless they say otherwise.
pub(super) struct Policy<'a> {
    /// Whether a middleware checks CSRF tokens.
    pub(super) csrf: Csrf,
    /// What the middleware says about frames.
    pub(super) framing: Framing,
    /// Django's `LoginRequiredMiddleware` or one derived from it.
    pub(super) login_required: Option<Guarding>,
    /// A middleware of the project that is called as Django's is.
    login_by_address: Option<Hook<'a>>,
    /// Middleware of the project that checks the user.
    checks: Vec<(Guarding, Option<Hook<'a>>)>,
    /// Whether a middleware brings sessions.
    pub(super) sessions: bool,
}

/// The function of a middleware that lets requests through to the views.
#[derive(Clone)]
struct Hook<'a> {
    def: Def<'a>,
    goal: Goal<'a>,
    request: usize,
    class: Option<QualifiedName>,
    conditions: Arc<Conditions>,
    /// The parameter that is the view, where it is handed one.
    view: Option<&'a str>,
}

/// What a middleware may look at of a route.
struct Asked {
    address: Arc<Address>,
    marks: Arc<[Mark]>,
}

impl<'a> Hook<'a> {
    fn frame(&self) -> Frame<'a> {
        let mut frame =
            Frame::new(self.def, self.goal).with_request(self.request).of(self.class.as_ref());
        frame.viewed = self.view.map(|name| Viewed { name, marks: Arc::default() });
        frame
    }

    /// Whom it lets through to a view at an address; nothing where it looks at an address that cannot be told.
    fn at(&self, asked: &Asked) -> Option<Level> {
        let mut frame = self.frame();
        let asks_address = frame.asks_address();
        if asks_address && asked.address.paths.is_empty() {
            return None;
        }
        let marks = Arc::clone(&asked.marks);
        frame.viewed = self.view.map(|name| Viewed { name, marks });
        if asks_address {
            let (address, conditions) = (Arc::clone(&asked.address), Arc::clone(&self.conditions));
            frame.address = Some(Asking { address, conditions });
        }
        let level = frame.reach();
        (!frame.undecided.get() && !level.is_unknown() && level != Level::Nobody).then_some(level)
    }
}

impl<'a> Policy<'a> {
    /// The checks of all middleware on the way to a route. `exempt` is what Django's own asks a view, and `put` what
    /// marks it.
    pub(super) fn guards(
        &self,
        cx: &Cx<'_>,
        route: &Route,
        exempt: bool,
        put: impl FnOnce() -> Vec<Mark>,
    ) -> Vec<Guarding> {
        let hooks = self.checks.iter().filter_map(|(_, hook)| hook.as_ref());
        let asks = self.login_by_address.iter().chain(hooks).next().is_some();
        let asked = asks.then(|| {
            let mut marks = put();
            marks.extend(of_target(cx, &route.target));
            Asked { address: Arc::new(Address::of(route)), marks: marks.into() }
        });
        let at = |hook: Option<&Hook<'a>>| hook?.at(asked.as_ref()?);
        let mut guards = Vec::new();
        let graded = |guard: &Guarding, level: Level| {
            (!level.is_public()).then(|| Guarding { level, ..guard.clone() })
        };
        if let Some(guard) = &self.login_required {
            match at(self.login_by_address.as_ref()) {
                // What it asks besides is less than its name says.
                Some(Level::Custom(_)) => guards.push(guard.clone()),
                Some(level) => guards.extend(graded(guard, level)),
                None if !exempt => guards.push(guard.clone()),
                None => {}
            }
        }
        for (guard, hook) in &self.checks {
            match at(hook.as_ref()) {
                Some(level) => guards.extend(graded(guard, level)),
                None if guard.level.is_public() => {}
                None => guards.push(guard.clone()),
            }
        }
        guards
    }

    pub(super) fn new(cx: &'a Cx<'a>) -> Self {
        let mut policy = Self {
            csrf: Csrf::Off,
            framing: Framing::Open,
            login_required: None,
            login_by_address: None,
            checks: Vec::new(),
            sessions: false,
        };
        let setting = cx.settings.get("MIDDLEWARE");
        for part in setting.elements() {
            if part.when.is_never() {
                continue;
            }
            match &part.data {
                Data::Str(path) => policy.middleware(cx, path, part.span),
                _ if policy.csrf == Csrf::Off => {
                    policy.csrf = Csrf::Unknown("a middleware that is not known".into());
                }
                _ => {}
            }
        }
        if setting.is_open() && policy.csrf == Csrf::Off {
            policy.csrf = Csrf::Unknown("there may be more middleware".into());
        }
        if policy.framing == Framing::Deny
            && !cx.settings.get("X_FRAME_OPTIONS").equals("SAMEORIGIN").is_never()
        {
            policy.framing = Framing::SameOrigin;
        }
        policy
    }

    fn middleware(&mut self, cx: &'a Cx<'a>, path: &str, place: Option<Span>) {
        let class = by_path(cx, path);
        let is = |name: &str| {
            cx.hierarchy.derives_from(&class, &[name]) == Some(true) || last(path) == last(name)
        };
        if is(middleware::CSRF) {
            self.csrf = Csrf::Enforced;
        } else if is(middleware::FRAME) {
            self.framing = Framing::Deny;
        } else if is(middleware::SESSION) {
            self.sessions = true;
        } else if is("django.contrib.auth.middleware.LoginRequiredMiddleware") {
            self.login_required = Some(Guarding {
                what: path.to_owned(),
                level: Level::Authenticated,
                source: GuardSource::Middleware,
                place,
                methods: None,
                without_effect: None,
            });
            self.login_by_address = own(cx, &class).and_then(|found| found.2);
        } else if let Some((level, place, hook)) = own(cx, &class) {
            let guard = Guarding {
                what: path.to_owned(),
                level,
                source: GuardSource::Middleware,
                place,
                methods: None,
                without_effect: None,
            };
            // Each alternative of the list names it.
            if !self.checks.iter().any(|(known, _)| known.what == guard.what) {
                self.checks.push((guard, hook));
            }
        }
    }
}

/// What a dotted path in the settings names.
pub(super) fn by_path(cx: &Cx<'_>, path: &str) -> QualifiedName {
    let found = path.rsplit_once('.').and_then(|(module, name)| {
        let near = cx.settings.file.and_then(|file| cx.program.module_of(file));
        let module = near.and_then(|near| cx.program.imported(near, module))?;
        Some(cx.program.resolve(module, name))
    });
    let name = found.filter(|name| *name != QualifiedName::Unknown);
    let name = name.unwrap_or_else(|| QualifiedName::External(path.into()));
    cx.hierarchy.canonical(&name)
}

/// Whom a middleware of the project lets through to the views, where it says so, and the function that
/// does, where it looks at the address.
type Checked<'a> = (Level, Option<Span>, Option<Hook<'a>>);

fn own<'a>(cx: &'a Cx<'a>, class: &QualifiedName) -> Option<Checked<'a>> {
    if cx.program.class_code(class).is_none() {
        return function(cx, class);
    }
    for (name, goal, request) in [
        ("process_request", Goal::NotRefused, 1),
        ("process_view", Goal::NotRefused, 1),
        ("__call__", Goal::Calls("self.get_response"), 1),
    ] {
        let Some(found) = cx.hierarchy.attribute(class, name) else { continue };
        let AttributeValue::Method(module, _, id) = found.value else { continue };
        let Some(def) = cx.site(module).and_then(|site| site.def(id)) else { continue };
        let (class, conditions) = (Some(class.clone()), Arc::default());
        let view = def.function.parameters.get(request + 1).filter(|_| name == "process_view");
        let view = view.map(|parameter| def.site.code.text(parameter.name));
        let hook = Hook { def, goal, request, class, conditions, view };
        if let Some((level, place)) = checked(&hook.frame()) {
            return Some((level, place, looks_closer(&hook)));
        }
        // It may check somebody at some addresses.
        if let Some(hook) = looks_closer(&hook).filter(|hook| hook.frame().asks_user()) {
            return Some((Level::Public, def.site.span_of(def.function.name_range), Some(hook)));
        }
    }
    None
}

/// A middleware that is a function.
fn function<'a>(cx: &'a Cx<'a>, name: &QualifiedName) -> Option<Checked<'a>> {
    let def = cx.def(name)?;
    let wrapped = def.function.parameters.first().map(|p| def.site.code.text(p.name))?;
    super::decorators::nested(def).into_iter().skip(1).find_map(|inner| {
        let (goal, conditions) = (Goal::Calls(wrapped), Arc::default());
        let hook = Hook { def: inner, goal, request: 0, class: None, conditions, view: None };
        let (level, place) = checked(&hook.frame())?;
        Some((level, place, looks_closer(&hook)))
    })
}

/// A hook that looks at the address, or at the view.
fn looks_closer<'a>(hook: &Hook<'a>) -> Option<Hook<'a>> {
    let frame = hook.frame();
    (frame.asks_address() || frame.asks_view()).then(|| hook.clone())
}

fn checked(frame: &Frame<'_>) -> Option<(Level, Option<Span>)> {
    let mut exempts = false;
    let code = frame.code();
    code.each_expr(frame.def.function.body, &mut |id, _| {
        exempts = exempts || frame.is_about_path(id);
    });
    exempts |= frame.asks_address();
    let place = frame.site().span_of(frame.def.function.name_range);
    match frame.reach() {
        Level::Custom(words) => Some((Level::Custom(words), place)),
        Level::Public | Level::Nobody | Level::Unknown(_) => {
            // It checks, by rules that are not followed: a table of addresses, say.
            let what = code.text(frame.def.function.name);
            frame.checks_user().then(|| (Level::Custom(format!("the rules of {what}")), place))
        }
        level if exempts => Some((Level::Custom(format!("{level}, on most addresses")), place)),
        level => Some((level, place)),
    }
}
