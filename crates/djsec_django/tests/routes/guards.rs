//! Whether views are guarded by what Django would use: permission and authentication classes of DRF,
//! exemptions from CSRF checks.

use djsec_django::routes::{Route, Routes};
use djsec_django::settings::Settings;
use djsec_django::views::{Csrf, GuardSource, View, ViewKind, Views};

use crate::recorded::{self, Recorded};

/// A readable line for each difference. Routes are compared by their patterns, in order; which are
/// missing is for another test.
pub(crate) fn differences(
    recorded: &Recorded,
    settings: &Settings,
    routes: &Routes,
    views: &Views,
) -> Vec<String> {
    let mut found: Vec<(&Route, &View)> = routes
        .routes
        .iter()
        .zip(&views.all)
        .filter(|(route, _)| settings.with_worlds(|worlds| !worlds.impossible(route.when)))
        .collect();
    let mut out = Vec::new();
    for expected in &recorded.routes {
        let pattern = text(expected.segments.iter().map(|(_, text)| text.as_str()));
        let same = |(route, _): &(&Route, &View)| {
            pattern == text(route.segments.iter().map(|segment| &*segment.text))
        };
        let Some(at) = found.iter().position(same) else { continue };
        let (_, view) = found.remove(at);
        compare(&pattern, expected, view, &mut out);
    }
    out
}

fn text<'a>(segments: impl Iterator<Item = &'a str>) -> String {
    segments.collect()
}

fn compare(pattern: &str, expected: &recorded::Route, view: &View, out: &mut Vec<String>) {
    let guards = &expected.guards;
    if expected.protocol.is_some() != (view.kind == ViewKind::Consumer) {
        out.push(format!("{pattern} {}: is {:?}", view.dotted, view.kind));
    }
    // Made by a function of a package: nothing but its name is known, and its level says so.
    if view.access.iter().all(|(_, level)| level.is_unknown()) {
        return;
    }
    let exempt = matches!(view.csrf, Csrf::Exempt(..) | Csrf::EnforcedForSessions)
        || matches!(view.csrf, Csrf::NotNeeded(_));
    let is_request = expected.protocol.is_none();
    if is_request && exempt != guards.csrf_exempt && view.kind != ViewKind::Admin {
        out.push(format!(
            "{pattern} {}: csrf {:?}, not {}",
            view.dotted, view.csrf, guards.csrf_exempt
        ));
    }
    let Some(policy) = &guards.policy else { return };
    if view.authentication != policy.authentication {
        let (got, wanted) = (&view.authentication, &policy.authentication);
        out.push(format!("{pattern} {}: authentication {got:?}, not {wanted:?}", view.dotted));
    }
    let own = |name: &&str| guards.overrides.iter().any(|method| method.ends_with(*name));
    if ["get_permissions", "check_permissions"].iter().any(own) {
        return;
    }
    let drf = [GuardSource::DrfClass, GuardSource::DrfDefault, GuardSource::Package];
    let mut got: Vec<&str> = view
        .guards
        .iter()
        .filter(|guard| drf.contains(&guard.source) && guard.without_effect.is_none())
        .map(|guard| guard.what.as_str())
        .collect();
    let mut wanted: Vec<&str> = policy.permissions.iter().map(String::as_str).collect();
    got.sort_unstable();
    got.dedup();
    wanted.sort_unstable();
    if got != wanted {
        out.push(format!("{pattern} {}: permissions {got:?}, not {wanted:?}", view.dotted));
    }
}
