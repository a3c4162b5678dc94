//! Views that are neither functions nor class-based views of the project.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::value::{Data, Value};

use super::build::{Builder, Draft};
use super::classes::{ClassView, class_place};
use super::decorators::Reader;
use super::follow::asks_next;
use super::frame::{Frame, Goal};
use super::shared_key::shares_key;
use super::site::{Cx, Def, last};
use super::{
    Body, Csrf, GuardSource, Guarding, Level, Methods, PublicReason, Purpose, ViewKind, known,
    sockets,
};
use crate::hierarchy::AttributeValue;
use crate::routes::{Route, Wrapper};

/// Views that answer GraphQL.
pub(super) const GRAPHQL: &[&str] = &[
    "graphene_django.views.GraphQLView",
    "strawberry.django.views.GraphQLView",
    "strawberry.django.views.AsyncGraphQLView",
    "strawberry.django.views.BaseView",
    "ariadne_django.views.GraphQLView",
    "ariadne_django.views.graphql.GraphQLView",
    "ariadne_django.views.GraphQLAsyncView",
    "ariadne_django.views.async_graphql.GraphQLAsyncView",
    "ariadne.contrib.django.views.GraphQLView",
];

/// Views of DRF that describe an API and are made by a function. Who may see them is an argument, else
/// what the settings say.
pub(super) const SCHEMAS: &[&str] =
    &["rest_framework.schemas.views.SchemaView", "drf_yasg.views.SchemaView"];

/// Whether a class is one of [`SCHEMAS`].
pub(super) fn is_schema(class: &QualifiedName) -> bool {
    SCHEMAS.iter().any(|name| class.is_external(name))
}

/// Pages of Django's admin that an admin site wraps itself.
const ADMIN_PAGES: &[&str] = &[
    "index",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete_view",
    "autocomplete",
    "i18n_javascript",
    "jsi18n",
    "app_index",
    "app_list",
    "catch_all_view",
    "view_on_site",
    "shortcut",
    "changelist_view",
    "add_view",
    "history_view",
    "delete_view",
    "change_view",
    "user_change_password",
    "RedirectView",
];

/// A view of which nothing is known.
pub(super) fn unknown(why: &str) -> Draft {
    let mut draft = Draft::new(ViewKind::Unknown(Arc::from(why)), String::new());
    draft.view.methods = Methods::Unknown;
    draft.guard("", Level::Unknown(why.to_owned()), GuardSource::Package);
    draft
}

/// A function of a package.
pub(super) fn package(name: &str) -> Draft {
    let mut draft = Draft::new(ViewKind::Package, name.to_owned());
    let Some((level, purpose)) = known::view(name) else {
        draft.view.methods = Methods::Unknown;
        // It may be one that middleware lets pass, as all views of DRF are.
        draft.login_not_required = true;
        let why = format!("the view {name} is not in the tree");
        draft.guard(name, Level::Unknown(why), GuardSource::Package);
        return draft;
    };
    if !level.is_public() {
        draft.guard(name, level, GuardSource::Package);
    }
    draft.view.public_because =
        purpose.map(|purpose| PublicReason { purpose, words: format!("is {name}"), place: None });
    draft
}

/// A page of an admin site.
pub(super) fn admin(
    builder: &Builder<'_>,
    site: &QualifiedName,
    admin: Option<&QualifiedName>,
    page: &str,
    route: &Route,
) -> Draft {
    let cx = builder.cx;
    let owner = admin.unwrap_or(site);
    let mut draft = Draft::new(ViewKind::Admin, format!("{}.{page}", cx.dotted(owner)));
    let view = ClassView::new(cx, owner);
    draft.view.place = class_place(cx, owner);
    let found = view.method(page);
    if let Some((owner, def)) = &found {
        draft.view.bodies.push(Body {
            module: def.site.module,
            function: def.id,
            owner: Some(owner.clone()),
            receiver: Some(view.class.clone()),
            methods: None,
            action: None,
        });
    }
    if page == "login" {
        draft.login_not_required = true;
        draft.view.public_because = Some(PublicReason {
            purpose: Purpose::Login,
            words: "is the login of an admin site".into(),
            place: None,
        });
        return draft;
    }
    let wrapped = route.wrappers.iter().any(|w| last(&cx.dotted(&w.name)) == "admin_view");
    if ADMIN_PAGES.contains(&page) || page.is_empty() {
        let level = site_level(builder, site);
        draft.guard(&format!("{}.admin_view", cx.dotted(site)), level, GuardSource::AdminSite);
    } else if !wrapped {
        if let Some((_, def)) = found {
            own_page(&view, def, &mut draft);
        } else {
            let why = format!("whether {page} is wrapped by the admin site");
            draft.guard("", Level::Unknown(why), GuardSource::AdminSite);
        }
    }
    draft
}

