//! Whether the objects behind a route are those of who asks, in the words of `djsec routes`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::Models;
use djsec_django::routes::{Origin, Route, SegmentKind};
use djsec_django::settings::Settings;
use djsec_django::structure::Structure;
use djsec_django::views::objects::{
    CheckKind, How, ObjectAccess, Operation, Scope, World, objects,
};
use djsec_python::{Program, QualifiedName};
use djsec_report::routes::Scoping;
use rayon::prelude::*;

/// The scoping of each route of a project, in their order. Routes of one view are looked at once.
pub(super) fn all(program: &Program, structure: &Structure, settings: &Settings) -> Vec<Scoping> {
    let hierarchy = Hierarchy::new(program);
    let known = djsec_django::views::effects::Known::default();
    let world = World {
        program,
        hierarchy: &hierarchy,
        models: &structure.models,
        known: &known,
        settings: Some(settings),
    };
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    let mut questions: Vec<(&Route, Option<Vec<Arc<str>>>)> = Vec::new();
    let mut answered_by = Vec::new();
    for route in &structure.routes.routes {
        let names = parameters(route);
        let at = *asked.entry(format!("{:?} {names:?}", route.target)).or_insert(questions.len());
        if at == questions.len() {
            questions.push((route, names));
        }
        answered_by.push(at);
    }
    let answers: Vec<Scoping> =
        questions.par_iter().map(|(route, names)| of(world, route, names.as_deref())).collect();
    answered_by.into_iter().filter_map(|at| answers.get(at).cloned()).collect()
}

fn of(world: World<'_>, route: &Route, names: Option<&[Arc<str>]>) -> Scoping {
    let found = objects(world, &route.target, names);
    // What is made anew has no other owner, and constants name nothing of anybody.
    let asked: Vec<&ObjectAccess> = found
        .accesses
        .iter()
        .filter(|access| access.operation != Operation::Create)
        .filter(|access| access.is_chosen() || access.operation == Operation::List)
        .collect();
    let owned = |access: &&&ObjectAccess| has_owner(world.models, &access.model);
    let open = |access: &&&ObjectAccess| access.scope == Scope::Unscoped && !access.is_protected();
    let words = |accesses: Vec<&&ObjectAccess>| {
        let words: BTreeSet<String> =
            accesses.into_iter().map(|access| fetched(world.program, access)).collect();
        words.into_iter().collect::<Vec<_>>().join(", ")
    };
    let loose: Vec<_> = asked.iter().filter(open).filter(owned).collect();
    if !loose.is_empty() {
        return Scoping::Unscoped(words(loose));
    }
    let unknown = |access: &&&ObjectAccess| {
        matches!(access.scope, Scope::Unknown(_)) && !access.is_protected()
    };
    if asked.iter().any(|access| unknown(&access)) || !found.gaps.is_empty() {
        return Scoping::Unknown;
    }
    let tied: BTreeSet<String> = asked.iter().filter_map(|access| tied(access)).collect();
    if !tied.is_empty() {
        return Scoping::Scoped(tied.into_iter().collect::<Vec<_>>().join(", "));
    }
    let shared: Vec<_> = asked.iter().filter(open).collect();
    if shared.is_empty() { Scoping::None } else { Scoping::Shared(words(shared)) }
}

/// Whether rows belong to somebody. Of a model that is not of the project nobody can tell.
fn has_owner(models: &Models, class: &QualifiedName) -> bool {
    models.is_user(class) || models.get(class).is_some_and(|model| model.owner().is_some())
}

/// `Order by pk`, `all Order`.
fn fetched(program: &Program, access: &ObjectAccess) -> String {
    let dotted = program.dotted(&access.model).unwrap_or_default();
    let model = dotted.rsplit('.').next().filter(|name| !name.is_empty()).unwrap_or("rows");
    let keys: Vec<&str> = access
        .keys
        .iter()
        .filter(|key| key.origin.is_chosen() && !key.origin.is_ambient())
        .map(|key| &*key.lookup)
        .collect();
    if keys.is_empty() { format!("all {model}") } else { format!("{model} by {}", keys.join(", ")) }
}

/// What ties the rows to who asks; `None` where nothing does.
fn tied(access: &ObjectAccess) -> Option<String> {
    if let Scope::Scoped { how, .. } = &access.scope {
        return Some(match how {
            How::User(lookup) if lookup.is_empty() => "by user".to_owned(),
            How::User(lookup) => format!("by {lookup}"),
            How::Method(name) => format!("by {name}()"),
            How::Parent => "by what it belongs to".to_owned(),
            How::Session(lookup) => format!("by {lookup} in the session"),
            How::Unguessable(field) => format!("by secret {field}"),
            How::Signed(by) => format!("by signed {by}"),
            How::Own => "by request.user".to_owned(),
            How::New => return None,
        });
    }
    let check = access.guards_after.iter().find(|check| check.enforced)?;
    Some(match &check.kind {
        CheckKind::Condition | CheckKind::KeyCondition => "by a check after".to_owned(),
        CheckKind::Call(name) | CheckKind::Decorator(name) | CheckKind::Permission(name) => {
            format!("by {name}")
        }
        CheckKind::Sibling | CheckKind::Asker => "by a check beside".to_owned(),
    })
}

/// The names of the parameters in a pattern; `None` where groups without names make them unknown.
fn parameters(route: &Route) -> Option<Vec<Arc<str>>> {
    let mut names = Vec::new();
    for segment in &route.segments {
        let opening = match segment.kind {
            SegmentKind::Locale => continue,
            SegmentKind::Path => "<",
            SegmentKind::Regex => "(?P<",
        };
        let before = names.len();
        for rest in segment.text.split(opening).skip(1) {
            let Some((inner, _)) = rest.split_once('>') else { continue };
            let name = inner.rsplit(':').next().unwrap_or(inner);
            names.push(Arc::from(name));
        }
        let groups = segment.text.replace("\\(", "").replace("(?:", "").contains('(');
        if segment.kind == SegmentKind::Regex && names.len() == before && groups {
            return None;
        }
    }
    if route.origin == Origin::Router {
        // What a router adds to each of its routes names no object.
        names.retain(|name: &Arc<str>| &**name != "format");
    }
    Some(names)
}
