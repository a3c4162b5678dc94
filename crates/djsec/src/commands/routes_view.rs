//! What djsec knows of routes and views, as the plain table that `djsec routes` prints.

use djsec_base::{Location, ProfileSummary, Span};
use djsec_django::models::Apps;
use djsec_django::project::Project;
use djsec_django::routes::{Origin, Route, Segment, SegmentKind, Target};
use djsec_django::structure::Structure;
use djsec_django::views::{
    self, GuardSource, Guarding, NoEffect, PublicReason, Purpose, View, ViewKind,
};
use djsec_python::value::Data;
use djsec_python::{Program, QualifiedName};
use djsec_report::routes::{
    AccessView, AppView, Csrf, GapView, GuardView, Hidden, Level, RouteTable, RouteView, Scoping,
    SegmentView,
};

/// The table of one project; `scopings` has one for each route.
pub(super) fn table<'a>(
    program: &Program,
    project: &Project,
    structure: &Structure,
    profile: &'a ProfileSummary,
    scopings: Vec<Scoping>,
) -> RouteTable<'a> {
    let apps = Apps::new(&project.settings, program, &project.root);
    let cx = Cx { program, project, apps };
    let routes = &structure.routes.routes;
    let gaps = structure.routes.gaps.iter().map(|gap| GapView {
        prefix: format!("/{}", gap.prefix),
        reason: gap.reason.clone(),
        place: Some(Location::Span(gap.place)),
    });
    RouteTable {
        project: project.root.to_string(),
        django: project.django.map(|version| version.to_string()),
        profile,
        urlconf: urlconf(project),
        routes: routes
            .iter()
            .zip(scopings)
            .enumerate()
            .map(|(at, (route, scoping))| RouteView {
                scoping,
                ..cx.row(route, structure.views.all.get(at))
            })
            .collect(),
        gaps: gaps.collect(),
        hidden: Hidden::default(),
    }
}

fn urlconf(project: &Project) -> Option<String> {
    let setting = project.settings.get("ROOT_URLCONF");
    match setting.value().single().map(|alt| &alt.data) {
        Some(Data::Str(name)) => Some(name.to_string()),
        _ => None,
    }
}

struct Cx<'a> {
    program: &'a Program,
    project: &'a Project,
    apps: Apps,
}

impl Cx<'_> {
    fn row(&self, route: &Route, view: Option<&View>) -> RouteView {
        let target = self.target(&route.target);
        let unknown = match (view.map(|view| &view.kind), &route.target) {
            (Some(ViewKind::Unknown(reason)), _) | (_, Target::Unknown(reason)) => {
                Some(reason.to_string())
            }
            _ => None,
        };
        let dotted = view.map(|view| view.dotted.clone()).filter(|dotted| !dotted.is_empty());
        let path = match (unknown, dotted.or(target)) {
            (Some(reason), _) => Err(reason),
            (None, Some(path)) => Ok(path),
            (None, None) => Err("its name leads nowhere that djsec sees".to_owned()),
        };
        let settings = &self.project.settings;
        let when = (!route.when.is_always()).then(|| {
            settings.with_worlds(|worlds| worlds.describe_spelled(route.when, settings.live()))
        });
        let app = path.as_ref().ok().and_then(|path| self.app(path));
        let row = RouteView {
            pattern: full_pattern(&route.segments),
            segments: route.segments.iter().map(segment).collect(),
            name: route.name.as_ref().map(ToString::to_string),
            namespaces: route.namespaces.iter().map(ToString::to_string).collect(),
            app,
            view: path,
            kind: Some(target_kind(&route.target)),
            view_place: self.place(&route.target).map(Location::Span),
            place: Some(Location::Span(route.place)),
            origin: origin(route.origin),
            methods: target_methods(&route.target),
            access: Vec::new(),
            guards: Vec::new(),
            public_because: None,
            csrf: Csrf::Unknown,
            csrf_detail: None,
            csrf_place: None,
            framing: None,
            throttle: None,
            scoping: Scoping::Unknown,
            templates: Vec::new(),
            when: when.filter(|words| words != "always"),
        };
        match view {
            Some(view) => with_view(row, view),
            None => row,
        }
    }

    /// The dotted path of what answers.
    fn target(&self, target: &Target) -> Option<String> {
        match target {
            Target::Function(name)
            | Target::Class { class: name, .. }
            | Target::ViewSet { class: name, .. }
            | Target::Instance { class: name, .. }
            | Target::Operation { function: name, .. } => self.dotted(name),
            Target::Admin { site, admin, page, .. } => {
                let owner = self.dotted(admin.as_ref().unwrap_or(site))?;
                Some(format!("{owner}.{page}"))
            }
            Target::Unknown(_) => None,
        }
    }

    fn dotted(&self, name: &QualifiedName) -> Option<String> {
        self.program.dotted(name)
    }

    /// The name of the function or class that answers, where it is in the tree.
    fn place(&self, target: &Target) -> Option<Span> {
        let (Target::Function(name)
        | Target::Class { class: name, .. }
        | Target::ViewSet { class: name, .. }
        | Target::Instance { class: name, .. }
        | Target::Operation { function: name, .. }
        | Target::Admin { admin: Some(name), .. }) = target
        else {
            return None;
        };
        let QualifiedName::Project(module, _) = name else { return None };
        let file = self.program.module(*module)?.file;
        let class = self.program.class_code(name).and_then(|(code, id)| code.class(id));
        let range = class.map(|class| class.name_range).or_else(|| {
            let (code, id) = self.program.function_code(name)?;
            code.function(id).map(|function| function.name_range)
        })?;
        Some(Span::new(file, range))
    }

    /// The installed app around it, or the top package where that is none.
    fn app(&self, path: &str) -> Option<AppView> {
        if let Some(app) = self.apps.of_module(path) {
            return Some(AppView {
                label: app.label.to_string(),
                package: app.package.to_string(),
            });
        }
        let top = path.split('.').next().filter(|top| !top.is_empty())?;
        Some(AppView { label: top.to_owned(), package: top.to_owned() })
    }
}

