//! Clients that say who they are: by a header or cookie, in views and in what runs before them; and, where
//! nobody asks who it is, by an id of the owner.

use djsec_base::{Confidence, Span};
use djsec_django::views::Level;
use djsec_django::views::objects::{self, KeyOrigin, ObjectAccess, Operation, Scope};
use djsec_python::QualifiedName;

use super::claims;
use super::client_controlled_privilege::{is_of_proxy, is_open};
use crate::classes::dotted;
use crate::{Cx, Endpoint, Findings, Rule};

/// What runs before views and may say who asks: classes of packages, and their methods.
const HOOKS: &[(&str, &[&str])] = &[
    ("rest_framework.authentication.BaseAuthentication", &["authenticate"]),
    ("django.contrib.auth.backends.BaseBackend", &["authenticate"]),
];
const MIDDLEWARE: &[&str] = &["__call__", "process_request", "process_view"];

/// Reports where clients say who they are.
pub(super) fn check(cx: &Cx<'_>, rule: &'static Rule, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        for access in objects.accesses.iter().filter(|one| is_open(&endpoint, &one.handler)) {
            if told.contains(&access.place) {
                continue;
            }
            let found = claims::identity(cx, access).map(|origin| (origin, surely(origin)));
            let found = found.or_else(|| {
                let origin = of_anybody(cx, &endpoint, access)?;
                Some((origin, Confidence::Medium))
            });
            if let Some((origin, confidence)) = found {
                told.push(access.place);
                let at = format!(" at {}", endpoint.address());
                report(cx, rule, (access, origin), (&endpoint.subject(), &at), confidence, out);
            }
        }
    }
    for (class, methods) in hooks(cx) {
        for method in methods {
            let objects = objects::objects_of_hook(cx.world(), &class, method);
            for access in &objects.accesses {
                let user = cx.models().is_user(&access.model);
                let Some(origin) = claims::identity(cx, access).filter(|_| user) else { continue };
                if !told.contains(&access.place) {
                    told.push(access.place);
                    let subject = format!("{}.{method}", cx.short_name(&class));
                    let of = (access, origin);
                    report(cx, rule, of, (&subject, ""), surely(origin), out);
                }
            }
        }
    }
}

/// A header may be written by a proxy that is not in the repository.
fn surely(origin: &KeyOrigin) -> Confidence {
    match origin {
        KeyOrigin::Header(_) => Confidence::Medium,
        _ => Confidence::High,
    }
}

fn report(
    cx: &Cx<'_>,
    rule: &'static Rule,
    (access, origin): (&ObjectAccess, &KeyOrigin),
    (subject, at): (&str, &str),
    confidence: Confidence,
    out: &mut Findings,
) {
    if is_of_proxy(cx, origin) {
        return;
    }
    let (said, model) = (claims::said(origin), cx.short_name(&access.model));
    let message = format!(
        "{said} says for whom `{model}` is looked up{at}, and whoever sends the request writes it"
    );
    out.found(rule, access.place, format!("{subject} {model} {said}"), message)
        .confidence(confidence)
        .help("take who asks from `request.user`, or from something that carries a signature")
        .done();
}

/// The id of an owner by which anybody may read rows that the project ties to who asks elsewhere. With a
/// login `idor-unscoped-lookup` says so.
fn of_anybody<'o>(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &'o ObjectAccess,
) -> Option<&'o KeyOrigin> {
    let custom = cx.customs().get(&access.model)?;
    let reads = matches!(access.operation, Operation::Fetch | Operation::List);
    let free = access.scope == Scope::Unscoped
        && access.guards_after.is_empty()
        && access.under.is_empty();
    let public = endpoint.level_of(access).is_some_and(Level::is_public);
    let meant = custom.listed || custom.scoped.is_none() || endpoint.purpose().is_some();
    if !(reads && free && public) || meant {
        return None;
    }
    let owner = cx.models().get(&access.model)?.owner()?;
    let key = access.keys.iter().find(|key| {
        let sent = matches!(key.origin, KeyOrigin::Query(_) | KeyOrigin::Body(_));
        sent && claims::names_owner(owner, &key.lookup)
    })?;
    Some(&key.origin)
}

/// The classes of the project that say who asks before a view runs, with the methods that are called.
fn hooks(cx: &Cx<'_>) -> Vec<(QualifiedName, &'static [&'static str])> {
    let mut all: Vec<(QualifiedName, &'static [&'static str])> = Vec::new();
    for part in cx.setting(cx.middleware_setting()).elements() {
        let Some(path) = dotted(&part.data) else { continue };
        let class = cx.class_at(path);
        if matches!(class, QualifiedName::Project(..)) {
            all.push((class, MIDDLEWARE));
        }
    }
    for class in cx.own_classes() {
        let base =
            HOOKS.iter().find(|(base, _)| class.order.iter().any(|one| one.is_external(base)));
        if let Some((_, methods)) = base {
            all.push((class.name.clone(), methods));
        }
    }
    all
}
