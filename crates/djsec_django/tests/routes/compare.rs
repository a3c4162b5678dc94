//! What differs between the routes of djsec and those of Django.

use std::collections::BTreeMap;

use djsec_django::hierarchy::Hierarchy;
use djsec_django::routes::{Origin, Route, Routes, SegmentKind, Target};
use djsec_django::settings::Settings;
use djsec_python::{Program, QualifiedName};

use crate::recorded::{self, Recorded};

/// What djsec says of a project.
pub(crate) struct Answer<'a> {
    pub(crate) program: &'a Program,
    pub(crate) hierarchy: &'a Hierarchy<'a>,
    pub(crate) settings: &'a Settings,
    pub(crate) routes: &'a Routes,
}

/// A readable line for each difference.
pub(crate) fn differences(recorded: &Recorded, answer: &Answer<'_>) -> Vec<String> {
    let mut out: Vec<String> = answer
        .routes
        .gaps
        .iter()
        .map(|gap| format!("gap at {:?}: {}", gap.prefix, gap.reason))
        .collect();
    let found: Vec<&Route> = answer
        .routes
        .routes
        .iter()
        .filter(|route| answer.settings.with_worlds(|worlds| !worlds.impossible(route.when)))
        .collect();
    let expected = numbered(recorded.routes.iter().map(key_of_recorded));
    let got = numbered(found.iter().map(|route| key_of_found(route)));
    for (key, at) in &expected {
        match got.get(key) {
            None => out.push(format!("missing: {}", line(&recorded.routes[*at]))),
            Some(here) => {
                compare(&recorded.routes[*at], found[*here], answer, &mut out);
            }
        }
    }
    for (key, at) in &got {
        if !expected.contains_key(key) {
            let view = answer.view(&found[*at].target);
            out.push(format!("invented: {} name {:?}, {view}", key.0, found[*at].name));
        }
    }
    out.extend(first_out_of_order(&expected, &got));
    out
}

/// The text of a route's segments with their kinds, and how many of the same stand before it.
type Key = (String, usize);

fn numbered(keys: impl Iterator<Item = String>) -> BTreeMap<Key, usize> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = BTreeMap::new();
    for (at, key) in keys.enumerate() {
        let count = seen.entry(key.clone()).or_default();
        out.insert((key, *count), at);
        *count += 1;
    }
    out
}

fn key_of_recorded(route: &recorded::Route) -> String {
    let segments = route.segments.iter().map(|(kind, text)| segment(kind, text));
    segments.collect::<Vec<_>>().join(" ")
}

fn key_of_found(route: &Route) -> String {
    let kind = |kind: SegmentKind| match kind {
        SegmentKind::Path => "path",
        SegmentKind::Regex => "regex",
        SegmentKind::Locale => "locale",
    };
    let segments = route.segments.iter();
    segments.map(|s| segment(kind(s.kind), &s.text)).collect::<Vec<_>>().join(" ")
}

/// Which language a prefix is for depends on the request: the recordings have the default one.
fn segment(kind: &str, text: &str) -> String {
    if kind == "locale" { kind.to_owned() } else { format!("{kind}:{text}") }
}

fn line(route: &recorded::Route) -> String {
    format!("{} name {:?}, {} {}", key_of_recorded(route), route.name, route.kind, route.view)
}

/// The first route that stands elsewhere among those that both have.
fn first_out_of_order(
    expected: &BTreeMap<Key, usize>,
    got: &BTreeMap<Key, usize>,
) -> Option<String> {
    let order = |one: &BTreeMap<Key, usize>, other: &BTreeMap<Key, usize>| {
        let mut common: Vec<(usize, Key)> = one
            .iter()
            .filter(|(key, _)| other.contains_key(*key))
            .map(|(key, at)| (*at, key.clone()))
            .collect();
        common.sort();
        common
    };
    let (expected, got) = (order(expected, got), order(got, expected));
    let (want, have) = expected.iter().zip(&got).find(|(a, b)| a.1 != b.1)?;
    Some(format!("order: {} comes where Django has {}", have.1.0, want.1.0))
}