/// The row with what is known of the view.
fn with_view(row: RouteView, view: &View) -> RouteView {
    let (csrf, csrf_detail, csrf_place) = csrf(&view.csrf);
    RouteView {
        kind: Some(view_kind(&view.kind)),
        view_place: view.place.map(Location::Span).or(row.view_place),
        methods: match &view.methods {
            views::Methods::Any => Some(vec!["*".to_owned()]),
            views::Methods::Only(all) => Some(all.iter().map(ToString::to_string).collect()),
            views::Methods::Unknown => row.methods,
        },
        access: access(view),
        guards: view.guards.iter().map(guard).collect(),
        public_because: view.public_because.as_ref().map(public_because),
        csrf,
        csrf_detail,
        csrf_place: csrf_place.map(Location::Span),
        framing: framing(&view.framing),
        throttle: Some(
            view.throttles
                .iter()
                .map(|throttle| throttle.rate.clone().unwrap_or_else(|| throttle.what.clone()))
                .collect(),
        ),
        templates: view.templates.iter().map(ToString::to_string).collect(),
        ..row
    }
}

/// Who may reach it, with methods of the same answer together.
fn access(view: &View) -> Vec<AccessView> {
    let mut groups: Vec<AccessView> = Vec::new();
    for (method, level) in &view.access {
        let (level, permission) = graded(level);
        let method = (&**method != "*").then(|| method.to_string());
        let same = groups.iter_mut().find(|group| {
            group.level == level
                && group.permission == permission
                && group.methods.is_empty() == method.is_none()
        });
        match same {
            Some(group) => group.methods.extend(method),
            None => groups.push(AccessView {
                methods: method.into_iter().collect(),
                level,
                authentication: view.authentication.clone(),
                permission,
            }),
        }
    }
    groups
}

fn graded(level: &views::Level) -> (Level, Option<String>) {
    match level {
        views::Level::Public => (Level::Public, None),
        views::Level::Unknown(why) => (Level::Unknown, Some(why.clone())),
        views::Level::Custom(check) => (Level::Custom, Some(check.clone())),
        views::Level::Authenticated => (Level::Authenticated, None),
        views::Level::Permission(all) if all.is_empty() => (Level::Permission, None),
        views::Level::Permission(all) => (Level::Permission, Some(all.join(", "))),
        views::Level::Staff => (Level::Staff, None),
        views::Level::Superuser => (Level::Superuser, None),
        views::Level::Nobody => (Level::Nobody, None),
    }
}

/// `a login page: calls django.contrib.auth.login`
fn public_because(reason: &PublicReason) -> String {
    let purpose = match reason.purpose {
        Purpose::Login => "a login",
        Purpose::Signup => "a sign-up",
        Purpose::PasswordReset => "a password reset",
        Purpose::Logout => "a logout",
        Purpose::Token => "a source of tokens",
        Purpose::OauthCallback => "the way back from a login elsewhere",
        Purpose::Health => "a health check",
        Purpose::Webhook => "a webhook with a signature",
        Purpose::SecretLink => "a link with a secret",
        Purpose::StaticPage => "a static page",
        Purpose::StaticFiles => "static files",
        Purpose::Published => "published content",
        Purpose::Schema => "the description of an interface",
    };
    format!("{purpose}: {}", reason.words)
}

