//! Views of DRF: which permission, authentication and throttle classes count, and whom they let in.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, FunctionId};
use djsec_python::value::{Data, Value};

use super::classes::ClassView;
use super::decorators::Marks;
use super::frame::{Frame, Goal};
use super::others::is_schema;
use super::permissions::{Asked, Lists, Permission, list, of_known, of_value};
use super::site::{Cx, Site};
use super::{Csrf, GuardSource, Guarding, Level, NoEffect, Throttle};
use crate::hierarchy::{AttributeValue, KnownValue};

const PERMISSIONS: &str = "DEFAULT_PERMISSION_CLASSES";
const AUTHENTICATION: &str = "DEFAULT_AUTHENTICATION_CLASSES";
const THROTTLES: &str = "DEFAULT_THROTTLE_CLASSES";

/// Several lists it may be, and where they come from.
pub(super) type Found = (Vec<Vec<Permission>>, GuardSource);

/// What DRF does where the settings say nothing.
fn default_of(setting: &str) -> Vec<Permission> {
    let names: &[&str] = match setting {
        PERMISSIONS | "SERVE_PERMISSIONS" => &["rest_framework.permissions.AllowAny"],
        AUTHENTICATION => &[
            "rest_framework.authentication.SessionAuthentication",
            "rest_framework.authentication.BasicAuthentication",
        ],
        _ => &[],
    };
    let class = |name: &&str| Permission::Class(QualifiedName::External((*name).into()), None);
    names.iter().map(class).collect()
}

/// What the settings say: `REST_FRAMEWORK.DEFAULT_PERMISSION_CLASSES`.
fn of_setting(cx: &Cx<'_>, setting: &str, key: &str) -> Vec<Vec<Permission>> {
    let mut out: Vec<Vec<Permission>> = Vec::new();
    for part in cx.settings.get(setting).entry(key).alternatives() {
        if part.when.is_never() {
            continue;
        }
        match part.data {
            Data::Absent => out.push(default_of(key)),
            data => out.extend(of_value(cx, &Value::known(data, part.span))),
        }
    }
    if out.is_empty() { vec![default_of(key)] } else { out }
}

/// What `@action(permission_classes=…)` says, as written.
fn of_action(view: &ClassView<'_>, name: &str, action: &str) -> Option<Vec<Permission>> {
    let (_, def) = view.method(action)?;
    let code = def.site.code;
    code.exprs(def.function.decorators).iter().find_map(|decorator| {
        let (callee, arguments) = code.call(*decorator)?;
        let is = def.site.dotted(callee) == "rest_framework.decorators.action";
        let value = code.keyword(arguments, name).filter(|_| is)?;
        Some(list(def.site, value, 0))
    })
}

/// The classes under an attribute of a view class, from `as_view`, the class or the settings.
fn attribute(
    view: &ClassView<'_>,
    name: &str,
    setting: &str,
    arguments: &[(Arc<str>, Value)],
) -> Found {
    let cx = view.cx;
    if let Some((_, value)) = arguments.iter().find(|(argument, _)| **argument == *name) {
        return (of_value(cx, value), GuardSource::DrfClass);
    }
    if is_schema(&view.class) {
        return (of_setting(cx, "REST_FRAMEWORK", setting), GuardSource::DrfDefault);
    }
    let found = cx.hierarchy.attribute(&view.class, name);
    match found.map(|found| found.value) {
        Some(AttributeValue::Assigned(module, _, value)) => match cx.site(module) {
            Some(site) => match settings_value(cx, site, value) {
                Some(lists) => (lists, GuardSource::DrfDefault),
                None => (vec![list(site, value, 0)], GuardSource::DrfClass),
            },
            None => (Vec::new(), GuardSource::DrfClass),
        },
        Some(AttributeValue::Known(KnownValue::Setting(path))) => {
            let (setting, key) = path.split_once('.').unwrap_or(("REST_FRAMEWORK", path));
            (of_setting(cx, setting, key), GuardSource::DrfDefault)
        }
        Some(AttributeValue::Known(value)) => (vec![of_known(value)], GuardSource::Package),
        None => (of_setting(cx, "REST_FRAMEWORK", setting), GuardSource::DrfDefault),
        Some(_) => {
            let why = format!("{name}, which a base that is not in the tree may set");
            (vec![vec![Permission::Unknown(why, None)]], GuardSource::DrfClass)
        }
    }
}

/// `permission_classes = api_settings.DEFAULT_PERMISSION_CLASSES`
fn settings_value(cx: &Cx<'_>, site: Site<'_>, value: ExprId) -> Option<Vec<Vec<Permission>>> {
    let dotted = site.code.dotted(value)?;
    let key = dotted.rsplit('.').next()?;
    let known = matches!(key, PERMISSIONS | AUTHENTICATION | THROTTLES);
    known.then(|| of_setting(cx, "REST_FRAMEWORK", key))
}

