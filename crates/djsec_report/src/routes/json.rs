//! The table as JSON; `docs/schema/djsec-routes-1.schema.json` describes it.

use std::collections::BTreeMap;
use std::io;

use djsec_base::{Files, Location};
use serde::Serialize;

use super::{Level, RouteTable, RouteView, RoutesReport, words};
use crate::json::v1::{NoticeRecord, PlaceRecord, Tool, certainty_name};
use crate::json::write_document;
use crate::redact::mask_addresses;

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    tool: Tool,
    incomplete: bool,
    projects: Vec<Project>,
    notices: Vec<NoticeRecord>,
}

#[derive(Debug, Serialize)]
struct Project {
    root: String,
    django: Option<String>,
    settings: String,
    certainty: &'static str,
    urlconf: Option<String>,
    incomplete: bool,
    summary: Summary,
    routes: Vec<Route>,
    gaps: Vec<Gap>,
}

#[derive(Debug, Serialize)]
struct Summary {
    routes: usize,
    left_out: usize,
    unresolved: usize,
    levels: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
struct Route {
    pattern: String,
    segments: Vec<Segment>,
    name: Option<String>,
    namespaces: Vec<String>,
    full_name: Option<String>,
    app: Option<String>,
    view: View,
    place: Option<PlaceRecord>,
    origin: &'static str,
    methods: Option<Vec<String>>,
    level: &'static str,
    access: Vec<Access>,
    public_because: Option<String>,
    guards: Vec<Guard>,
    csrf: Csrf,
    framing: Option<String>,
    throttle: Option<Vec<String>>,
    scoping: Scoping,
    templates: Vec<String>,
    when: Option<String>,
}

#[derive(Debug, Serialize)]
struct Segment {
    kind: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct View {
    path: Option<String>,
    kind: Option<&'static str>,
    place: Option<PlaceRecord>,
    not_known: Option<String>,
}

#[derive(Debug, Serialize)]
struct Access {
    methods: Option<Vec<String>>,
    level: &'static str,
    authentication: Vec<String>,
    permission: Option<String>,
}

#[derive(Debug, Serialize)]
struct Guard {
    text: String,
    lets_in: String,
    kind: &'static str,
    methods: Option<Vec<String>>,
    without_effect: Option<&'static str>,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Csrf {
    state: &'static str,
    detail: Option<String>,
    place: Option<PlaceRecord>,
}

#[derive(Debug, Serialize)]
struct Scoping {
    state: &'static str,
    detail: Option<String>,
}

#[derive(Debug, Serialize)]
struct Gap {
    prefix: String,
    reason: String,
    place: Option<PlaceRecord>,
}

pub(super) fn write(out: &mut dyn io::Write, report: &RoutesReport<'_>) -> io::Result<()> {
    let document = Document {
        version: 1,
        tool: Tool::djsec(report.options.tool_version),
        incomplete: report.incomplete(),
        projects: report.tables.iter().map(|table| project(report.files, table)).collect(),
        notices: report
            .notices
            .iter()
            .map(|notice| NoticeRecord::of(report.files, notice))
            .collect(),
    };
    write_document(out, &document)
}

fn place(files: &Files, place: Option<Location>) -> Option<PlaceRecord> {
    place.and_then(|place| PlaceRecord::of(files, place))
}

fn project(files: &Files, table: &RouteTable<'_>) -> Project {
    let known = table.levels();
    let levels = Level::ALL
        .into_iter()
        .map(|level| (level.name(), known.get(&level).copied().unwrap_or(0)))
        .collect();
    Project {
        root: table.project.clone(),
        django: table.django.clone(),
        settings: table.profile.module.clone(),
        certainty: certainty_name(table.profile.certainty),
        urlconf: table.urlconf.clone(),
        incomplete: table.incomplete(),
        summary: Summary {
            routes: table.routes.len(),
            left_out: table.hidden.routes,
            unresolved: table.routes.iter().filter(|route| route.view.is_err()).count(),
            levels,
        },
        routes: table.routes.iter().map(|route| record(files, route)).collect(),
        gaps: table
            .gaps
            .iter()
            .map(|gap| Gap {
                prefix: gap.prefix.clone(),
                reason: mask_addresses(&gap.reason),
                place: place(files, gap.place),
            })
            .collect(),
    }
}

fn record(files: &Files, route: &RouteView) -> Route {
    let segment =
        |segment: &super::SegmentView| Segment { kind: segment.kind, text: segment.text.clone() };
    let access = |access: &super::AccessView| Access {
        methods: (!access.methods.is_empty()).then(|| access.methods.clone()),
        level: access.level.name(),
        authentication: access.authentication.clone(),
        permission: access.permission.as_deref().map(mask_addresses),
    };
    let guard = |guard: &super::GuardView| Guard {
        text: mask_addresses(&guard.text),
        lets_in: mask_addresses(&guard.lets_in),
        kind: guard.kind,
        methods: guard.methods.clone(),
        without_effect: guard.without_effect,
        place: place(files, guard.place),
    };
    Route {
        pattern: route.pattern.clone(),
        segments: route.segments.iter().map(segment).collect(),
        name: route.name.clone(),
        namespaces: route.namespaces.clone(),
        full_name: route.full_name(),
        app: route.app.as_ref().map(|app| app.label.clone()),
        view: View {
            path: route.view.as_ref().ok().cloned(),
            kind: route.kind,
            place: place(files, route.view_place),
            not_known: route.view.as_ref().err().map(|reason| mask_addresses(reason)),
        },
        place: place(files, route.place),
        origin: route.origin,
        methods: route.methods.clone(),
        level: route.level().name(),
        access: route.access.iter().map(access).collect(),
        public_because: route.public_because.clone(),
        guards: route.guards.iter().map(guard).collect(),
        csrf: Csrf {
            state: route.csrf.name(),
            detail: route.csrf_detail.clone(),
            place: place(files, route.csrf_place),
        },
        framing: route.framing.clone(),
        throttle: route.throttle.clone(),
        scoping: Scoping {
            state: route.scoping.name(),
            detail: route.scoping.detail().map(mask_addresses),
        },
        templates: route.templates.clone(),
        when: words::when(route),
    }
}
