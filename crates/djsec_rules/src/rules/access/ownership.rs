//! Rows with an owner that anybody who may call a view can name: what the rules on object ownership
//! share.
//!
//! Reported is only what stands on several legs: the model leads to a user or a tenant by a relation
//! that means ownership, the row is chosen by whoever asks, nothing ties it to them, and the view is not
//! for staff. Where the project itself scopes the same model elsewhere, that is the strongest evidence
//! that it should be scoped here.

use std::collections::BTreeMap;

use djsec_base::{Confidence, Span};
use djsec_django::models::{Model, Owner, OwnerPath, Strength};
use djsec_django::views::objects::{ObjectAccess, Objects, Operation, Scope};
use djsec_django::views::{Level, Purpose};
use djsec_python::QualifiedName;

use super::claims;
use super::exposed::is_by_name;
use super::nested::{self, IgnoredParent};
use crate::customs::Custom;
use crate::{Cx, Endpoint};

/// Rows of one model that a view lets anybody reach.
pub(super) struct Exposure<'a> {
    /// The model's class.
    pub(super) class: QualifiedName,
    /// The model's name.
    pub(super) name: String,
    /// The way to whose the rows are; absent for users, who are their own.
    pub(super) owner: Option<&'a OwnerPath>,
    /// What is done with them.
    pub(super) operations: Vec<Operation>,
    /// Where: the first of them that changes something, else the first.
    pub(super) place: Span,
    /// Where the project scopes the same model.
    pub(super) scoped_at: Option<Span>,
    /// Whether some of it needs no login.
    pub(super) anybody: bool,
    /// How sure it is.
    pub(super) confidence: Confidence,
    /// Whether what Django's or DRF's generic view does is meant, rather than code of the project.
    pub(super) generic: bool,
    /// The parent in the address that the look-up leaves out: that is the cause then.
    pub(super) parent: Option<IgnoredParent>,
    /// The field of GraphQL that does it.
    pub(super) resolver: Option<String>,
}

/// The exposures of all views, with the endpoint each belongs to.
pub(super) fn exposures<'a>(cx: &Cx<'a>) -> Vec<(Endpoint<'a>, Exposure<'a>)> {
    let mut found: Vec<(Endpoint<'a>, Exposure<'a>)> = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        // `drf-object-permission-skipped` says of these what is missing.
        let unasked: Vec<_> = cx.unasked().iter().filter(|one| one.at == endpoint.at).collect();
        let known = |access: &ObjectAccess| unasked.iter().any(|one| one.model == access.model);
        for (mut exposure, accesses) in exposed(cx, &endpoint, objects, known) {
            let parent = |access: &&ObjectAccess| nested::ignored(cx, &endpoint, objects, access);
            exposure.parent = accesses.iter().find_map(parent);
            let handlers: Vec<&str> = accesses.iter().map(|access| &*access.handler).collect();
            push(&mut found, endpoint.clone().narrowed_to(&handlers), exposure);
        }
    }
    for one in cx.answering() {
        let Some(endpoint) = cx.endpoint(one.at) else { continue };
        for (mut exposure, _) in exposed(cx, &endpoint, &one.objects, |_| false) {
            exposure.anybody &= !one.resolver.asks;
            let writes = |one: &Operation| matches!(one, Operation::Update | Operation::Delete);
            if exposure.anybody && exposure.operations.iter().any(writes) {
                // Whoever is not even logged in is no member of any group.
                exposure.confidence = exposure.confidence.max(Confidence::Medium);
            }
            exposure.resolver = Some(one.resolver.name.clone());
            push(&mut found, endpoint.clone(), exposure);
        }
    }
    found
}

/// The exposures in what an endpoint does with objects, each with the accesses that make it. `known`: what is
/// reported otherwise.
fn exposed<'a, 'o>(
    cx: &Cx<'a>,
    endpoint: &Endpoint<'_>,
    objects: &'o Objects,
    known: impl Fn(&ObjectAccess) -> bool,
) -> Vec<(Exposure<'a>, Vec<&'o ObjectAccess>)> {
    let mut by_model: BTreeMap<&QualifiedName, Vec<&ObjectAccess>> = BTreeMap::new();
    for access in &objects.accesses {
        if !known(access) && counts(cx, endpoint, objects, access) {
            by_model.entry(&access.model).or_default().push(access);
        }
    }
    let found = by_model.into_iter().filter_map(|(class, accesses)| {
        let custom = cx.customs().get(class);
        Some((exposure(cx, endpoint, class, &accesses, custom)?, accesses))
    });
    found.collect()
}

/// Code that several views share is reported once, with all their routes.
fn push<'a>(
    found: &mut Vec<(Endpoint<'a>, Exposure<'a>)>,
    endpoint: Endpoint<'a>,
    exposure: Exposure<'a>,
) {
    let same = found
        .iter_mut()
        .find(|(_, known)| known.place == exposure.place && known.class == exposure.class);
    match same {
        Some((known, _)) => known.routes.extend(endpoint.routes),
        None => found.push((endpoint, exposure)),
    }
}

/// Whether whoever asks chooses the row, and nothing ties it to them or looks at it.
pub(super) fn is_free(access: &ObjectAccess) -> bool {
    access.scope == Scope::Unscoped
        && access.is_chosen()
        && access.guards_after.is_empty()
        && access.under.is_empty()
}