/// Whom the permission classes of a view let in, for one method and action.
pub(super) fn permissions(
    view: &ClassView<'_>,
    arguments: &[(Arc<str>, Value)],
    asked: Asked<'_>,
) -> Vec<Guarding> {
    let (lists, source) = class_lists(view, arguments, asked);
    guards(view.cx, &lists, source, asked)
}

/// The permission classes of a view, for one method and action: one list, or several it may be.
pub(super) fn class_lists(
    view: &ClassView<'_>,
    arguments: &[(Arc<str>, Value)],
    asked: Asked<'_>,
) -> Found {
    let of_action = asked.action.and_then(|action| of_action(view, "permission_classes", action));
    let (base, source) = match of_action {
        Some(list) => (vec![list], GuardSource::DrfClass),
        None => attribute(view, "permission_classes", PERMISSIONS, arguments),
    };
    match view.method("get_permissions") {
        Some((_, def)) => {
            let mut frame = Frame::new(def, Goal::Response).of(Some(&view.class));
            (frame.method, frame.action) = (Some(asked.method), asked.action);
            frame.named = asked.named;
            (Lists::returned(&frame, base), GuardSource::DrfClass)
        }
        None => (base, source),
    }
}

/// The checks that lists of permission classes make: those of the one list, or what the weakest of
/// several asks.
fn guards(
    cx: &Cx<'_>,
    lists: &[Vec<Permission>],
    source: GuardSource,
    asked: Asked<'_>,
) -> Vec<Guarding> {
    let guard = |what: String, level: Level, place: Option<Span>| Guarding {
        what,
        level,
        source,
        place,
        methods: (asked.method != "*").then(|| vec![Arc::from(asked.method)]),
        without_effect: None,
    };
    // Behind a login, what else one class of several asks would not be seen.
    let hidden = |permission: &Permission| {
        let more = permission.parts().find(|p| matches!(p.level(cx, asked), Level::Custom(_)))?;
        permission.level(cx, asked).needs_user().then(|| more.level(cx, asked))
    };
    match lists {
        [one] => one
            .iter()
            .flat_map(|permission| {
                let whole = permission.level(cx, asked);
                let (words, place) = (permission.words(cx), permission.place());
                let more = hidden(permission).map(|more| guard(words.clone(), more, place));
                std::iter::once(guard(words, whole, place)).chain(more)
            })
            .collect(),
        several => {
            let more: Option<Vec<Level>> =
                several.iter().map(|list| list.iter().find_map(hidden)).collect();
            let more = more.and_then(|levels| levels.into_iter().reduce(Level::or));
            let level = several
                .iter()
                .map(|list| list.iter().fold(Level::Public, |l, p| l.and(p.level(cx, asked))))
                .reduce(Level::or);
            let level =
                level.unwrap_or_else(|| Level::Unknown("what get_permissions gives".into()));
            let place = several.iter().flatten().find_map(Permission::place);
            let words = several.iter().flatten().map(|p| p.words(cx)).collect::<Vec<_>>();
            let words = words.join(" or ");
            let more = more.map(|more| guard(words.clone(), more, place));
            std::iter::once(guard(words, level, place)).chain(more).collect()
        }
    }
}

/// Whom the decorators of an `@api_view` let in, for one method.
pub(super) fn function_permissions(
    cx: &Cx<'_>,
    site: Site<'_>,
    marks: &Marks,
    method: &str,
    named: &[Arc<str>],
) -> Vec<Guarding> {
    let asked = Asked { method, action: None, object: false, named };
    let (lists, source) = function_lists(cx, site, marks);
    guards(cx, &lists, source, asked)
}

/// The permission classes of an `@api_view`.
pub(super) fn function_lists(cx: &Cx<'_>, site: Site<'_>, marks: &Marks) -> Found {
    match given(marks, "permission_classes") {
        Some(value) => (vec![list(site, value, 0)], GuardSource::DrfClass),
        None => (of_setting(cx, "REST_FRAMEWORK", PERMISSIONS), GuardSource::DrfDefault),
    }
}

fn given(marks: &Marks, name: &str) -> Option<ExprId> {
    marks.drf.iter().find(|(decorator, _)| decorator == name).map(|(_, value)| *value)
}

/// How a view recognises users, whether sessions among it need a CSRF token, and its throttles.
pub(super) struct Api {
    pub(super) authentication: Vec<String>,
    pub(super) csrf: Csrf,
    pub(super) throttles: Vec<Throttle>,
}

