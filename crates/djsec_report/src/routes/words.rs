//! The cells of a row in words, the same in every format for people.

use djsec_base::{Files, Location};

use super::{AccessView, Csrf, Level, RouteTable, RouteView, Scoping};
use crate::redact::mask_addresses;

/// The methods that say something: `OPTIONS` is answered by Django itself, and `HEAD` as `GET` is.
pub(super) fn telling(methods: &[String]) -> Vec<&str> {
    let all: Vec<&str> = methods.iter().map(String::as_str).collect();
    let get = all.contains(&"GET");
    let telling: Vec<&str> = all
        .iter()
        .copied()
        .filter(|method| *method != "OPTIONS" && !(*method == "HEAD" && get))
        .collect();
    let mut telling = if telling.is_empty() { all } else { telling };
    telling.sort_by_key(|method| {
        let usual = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        (usual.iter().position(|known| known == method).unwrap_or(usual.len()), *method)
    });
    telling
}

/// `GET POST`, `any`, `unknown`.
pub(super) fn methods(route: &RouteView) -> String {
    match &route.methods {
        None => String::from("unknown"),
        Some(methods) if methods.iter().any(|method| method == "*") => String::from("any"),
        Some(methods) => telling(methods).join(" "),
    }
}

/// The view, or that it is not known.
pub(super) fn view(route: &RouteView) -> String {
    match &route.view {
        Ok(path) => path.clone(),
        Err(_) => String::from("unknown"),
    }
}

/// What it takes, in a word or two: `public`, `orders.change_order`, `staff`.
pub(super) fn requirement(access: &AccessView) -> String {
    match (&access.permission, access.level) {
        (None, level) => level.name().to_owned(),
        (Some(permission), Level::Permission) => mask_addresses(permission),
        (Some(_), Level::Unknown) => String::from("unknown"),
        (Some(permission), level) => format!("{} ({})", level.name(), mask_addresses(permission)),
    }
}

/// Who may reach it: one line where all methods take the same, else one for each group.
pub(super) fn access(route: &RouteView) -> Vec<String> {
    match route.access.as_slice() {
        [] => vec![Level::Unknown.name().to_owned()],
        [only] => vec![requirement(only)],
        several => {
            let mut lines: Vec<String> = Vec::new();
            for access in several {
                let methods = telling(&access.methods).join(" ");
                let methods = if methods.is_empty() { "other" } else { &methods };
                lines.push(format!("{methods}: {}", requirement(access)));
            }
            lines
        }
    }
}

/// `checked`, `for sessions`, `exempt`, `off`, `not needed`, `unknown`; nothing where no method changes state.
pub(super) fn csrf(route: &RouteView) -> &'static str {
    match route.csrf {
        Csrf::Checked | Csrf::ForSessions if !route.has_unsafe_method() => "",
        Csrf::NotNeeded => "not needed",
        Csrf::ForSessions => "for sessions",
        csrf => csrf.name(),
    }
}

/// The limits, one a piece; `none`.
pub(super) fn throttle(route: &RouteView) -> String {
    match &route.throttle {
        None => String::from("unknown"),
        Some(limits) if limits.is_empty() => String::from("none"),
        Some(limits) => limits.join(", "),
    }
}

/// How its objects are scoped.
pub(super) fn scoping(route: &RouteView) -> String {
    match &route.scoping {
        Scoping::None => String::new(),
        Scoping::Unknown => String::from("unknown"),
        Scoping::Scoped(words) => format!("scoped {words}"),
        Scoping::Shared(words) => format!("shared: {words}"),
        Scoping::Unscoped(words) => format!("unscoped: {words}"),
    }
}

/// The condition, without passwords of addresses.
pub(super) fn when(route: &RouteView) -> Option<String> {
    route.when.as_deref().map(mask_addresses)
}

/// `path:line`.
pub(super) fn place(files: &Files, place: Option<Location>) -> String {
    place.map(|place| crate::place::short(files, place)).unwrap_or_default()
}

/// The folder of a project as a heading.
pub(super) fn project<'a>(table: &'a RouteTable<'_>) -> &'a str {
    if table.project.is_empty() { "." } else { &table.project }
}

/// `123 routes: 12 public, 80 authenticated, 3 not resolved`.
pub(super) fn summary(table: &RouteTable<'_>) -> String {
    let levels = table.levels();
    let parts: Vec<String> = Level::ALL
        .into_iter()
        .filter(|level| *level != Level::Unknown)
        .chain([Level::Unknown])
        .filter_map(|level| {
            let number = levels.get(&level).copied()?;
            Some(format!("{number} {}", level_words(level)))
        })
        .collect();
    let number = crate::text::style::count(table.routes.len(), "route");
    let text = if parts.is_empty() { number } else { format!("{number}: {}", parts.join(", ")) };
    match table.routes.iter().filter(|route| route.view.is_err()).count() {
        0 => text,
        unresolved => {
            format!("{text}; {} not resolved", crate::text::style::count(unresolved, "view"))
        }
    }
}

/// The level as the end of a count.
const fn level_words(level: Level) -> &'static str {
    match level {
        Level::Public => "public",
        Level::Unknown => "with unknown access",
        Level::Custom => "by other checks",
        Level::Authenticated => "for signed-in users",
        Level::Permission => "by permission",
        Level::Staff => "for staff",
        Level::Superuser => "for superusers",
        Level::Nobody => "for nobody",
    }
}

/// Who a level lets in, for sentences.
pub(super) fn who(level: Level, permission: Option<&str>) -> String {
    match (level, permission) {
        (Level::Public, _) => String::from("anyone"),
        (Level::Unknown, _) => String::from("nobody knows who"),
        (Level::Custom, None) => String::from("whoever passes the check"),
        (Level::Custom, Some(words)) => format!("whoever passes {words}"),
        (Level::Authenticated, None) => String::from("every signed-in user"),
        (Level::Permission, None) => String::from("users with a permission"),
        (Level::Authenticated | Level::Permission, Some(words)) => format!("users with {words}"),
        (Level::Staff, None) => String::from("staff"),
        (Level::Staff, Some(words)) => format!("staff with {words}"),
        (Level::Superuser, _) => String::from("superusers"),
        (Level::Nobody, _) => String::from("nobody"),
    }
}