/// A page that `get_urls` adds without the site's wrapper.
fn own_page<'a>(view: &ClassView<'a>, def: Def<'a>, draft: &mut Draft) {
    let mut reader = Reader::new(def.site, GuardSource::Decorator);
    for decorator in def.site.code.exprs(def.function.decorators) {
        reader.read(*decorator);
    }
    draft.marks = reader.marks;
    let frame = Frame::new(def, Goal::Response).with_request(1).of(Some(&view.class));
    let level = frame.reach();
    if !level.is_public() && level != Level::Nobody {
        let what = draft.view.dotted.clone();
        draft.guard(&what, level, GuardSource::Body);
    }
}

/// Whom an admin site lets in.
fn site_level(builder: &Builder<'_>, site: &QualifiedName) -> Level {
    let view = ClassView::new(builder.cx, site);
    let Some((_, def)) = view.method("has_permission") else { return Level::Staff };
    let mut frame = Frame::new(def, Goal::True).with_request(1).of(Some(site));
    frame.above = Some(Level::Staff);
    frame.reach()
}

/// An object that is called.
pub(super) fn instance(builder: &Builder<'_>, class: &QualifiedName) -> Draft {
    let cx = builder.cx;
    let mut draft = Draft::new(ViewKind::Instance, cx.dotted(class));
    draft.view.place = class_place(cx, class);
    let view = ClassView::new(cx, class);
    let feed = cx.hierarchy.derives_from(class, &["django.contrib.syndication.views.Feed"]);
    match view.method("__call__") {
        Some((owner, def)) => {
            draft.view.bodies.push(Body {
                module: def.site.module,
                function: def.id,
                owner: Some(owner),
                receiver: Some(class.clone()),
                methods: None,
                action: None,
            });
            let frame = Frame::new(def, Goal::Response).with_request(1).of(Some(class));
            let level = frame.reach();
            if !level.is_public() && level != Level::Nobody {
                let what = draft.view.dotted.clone();
                draft.guard(&what, level, GuardSource::Body);
            }
        }
        None if feed == Some(true) => {
            draft.view.methods = Methods::Only(vec![Arc::from("GET")]);
            draft.view.bodies = ["get_object", "items"]
                .iter()
                .filter_map(|name| view.method(name))
                .map(|(owner, def)| Body {
                    module: def.site.module,
                    function: def.id,
                    owner: Some(owner),
                    receiver: Some(class.clone()),
                    methods: None,
                    action: None,
                })
                .collect();
            draft.view.public_because = Some(PublicReason {
                purpose: Purpose::Published,
                words: "is a feed".into(),
                place: draft.view.place,
            });
        }
        None => {
            draft.login_not_required = true;
            let what = draft.view.dotted.clone();
            let why = format!("the view {what} is not in the tree");
            draft.guard(&what, Level::Unknown(why), GuardSource::Package);
        }
    }
    draft
}