/// For a class.
pub(super) fn api_of_class(view: &ClassView<'_>, arguments: &[(Arc<str>, Value)]) -> Api {
    let cx = view.cx;
    let (auth, _) = attribute(view, "authentication_classes", AUTHENTICATION, arguments);
    let (throttles, _) = attribute(view, "throttle_classes", THROTTLES, arguments);
    let scope = view.assigned("throttle_scope").and_then(|(site, value)| site.code.string(value));
    let mut api = api(cx, &auth, &throttles, scope);
    if view.method("get_authenticators").is_some() {
        api.csrf = Csrf::Unknown("get_authenticators is the project's own".into());
    }
    api
}

/// For a function under `@api_view`.
pub(super) fn api_of_function(cx: &Cx<'_>, site: Site<'_>, marks: &Marks) -> Api {
    let lists = |name: &str, setting: &str| match given(marks, name) {
        Some(value) => vec![list(site, value, 0)],
        None => of_setting(cx, "REST_FRAMEWORK", setting),
    };
    let auth = lists("authentication_classes", AUTHENTICATION);
    api(cx, &auth, &lists("throttle_classes", THROTTLES), None)
}

/// The method of a class that logs sessions in by which it checks their tokens in its own way, if at all.
fn own_check<'a>(cx: &Cx<'a>, class: &QualifiedName) -> Option<AttributeValue<'a>> {
    let found = cx.hierarchy.attribute(class, "enforce_csrf")?.value;
    match found {
        AttributeValue::Method(_, code, function) => {
            (!checks_csrf(code, function)).then_some(found)
        }
        _ => None,
    }
}

/// Where that stands; where it is no code of the project, where the view names the class.
fn own_check_place(cx: &Cx<'_>, permission: &Permission) -> Option<Span> {
    let Permission::Class(class, _) = permission else { return None };
    let AttributeValue::Method(module, code, id) = own_check(cx, class)? else { return None };
    let own = cx.program.module(module).filter(|_| !cx.program.is_installed(module));
    let method = own.and_then(|own| Some(Span::new(own.file, code.function(id)?.name_range)));
    method.or_else(|| permission.place())
}

/// Whether a method of one's own checks tokens after all: it asks the one that it overrides, or Django's middleware.
fn checks_csrf(code: &Code, function: FunctionId) -> bool {
    let mut checks = false;
    if let Some(function) = code.function(function) {
        code.each_expr(function.body, &mut |_, expr| {
            if let Expr::Attribute(_, name) = expr {
                checks |= matches!(code.text(name), "enforce_csrf" | "process_view");
            }
        });
    }
    checks
}

fn api(
    cx: &Cx<'_>,
    auth: &[Vec<Permission>],
    throttles: &[Vec<Permission>],
    scope: Option<&str>,
) -> Api {
    let names = |lists: &[Vec<Permission>]| {
        let mut names: Vec<String> = lists.iter().flatten().map(|p| p.words(cx)).collect();
        names.dedup();
        names
    };
    let session = |permission: &Permission| match permission {
        Permission::Class(class, _) => {
            let is = cx
                .hierarchy
                .derives_from(class, &["rest_framework.authentication.SessionAuthentication"]);
            is.map(|is| (is, own_check(cx, class).is_some()))
        }
        _ => None,
    };
    let all: Vec<_> = auth.iter().flatten().map(session).collect();
    let csrf = if all.contains(&Some((true, true))) {
        let mut classes = auth.iter().flatten().zip(&all);
        let found = classes.find(|(_, session)| **session == Some((true, true)));
        let place = found.and_then(|(permission, _)| own_check_place(cx, permission));
        Csrf::Exempt("an own enforce_csrf".into(), place)
    } else if all.contains(&Some((true, false))) {
        Csrf::EnforcedForSessions
    } else if all.contains(&None) {
        Csrf::Unknown("how users are recognised".into())
    } else {
        Csrf::NotNeeded("no session logs in".into())
    };
    let throttle = |permission: &Permission| Throttle {
        what: permission.words(cx),
        rate: scope.map(str::to_owned),
        place: permission.place(),
    };
    let throttles = throttles.iter().flatten().map(throttle).collect();
    Api { authentication: names(auth), csrf, throttles }
}

/// Attributes that look like DRF's and are not read.
const NOT_READ: &[(&str, &str)] = &[
    ("permission_class", "permission_classes"),
    ("permissions_classes", "permission_classes"),
    ("permission_clases", "permission_classes"),
    ("permissions", "permission_classes"),
];

/// Checks that a view means to have under a name that is not read.
pub(super) fn not_read(view: &ClassView<'_>) -> Vec<Guarding> {
    let found = NOT_READ.iter().filter_map(|(name, _)| {
        let (site, value) = view.assigned(name)?;
        Some(Guarding {
            what: format!("{name} = {}", site.words(value)),
            level: Level::Custom((*name).to_owned()),
            source: GuardSource::DrfClass,
            place: site.span(value),
            methods: None,
            without_effect: Some(NoEffect::NameNotRead),
        })
    });
    found.collect()
}
