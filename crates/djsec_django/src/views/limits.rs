//! What limits attempts at a login for the whole site: django-axes and django-defender, where the settings
//! wire them; and limits that a view asks for in its own body.

#[cfg(test)]
mod tests;

use djsec_base::Span;
use djsec_python::value::Data;

use super::follow::{calls_of, functions};
use super::policy::by_path;
use super::site::{Cx, last};
use super::{Purpose, Throttle, View, ViewKind};
use crate::settings::{Cond, SettingRef};

const AXES_BACKENDS: &[&str] = &[
    "axes.backends.AxesStandaloneBackend",
    "axes.backends.AxesBackend",
    "axes.backends.AxesModelBackend",
];
const AXES_MIDDLEWARE: &str = "axes.middleware.AxesMiddleware";
const DEFENDER_MIDDLEWARE: &str = "defender.middleware.FailedLoginMiddleware";
/// The view whose `dispatch` django-defender's middleware replaces; the admin's login is one.
const LOGIN_VIEW: &str = "django.contrib.auth.views.LoginView";
pub(super) const AUTHENTICATE: &str = "django.contrib.auth.authenticate";

/// Functions that count a request and say whether it is one too many.
pub(super) const COUNTERS: &[&str] = &[
    "django_ratelimit.core.is_ratelimited",
    "django_ratelimit.core.get_usage",
    "ratelimit.core.is_ratelimited",
    "ratelimit.core.get_usage",
    "ratelimit.utils.is_ratelimited",
];

/// What the settings do about attempts at logins.
pub(super) struct LoginLimits {
    /// For everything that calls `authenticate()`.
    axes: Option<Throttle>,
    /// For Django's login view, and what is derived from it.
    defender: Option<Throttle>,
}

impl LoginLimits {
    pub(super) fn new(cx: &Cx<'_>) -> Self {
        Self { axes: axes(cx), defender: defender(cx) }
    }

    /// Adds the limits of a view that somebody may try passwords at.
    pub(super) fn add(&self, cx: &Cx<'_>, view: &mut View) {
        counted(cx, view);
        if !view.methods.may("POST") {
            return;
        }
        let by_class = || is_login_page(view) || derived(view);
        let asks = || by_class() || asks_password(cx, view);
        let axes = self.axes.as_ref().filter(|_| asks());
        let defender = self.defender.as_ref().filter(|_| by_class());
        let found: Vec<Throttle> = axes.into_iter().chain(defender).cloned().collect();
        for throttle in found {
            let package = |what: &str| what.split('.').next().map(str::to_owned);
            let same = |known: &Throttle| package(&known.what) == package(&throttle.what);
            if !view.throttles.iter().any(same) {
                view.throttles.push(throttle);
            }
        }
    }
}

/// django-axes counts in its backend and answers in its middleware: it takes both.
fn axes(cx: &Cx<'_>) -> Option<Throttle> {
    let get = |name: &str| cx.settings.get(name);
    let backends = get("AUTHENTICATION_BACKENDS");
    let backend = backends.any(|data| is_one_of(cx, data, AXES_BACKENDS));
    let middleware = get("MIDDLEWARE").any(|data| is_one_of(cx, data, &[AXES_MIDDLEWARE]));
    let apps = get("INSTALLED_APPS").any(|data| is_app(data, "axes"));
    let off = |name: &str| {
        let setting = get(name);
        !setting.is_absent() & setting.falsy()
    };
    let off = off("AXES_ENABLED") | off("AXES_LOCK_OUT_AT_FAILURE");
    if !holds(cx, apps & backend & middleware & !off) {
        return None;
    }
    let place = place(&backends, |data| is_one_of(cx, data, AXES_BACKENDS) == Some(true));
    let rate = failures(&get("AXES_FAILURE_LIMIT"), 3);
    let rate = rate.map(|rate| format!("{rate} (django-axes)"));
    Some(Throttle { what: "axes.backends.AxesStandaloneBackend".into(), rate, place })
}