/// An operation of Ninja.
pub(super) fn operation(
    builder: &Builder<'_>,
    function: &QualifiedName,
    methods: &[Arc<str>],
    auth: Option<&Value>,
) -> Draft {
    let cx = builder.cx;
    let mut draft = Draft::new(ViewKind::Operation, cx.dotted(function));
    let mut methods = methods.to_vec();
    methods.sort();
    draft.view.methods = Methods::Only(methods);
    draft.login_not_required = false;
    draft.view.authentication.clear();
    let mut level: Option<Level> = None;
    let mut cookies = false;
    for one in auth.map(callables).unwrap_or_default() {
        let found = match &one {
            Some(name) => {
                draft.view.authentication.push(name.clone());
                cookies |= last(name).starts_with("django_auth") || last(name).contains("Session");
                match last(name) {
                    "django_auth_superuser" | "SessionAuthSuperUser" => Level::Superuser,
                    "django_auth_is_staff" | "SessionAuthIsStaff" => Level::Staff,
                    _ if shares_key(cx, name) => Level::Custom("compares a key of the site".into()),
                    _ => Level::Authenticated,
                }
            }
            None => Level::Public,
        };
        level = Some(match (level, found) {
            // Either a key of the site or a login of a user: any user will do.
            (Some(Level::Custom(_)), user) | (Some(user), Level::Custom(_)) => user,
            (Some(level), found) => level.or(found),
            (None, found) => found,
        });
    }
    if let Some(level) = level.filter(|level| !level.is_public()) {
        let what = draft.view.authentication.join(" or ");
        draft.guard(&what, level, GuardSource::NinjaAuth);
    }
    draft.csrf = Some(if cookies {
        Csrf::EnforcedForSessions
    } else {
        Csrf::NotNeeded("no session logs in".into())
    });
    if let Some(def) = cx.def(function) {
        draft.view.place = def.site.span_of(def.function.name_range);
        draft.view.bodies.push(Body {
            module: def.site.module,
            function: def.id,
            owner: None,
            receiver: None,
            methods: None,
            action: None,
        });
        let mut reader = Reader::new(def.site, GuardSource::Decorator);
        for decorator in def.site.code.exprs(def.function.decorators) {
            reader.read(*decorator);
        }
        // `@router.get(…)` is what registers it.
        reader.marks.guards.retain(|guard| !guard.level.is_unknown());
        draft.marks.guards.append(&mut reader.marks.guards);
        super::build::body_checks(def, &mut draft);
    }
    draft
}

/// What `auth=` names: `None` for no authentication.
fn callables(value: &Value) -> Vec<Option<String>> {
    let mut out = Vec::new();
    for alt in &value.alts {
        match &alt.data {
            Data::None | Data::Absent => out.push(None),
            Data::Object(object) => out.push(Some(object.name.to_string())),
            Data::Str(text) => out.push(Some(text.to_string())),
            data => match data.as_seq() {
                Some(seq) => out.extend(seq.items.iter().flat_map(|item| callables(&item.value))),
                None => out.push(Some("a value that is not known".into())),
            },
        }
    }
    out
}

/// What is known of the views of GraphQL's packages: ariadne's are exempt from CSRF checks.
pub(super) fn graphql(view: &ClassView<'_>, draft: &mut Draft) {
    let exempt = view
        .order
        .iter()
        .any(|base| matches!(base, QualifiedName::External(name) if name.starts_with("ariadne")));
    if exempt && draft.marks.csrf.is_none() {
        draft.marks.csrf = Some((true, None));
    }
}

/// Middleware of the project around a consumer that may send visitors away: a check, ungraded.
pub(super) fn socket_wrapper(cx: &Cx<'_>, wrapper: &Wrapper) -> Option<Guarding> {
    let own = matches!(wrapper.name, QualifiedName::Project(..));
    (own && sockets::may_refuse(cx, &wrapper.name)).then(|| {
        let what = cx.dotted(&wrapper.name);
        Guarding {
            level: Level::Custom(last(&what).to_owned()),
            what,
            source: GuardSource::Channels,
            place: Some(wrapper.place),
            methods: None,
            without_effect: None,
        }
    })
}

/// A consumer of Channels.
pub(super) fn consumer(view: &ClassView<'_>, dotted: String) -> Draft {
    let mut draft = Draft::new(ViewKind::Consumer, dotted);
    draft.view.place = view.place();
    draft.login_not_required = true;
    draft.csrf = Some(Csrf::NotNeeded("it is no request of HTTP".into()));
    for name in ["connect", "websocket_connect"] {
        for found in view.cx.hierarchy.attributes_all(&view.class, name) {
            let AttributeValue::Method(module, _, id) = found.value else { break };
            let Some(def) = view.cx.site(module).and_then(|site| site.def(id)) else { break };
            let frame = Frame::new(def, Goal::Super(name)).of(Some(&view.class));
            let level = frame.reach();
            if !level.is_public() && level != Level::Nobody {
                draft.marks.guards.push(Guarding {
                    what: format!("{}.{name}", view.cx.dotted(&found.owner)),
                    level,
                    source: GuardSource::Body,
                    place: def.site.span_of(def.function.name_range),
                    methods: None,
                    without_effect: None,
                });
            }
            if !asks_next(def, name) {
                break;
            }
        }
    }
    for name in ["connect", "receive", "receive_json", "websocket_receive"] {
        let Some((owner, def)) = view.method(name) else { continue };
        draft.view.bodies.push(Body {
            module: def.site.module,
            function: def.id,
            owner: Some(owner),
            receiver: Some(view.class.clone()),
            methods: None,
            action: None,
        });
    }
    draft
}