fn guard(guard: &Guarding) -> GuardView {
    let unnamed = guard.what.is_empty();
    GuardView {
        text: if unnamed { "not known".to_owned() } else { guard.what.clone() },
        lets_in: guard.level.to_string(),
        kind: match guard.source {
            GuardSource::Decorator => "decorator",
            GuardSource::UrlConf => "urlconf",
            GuardSource::Mixin => "mixin",
            GuardSource::MethodDecorator => "method-decorator",
            GuardSource::Body => "body",
            GuardSource::Middleware => "middleware",
            GuardSource::DrfClass => "drf-class",
            GuardSource::DrfDefault => "drf-default",
            GuardSource::AdminSite => "admin-site",
            GuardSource::NinjaAuth => "ninja-auth",
            GuardSource::Channels => "channels",
            GuardSource::Package => "package",
        },
        methods: guard
            .methods
            .as_ref()
            .map(|methods| methods.iter().map(ToString::to_string).collect()),
        without_effect: guard.without_effect.map(|why| match why {
            NoEffect::DecoratorOrder => "the decorators stand in the wrong order",
            NoEffect::MixinAfterView => "the mixin comes after the view",
            NoEffect::DecoratorOnClass => "it is for functions and stands on a class",
            NoEffect::Overridden => "a class before it overrides it",
            NoEffect::NameNotRead => "nothing reads this name",
            NoEffect::ResultIgnored => "its result is thrown away",
        }),
        place: guard.place.map(Location::Span),
    }
}

fn csrf(csrf: &views::Csrf) -> (Csrf, Option<String>, Option<Span>) {
    match csrf {
        views::Csrf::Enforced => (Csrf::Checked, None, None),
        views::Csrf::EnforcedForSessions => (Csrf::ForSessions, None, None),
        views::Csrf::NotNeeded(why) => (Csrf::NotNeeded, Some(why.clone()), None),
        views::Csrf::Exempt(by, place) => (Csrf::Exempt, Some(by.clone()), *place),
        views::Csrf::Off => (Csrf::Off, None, None),
        views::Csrf::Unknown(why) => (Csrf::Unknown, Some(why.clone()), None),
    }
}

fn framing(framing: &views::Framing) -> Option<String> {
    let word = match framing {
        views::Framing::Deny => "DENY",
        views::Framing::SameOrigin => "SAMEORIGIN",
        views::Framing::Exempt(_) | views::Framing::Open => "anyone",
        views::Framing::Unknown => return None,
    };
    Some(word.to_owned())
}

fn segment(segment: &Segment) -> SegmentView {
    SegmentView {
        kind: match segment.kind {
            SegmentKind::Path => "path",
            SegmentKind::Regex => "regex",
            SegmentKind::Locale => "locale",
        },
        text: segment.text.to_string(),
    }
}

/// The patterns as one: each begins where the one before it ended, so the `^` of expressions goes.
fn full_pattern(segments: &[Segment]) -> String {
    let mut pattern = String::from("/");
    for segment in segments {
        match segment.kind {
            SegmentKind::Regex => {
                pattern.push_str(segment.text.strip_prefix('^').unwrap_or(&segment.text));
            }
            SegmentKind::Path | SegmentKind::Locale => pattern.push_str(&segment.text),
        }
    }
    pattern
}

const fn target_kind(target: &Target) -> &'static str {
    match target {
        Target::Function(_) => "function",
        Target::Class { .. } => "class",
        Target::ViewSet { .. } => "viewset",
        Target::Admin { .. } => "admin",
        Target::Instance { .. } => "instance",
        Target::Operation { .. } => "operation",
        Target::Unknown(_) => "unknown",
    }
}

const fn view_kind(kind: &ViewKind) -> &'static str {
    match kind {
        ViewKind::Function => "function",
        ViewKind::Class => "class",
        ViewKind::ApiFunction => "api-function",
        ViewKind::ApiClass => "api-class",
        ViewKind::ViewSet => "viewset",
        ViewKind::Admin => "admin",
        ViewKind::Operation => "operation",
        ViewKind::GraphQl => "graphql",
        ViewKind::Consumer => "consumer",
        ViewKind::Instance => "instance",
        ViewKind::Package => "package",
        ViewKind::Unknown(_) => "unknown",
    }
}

/// The methods that the route itself says.
fn target_methods(target: &Target) -> Option<Vec<String>> {
    let mut methods: Vec<String> = match target {
        Target::ViewSet { actions, .. } => {
            actions.iter().map(|(method, _)| method.to_ascii_uppercase()).collect()
        }
        Target::Operation { methods, .. } => methods.iter().map(ToString::to_string).collect(),
        _ => return None,
    };
    methods.sort();
    methods.dedup();
    Some(methods)
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Pattern => "pattern",
        Origin::Router => "router",
        Origin::Admin => "admin",
        Origin::Package => "package",
        Origin::Ninja => "ninja",
        Origin::WebSocket => "websocket",
    }
}