fn defender(cx: &Cx<'_>) -> Option<Throttle> {
    let middleware = cx.settings.get("MIDDLEWARE");
    let there = middleware.any(|data| is_one_of(cx, data, &[DEFENDER_MIDDLEWARE]));
    let apps = cx.settings.get("INSTALLED_APPS").any(|data| is_app(data, "defender"));
    if !holds(cx, there & apps) {
        return None;
    }
    let place =
        place(&middleware, |data| is_one_of(cx, data, &[DEFENDER_MIDDLEWARE]) == Some(true));
    let rate = failures(&cx.settings.get("DEFENDER_LOGIN_FAILURE_LIMIT"), 3);
    let rate = rate.map(|rate| format!("{rate} (django-defender)"));
    Some(Throttle { what: DEFENDER_MIDDLEWARE.into(), rate, place })
}

fn place(list: &SettingRef<'_>, is: impl Fn(&Data) -> bool) -> Option<Span> {
    list.elements().into_iter().find(|part| is(&part.data)).and_then(|part| part.span)
}

/// Whether an element of a list of classes is one of these, or derived from one.
fn is_one_of(cx: &Cx<'_>, data: &Data, classes: &[&str]) -> Option<bool> {
    match data {
        Data::Str(path) if classes.contains(&&**path) => Some(true),
        Data::Str(path) => cx.hierarchy.derives_from(&by_path(cx, path), classes),
        Data::Sym(_) => None,
        _ => Some(false),
    }
}

/// Whether an entry of `INSTALLED_APPS` is an app: by its module, or by its configuration in there.
fn is_app(data: &Data, app: &str) -> Option<bool> {
    match data {
        Data::Str(path) => Some(path.split('.').next() == Some(app)),
        Data::Sym(_) => None,
        _ => Some(false),
    }
}

/// Whether something holds in production, where nobody sets it otherwise from outside.
pub(super) fn holds(cx: &Cx<'_>, when: Cond<'_>) -> bool {
    let sure = when.surely();
    sure.is_always()
        || cx.settings.with_worlds(|worlds| {
            let off = worlds.not(sure.yes);
            let (on, off) = (worlds.with_nothing_set(sure.yes), worlds.with_nothing_set(off));
            !worlds.impossible(on) && worlds.impossible(off)
        })
}

/// How many failures a setting allows; absent where that is not known.
fn failures(setting: &SettingRef<'_>, default: i64) -> Option<String> {
    let number = match setting.value().single().map(|alt| &alt.data) {
        Some(Data::Int(number)) => *number,
        _ if setting.is_absent().is_always() => default,
        _ => return None,
    };
    Some(if number == 1 { "1 failure".to_owned() } else { format!("{number} failures") })
}

fn is_login_page(view: &View) -> bool {
    view.kind == ViewKind::Admin && last(&view.dotted) == "login"
}

fn derived(view: &View) -> bool {
    let says = |reason: &super::PublicReason| {
        reason.purpose == Purpose::Login && reason.words.ends_with(LOGIN_VIEW)
    };
    view.public_because.as_ref().is_some_and(says)
}

/// Whether a view hands a password to the backends, itself or by what it is made of.
fn asks_password(cx: &Cx<'_>, view: &View) -> bool {
    let by_package = view.public_because.as_ref().is_some_and(|reason| {
        let name = last(&reason.words);
        match reason.purpose {
            Purpose::Login => name.ends_with("LoginView") || name == "AuthenticationForm",
            Purpose::Token => name.to_ascii_lowercase().contains("obtain"),
            _ => false,
        }
    });
    by_package
        || functions(cx, view).into_iter().any(|def| !calls_of(def, &[AUTHENTICATE]).is_empty())
}

/// Limits that the functions of a view ask for: `is_ratelimited(request, rate="5/m", …)`.
fn counted(cx: &Cx<'_>, view: &mut View) {
    for def in functions(cx, view) {
        let code = def.site.code;
        for (call, what) in calls_of(def, COUNTERS) {
            let Some((_, arguments)) = code.call(call) else { continue };
            let rate = code.keyword(arguments, "rate").and_then(|rate| code.string(rate));
            let (what, place) = (what.to_owned(), def.site.span(call));
            view.throttles.push(Throttle { what, rate: rate.map(str::to_owned), place });
        }
    }
}
