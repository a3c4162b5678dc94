//! Made-up tables that use everything a row can say, for the tests.

use djsec_base::{Certainty, Files, ProfileSummary};

use super::*;
use crate::sample::span;

pub(super) fn profile() -> ProfileSummary {
    ProfileSummary {
        module: String::from("shop.settings.production"),
        file: None,
        certainty: Certainty::Deployed,
        for_development: false,
        evidence: Vec::new(),
        environment: Vec::new(),
        kinds: BTreeMap::new(),
        fails_when: Vec::new(),
    }
}

pub(super) fn need(methods: &[&str], level: Level, permission: Option<&str>) -> AccessView {
    AccessView {
        methods: methods.iter().map(ToString::to_string).collect(),
        level,
        authentication: vec![String::from("session")],
        permission: permission.map(str::to_owned),
    }
}

/// A route of which everything is known: signed-in users, GET only.
pub(super) fn route(pattern: &str, app: &str, view: &str) -> RouteView {
    RouteView {
        pattern: pattern.to_owned(),
        segments: vec![SegmentView {
            kind: "path",
            text: pattern.trim_start_matches('/').to_owned(),
        }],
        name: view.rsplit('.').next().map(str::to_owned),
        namespaces: vec![app.to_owned()],
        app: Some(AppView { label: app.to_owned(), package: app.to_owned() }),
        view: Ok(format!("{app}.{view}")),
        kind: Some("function"),
        view_place: None,
        place: None,
        origin: "pattern",
        methods: Some(vec![String::from("GET"), String::from("HEAD"), String::from("OPTIONS")]),
        access: vec![need(&[], Level::Authenticated, None)],
        guards: Vec::new(),
        public_because: None,
        csrf: Csrf::Checked,
        csrf_detail: None,
        csrf_place: None,
        framing: Some(String::from("DENY")),
        throttle: Some(Vec::new()),
        scoping: Scoping::None,
        templates: Vec::new(),
        when: None,
    }
}

fn methods(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

pub(super) fn routes(files: &Files) -> Vec<RouteView> {
    let place = Some(span(files, "shop/settings/base.py", "SECRET_KEY").into());
    vec![
        RouteView {
            access: vec![need(&[], Level::Public, None)],
            methods: Some(methods(&["*"])),
            throttle: Some(vec![String::from("5/m")]),
            public_because: Some(String::from("it calls django.contrib.auth.login")),
            templates: vec![String::from("accounts/login.html")],
            ..route("/accounts/login/", "accounts", "views.login_view")
        },
        RouteView {
            guards: vec![GuardView {
                text: String::from("django.contrib.auth.decorators.login_required"),
                lets_in: String::from("authenticated"),
                kind: "decorator",
                methods: None,
                without_effect: None,
                place,
            }],
            view_place: place,
            place,
            scoping: Scoping::Scoped(String::from("by customer")),
            ..route("/orders/<int:pk>/", "orders", "views.order_detail")
        },
        RouteView {
            methods: Some(methods(&["GET", "POST"])),
            access: vec![
                need(&["GET"], Level::Public, None),
                need(&["POST"], Level::Permission, Some("orders.change_order")),
            ],
            csrf: Csrf::Exempt,
            csrf_detail: Some(String::from("django.views.decorators.csrf.csrf_exempt")),
            csrf_place: place,
            scoping: Scoping::Unscoped(String::from("Order by pk")),
            ..route("/orders/<int:pk>/cancel/", "orders", "views.cancel")
        },
        RouteView {
            access: vec![need(&[], Level::Staff, None)],
            when: Some(String::from("`DEBUG` is true")),
            origin: "admin",
            ..route("/admin/orders/order/<path:object_id>/change/", "admin", "options.change_view")
        },
        RouteView {
            view: Err(String::from("the result of shop.plugins.make_view")),
            kind: Some("unknown"),
            methods: None,
            access: Vec::new(),
            csrf: Csrf::Unknown,
            framing: None,
            throttle: None,
            scoping: Scoping::Unknown,
            app: None,
            name: None,
            namespaces: Vec::new(),
            ..route("/plugins/export/", "plugins", "")
        },
    ]
}

pub(super) fn table(
    profile: &ProfileSummary,
    routes: Vec<RouteView>,
    gaps: Vec<GapView>,
) -> RouteTable<'_> {
    RouteTable {
        project: String::new(),
        django: Some(String::from("5.2.6")),
        profile,
        urlconf: Some(String::from("shop.urls")),
        routes,
        gaps,
        hidden: Hidden::default(),
    }
}

pub(super) fn gap() -> GapView {
    GapView {
        prefix: String::from("/api/"),
        reason: String::from("include of shop.plugins, which is not in the tree"),
        place: None,
    }
}

/// Names as an attacker would choose them.
pub(super) fn hostile() -> RouteView {
    let evil = "=cmd|' /C calc'!A0,\"</code></td><script>alert(1)</script>|`x`\u{1b}[2J\n\u{202e}";
    RouteView {
        pattern: format!("/{evil}"),
        view: Ok(evil.to_owned()),
        name: Some(evil.to_owned()),
        namespaces: Vec::new(),
        app: Some(AppView { label: evil.to_owned(), package: evil.to_owned() }),
        when: Some(evil.to_owned()),
        templates: vec![evil.to_owned()],
        access: vec![need(&[evil], Level::Custom, Some(evil))],
        methods: Some(vec![evil.to_owned()]),
        throttle: Some(vec![evil.to_owned()]),
        scoping: Scoping::Unscoped(evil.to_owned()),
        public_because: Some(evil.to_owned()),
        ..route("/", "shop", "")
    }
}
