//! What the settings say for all views: middleware, and DRF's defaults.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::value::Data;

use super::frame::{Frame, Goal};
use super::site::{Cx, last};
use super::{Csrf, Framing, GuardSource, Guarding, Level};
use crate::hierarchy::AttributeValue;
use crate::middleware;

/// What holds for all views unless they say otherwise.
pub(super) struct Policy {
    /// Whether a middleware checks CSRF tokens.
    pub(super) csrf: Csrf,
    /// What the middleware says about frames.
    pub(super) framing: Framing,
    /// Django's `LoginRequiredMiddleware` or one derived from it.
    pub(super) login_required: Option<Guarding>,
    /// Middleware of the project that checks the user.
    pub(super) checks: Vec<Guarding>,
    /// Whether a middleware brings sessions.
    pub(super) sessions: bool,
}

impl Policy {
    pub(super) fn new(cx: &Cx<'_>) -> Self {
        let mut policy = Self {
            csrf: Csrf::Off,
            framing: Framing::Open,
            login_required: None,
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

    fn middleware(&mut self, cx: &Cx<'_>, path: &str, place: Option<Span>) {
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
        } else if let Some((level, place)) = own(cx, &class) {
            self.checks.push(Guarding {
                what: path.to_owned(),
                level,
                source: GuardSource::Middleware,
                place,
                methods: None,
                without_effect: None,
            });
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

/// Whom a middleware of the project lets through to the views.
fn own(cx: &Cx<'_>, class: &QualifiedName) -> Option<(Level, Option<Span>)> {
    if cx.program.class_code(class).is_none() {
        return function(cx, class);
    }
    for (hook, goal, request) in [
        ("process_request", Goal::NotRefused, 1),
        ("process_view", Goal::NotRefused, 1),
        ("__call__", Goal::Calls("self.get_response"), 1),
    ] {
        let Some(found) = cx.hierarchy.attribute(class, hook) else { continue };
        let AttributeValue::Method(module, _, id) = found.value else { continue };
        let Some(def) = cx.site(module).and_then(|site| site.def(id)) else { continue };
        let frame = Frame::new(def, goal).with_request(request).of(Some(class));
        if let Some(found) = checked(&frame) {
            return Some(found);
        }
    }
    None
}

/// A middleware that is a function.
fn function(cx: &Cx<'_>, name: &QualifiedName) -> Option<(Level, Option<Span>)> {
    let def = cx.def(name)?;
    let wrapped = def.function.parameters.first().map(|p| def.site.code.text(p.name))?;
    super::decorators::nested(def)
        .into_iter()
        .skip(1)
        .find_map(|inner| checked(&Frame::new(inner, Goal::Calls(wrapped)).with_request(0)))
}

fn checked(frame: &Frame<'_>) -> Option<(Level, Option<Span>)> {
    let mut exempts = false;
    let code = frame.code();
    code.each_expr(frame.def.function.body, &mut |id, _| {
        exempts = exempts || frame.is_about_path(id);
    });
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