/// Whether an access lets whoever asks name a row that is not theirs.
fn counts(cx: &Cx<'_>, endpoint: &Endpoint<'_>, objects: &Objects, access: &ObjectAccess) -> bool {
    let ignored = || nested::ignored(cx, endpoint, objects, access).is_some();
    is_free(access)
        && !claims::is_asked_before(cx, endpoint, access)
        // Who may tie something to it is decided by the parent, if there is one.
        && (!access.only_joined || ignored())
        // `client-controlled-privilege` says of these that the client names itself.
        && claims::identity(cx, access).is_none()
        && access.operation != Operation::Create
        && !access.is_of_published()
        && (!cx.models().is_user(&access.model) || changes_any_user(endpoint, access))
        && match endpoint.level_of(access) {
            Some(Level::Public | Level::Authenticated) => {
                !endpoint.is_asked_more(access) || ignored()
            }
            // A check that looks at the parent says nothing of a row that is not looked for in there.
            Some(Level::Custom(_)) => ignored(),
            _ => false,
        }
        && !is_public_by_nature(endpoint)
}

/// Whether a generic view lets whoever is logged in change or delete the user that the address names. What code of the
/// project does to another user, as to count a vote, may be meant.
fn changes_any_user(endpoint: &Endpoint<'_>, access: &ObjectAccess) -> bool {
    let changes = matches!(access.operation, Operation::Update | Operation::Delete);
    let generic = endpoint.view.place == Some(access.place);
    changes && generic && endpoint.level_of(access) == Some(&Level::Authenticated)
}

fn is_public_by_nature(endpoint: &Endpoint<'_>) -> bool {
    endpoint
        .view
        .public_because
        .as_ref()
        .is_some_and(|reason| !matches!(reason.purpose, Purpose::Published | Purpose::StaticPage))
}

fn exposure<'a>(
    cx: &Cx<'a>,
    endpoint: &Endpoint<'_>,
    class: &QualifiedName,
    accesses: &[&ObjectAccess],
    custom: Option<&Custom>,
) -> Option<Exposure<'a>> {
    let owner = cx.models().get(class).and_then(Model::owner);
    let owner = owner.filter(|owner| owner.strength != Strength::Trace);
    if cx.models().is_user(class) {
        return of_users(cx, class, accesses, custom);
    }
    let owner = owner?;
    let published = custom.is_some_and(Custom::is_published);
    let scoped_at = custom.and_then(|custom| custom.scoped);
    let changes =
        |access: &&&ObjectAccess| matches!(access.operation, Operation::Update | Operation::Delete);
    let change = accesses.iter().find(changes);
    let names_owner = |access: &&&ObjectAccess| {
        let first = owner.steps.first();
        access.keys.iter().any(|key| key.lookup.split("__").next() == first.map(|step| &**step))
    };
    let is_public =
        |access: &&ObjectAccess| endpoint.level_of(access).is_some_and(Level::is_public);
    let (public, anybody) = (accesses.iter().all(is_public), accesses.iter().any(is_public));
    if change.is_none() && (published || (public && scoped_at.is_none())) {
        // Anybody may read it: that is either meant, or a question of authentication.
        return None;
    }
    if public && accesses.iter().any(|access| names_owner(&access)) {
        // Whoever is not logged in yet says who they are: a login, a sign-up, a link in a mail.
        return None;
    }
    let member = owner.strength == Strength::Member || matches!(owner.who, Owner::Tenant(_));
    let reads_by_name = change.is_none() && accesses.iter().all(|access| is_by_name(access));
    let confidence = match (scoped_at, member) {
        // A row that is read under a name in the address is most often a public one.
        _ if reads_by_name => Confidence::Low,
        (Some(_), _) if public && change.is_none() => Confidence::Medium,
        (Some(_), _) => Confidence::High,
        (None, false) => Confidence::Medium,
        (None, true) => Confidence::Low,
    };
    let mut operations: Vec<Operation> = accesses.iter().map(|access| access.operation).collect();
    operations.sort();
    operations.dedup();
    let place = change.or(accesses.first())?.place;
    let generic = endpoint.view.place == Some(place);
    Some(Exposure {
        class: class.clone(),
        name: cx.short_name(class),
        owner: Some(owner),
        operations,
        place,
        scoped_at,
        anybody,
        confidence,
        generic,
        parent: None,
        resolver: None,
    })
}

/// Users that any user can change.
fn of_users<'a>(
    cx: &Cx<'a>,
    class: &QualifiedName,
    accesses: &[&ObjectAccess],
    custom: Option<&Custom>,
) -> Option<Exposure<'a>> {
    let mut operations: Vec<Operation> = accesses.iter().map(|access| access.operation).collect();
    operations.sort();
    operations.dedup();
    let scoped_at = custom.and_then(|custom| custom.scoped);
    Some(Exposure {
        class: class.clone(),
        name: cx.short_name(class),
        owner: None,
        operations,
        place: accesses.first()?.place,
        scoped_at,
        anybody: false,
        confidence: if scoped_at.is_some() { Confidence::High } else { Confidence::Medium },
        generic: true,
        parent: None,
        resolver: None,
    })
}