fn compare(expected: &recorded::Route, got: &Route, answer: &Answer<'_>, out: &mut Vec<String>) {
    let place = key_of_recorded(expected);
    let mut differ = |what: &str, want: String, have: String| {
        if want != have {
            out.push(format!("{place}: {what} is {have}, not {want}"));
        }
    };
    let surely = answer.settings.with_worlds(|worlds| {
        let rest = worlds.not(got.when);
        worlds.impossible(rest)
    });
    differ("sure", "true".to_owned(), surely.to_string());
    differ("name", format!("{:?}", expected.name), format!("{:?}", got.name.as_deref()));
    let namespaces: Vec<&str> = got.namespaces.iter().map(AsRef::as_ref).collect();
    differ("namespaces", format!("{:?}", expected.namespaces), format!("{namespaces:?}"));
    let view = answer.view(&got.target);
    if !same_view(expected, &view) {
        differ("view", expected.view.clone(), view);
    }
    differ("kind", expected.kind.clone(), kind(expected, &got.target).to_owned());
    let socket = expected.protocol.as_deref() == Some("websocket");
    differ("websocket", socket.to_string(), (got.origin == Origin::WebSocket).to_string());
    match &got.target {
        Target::Class { arguments, .. } => {
            let mut names: Vec<&str> = arguments.iter().map(|(name, _)| &**name).collect();
            names.sort_unstable();
            differ("arguments", format!("{:?}", expected.arguments), format!("{names:?}"));
        }
        Target::ViewSet { actions, .. } => {
            let actions: BTreeMap<&str, &str> =
                actions.iter().map(|(method, action)| (&**method, &**action)).collect();
            differ("actions", format!("{:?}", expected.actions), format!("{actions:?}"));
        }
        Target::Operation { methods, .. } => {
            let mut methods: Vec<&str> = methods.iter().map(AsRef::as_ref).collect();
            methods.sort_unstable();
            let want = expected.methods.clone().unwrap_or_default();
            differ("methods", format!("{want:?}"), format!("{methods:?}"));
        }
        Target::Admin { site, model, admin, .. } => {
            let name = |name: &Option<QualifiedName>| name.as_ref().map(|n| answer.dotted(n));
            let want = expected.admin.as_ref();
            let want = want.map(|a| (Some(a.site.clone()), a.model.clone(), a.model_admin.clone()));
            let have = Some((Some(answer.dotted(site)), name(model), name(admin)));
            differ("admin", format!("{want:?}"), format!("{have:?}"));
        }
        Target::Function(_) | Target::Instance { .. } | Target::Unknown(_) => {}
    }
}

/// The kind of a target in the words of the recordings.
fn kind<'a>(expected: &'a recorded::Route, target: &Target) -> &'a str {
    match target {
        // Whether a function is an `api_view` is for those to say who look at its decorators.
        Target::Function(_) if expected.kind == "api_view" => "api_view",
        Target::Function(_) => "function",
        Target::Class { .. } if expected.protocol.is_some() => "consumer",
        Target::Class { .. } => "class",
        Target::ViewSet { .. } => "viewset",
        Target::Instance { .. } => "instance",
        Target::Operation { .. } => "operations",
        Target::Admin { .. } if expected.admin.is_some() => &expected.kind,
        Target::Admin { .. } => "admin",
        Target::Unknown(_) => "unknown",
    }
}

fn same_view(expected: &recorded::Route, view: &str) -> bool {
    if expected.view.replace("<locals>.", "") == view {
        return true;
    }
    // What stands behind the pages of an admin that show or redirect to an object.
    let pages = ["view_on_site", "shortcut", "view", "redirect", "RedirectView"];
    let page = |page| pages.contains(&page) || expected.view.ends_with(&format!(".{page}"));
    expected.admin.is_some() && view.rsplit('.').next().is_some_and(page)
}

impl Answer<'_> {
    fn dotted(&self, name: &QualifiedName) -> String {
        match &self.hierarchy.canonical(name) {
            QualifiedName::External(name) => name.to_string(),
            name => self.program.dotted(name).unwrap_or_else(|| format!("{name:?}")),
        }
    }

    fn view(&self, target: &Target) -> String {
        match target {
            Target::Function(name) | Target::Operation { function: name, .. } => self.dotted(name),
            Target::Class { class, .. }
            | Target::ViewSet { class, .. }
            | Target::Instance { class, .. } => self.dotted(class),
            Target::Admin { site, admin, page, .. } => {
                format!("{}.{page}", self.dotted(admin.as_ref().unwrap_or(site)))
            }
            Target::Unknown(reason) => format!("unknown ({reason})"),
        }
    }
}
