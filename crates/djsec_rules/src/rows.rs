//! Rows that a view of DRF gives without asking the permission class that decides about single rows.
//! What several rules need to know: one reports it, the others leave it to that one.

use std::sync::Arc;

use djsec_base::{Confidence, Span};
use djsec_django::models::{Model, Strength};
use djsec_django::routes::Target;
use djsec_django::views::objects::{How, ObjectAccess, Operation, Scope};
use djsec_django::views::rows::{RowPermission, row_permissions};
use djsec_django::views::{Level, Methods};
use djsec_python::QualifiedName;

use crate::{Cx, Endpoint};

/// What a view does with rows of a model though a permission class in force is not asked about them.
#[derive(Debug)]
pub(crate) struct Unasked {
    /// The position of the endpoint.
    pub(crate) at: usize,
    /// Why the class is not asked.
    pub(crate) why: WhyUnasked,
    /// The model.
    pub(crate) model: QualifiedName,
    /// Where the rows are touched.
    pub(crate) place: Span,
    /// The class.
    pub(crate) permission: QualifiedName,
    /// Where it is named.
    pub(crate) named: Option<Span>,
    /// Who comes there.
    pub(crate) level: Level,
    /// How sure it is.
    pub(crate) confidence: Confidence,
}

/// Why a permission class is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhyUnasked {
    /// The view fetches the row itself.
    OwnFetch,
    /// It gives a list, of which DRF asks nothing row by row.
    List,
    /// There is no row yet.
    Create,
}

/// The unasked rows of all endpoints, in their order.
pub(crate) fn unasked(cx: &Cx<'_>) -> Vec<Unasked> {
    let mut found = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        if !endpoint.is_rest() || !endpoint.is_own() || endpoint.view.public_because.is_some() {
            continue;
        }
        let own = |class| cx.counting_method(class, "check_object_permissions").is_some();
        if endpoint.class().is_some_and(own) {
            continue;
        }
        let first = found.len();
        for access in &objects.accesses {
            let known = found.get(first..).unwrap_or_default();
            let same = |one: &Unasked| one.model == access.model;
            if let Some(why) = candidate(access)
                && !known.iter().any(same)
                && let Some(one) = one(cx, &endpoint, access, why)
            {
                found.push(one);
            }
        }
    }
    found
}

/// Whether an access may be one: whoever asks names the row, or gets or makes rows that nothing ties
/// to them.
fn candidate(access: &ObjectAccess) -> Option<WhyUnasked> {
    if !access.guards_after.is_empty() || !access.under.is_empty() {
        return None;
    }
    let unscoped = access.scope == Scope::Unscoped;
    match access.operation {
        Operation::Fetch | Operation::Update | Operation::Delete => {
            (unscoped && !access.asked && access.is_chosen()).then_some(WhyUnasked::OwnFetch)
        }
        Operation::List => (unscoped && !access.is_chosen()).then_some(WhyUnasked::List),
        Operation::Create => {
            let new = matches!(access.scope, Scope::Scoped { how: How::New, .. });
            (unscoped || new).then_some(WhyUnasked::Create)
        }
    }
}

fn one(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    why: WhyUnasked,
) -> Option<Unasked> {
    let source = cx.lookup();
    let target = endpoint.target_of(&access.handler)?;
    calls(endpoint, access, target).into_iter().find_map(|(method, action)| {
        let level = endpoint.level(&method)?.clone();
        let wanted = match why {
            // What is not known may look at the row.
            WhyUnasked::OwnFetch => !level.needs_more_than_login() && !level.is_unknown(),
            WhyUnasked::List => matches!(level, Level::Public | Level::Authenticated),
            WhyUnasked::Create => level.is_public(),
        };
        if !wanted {
            return None;
        }
        let all = row_permissions(source, endpoint.view, target, &method, action.as_deref());
        all.into_iter().find_map(|permission| {
            let confidence = matters(cx, endpoint, access, &permission, why)?;
            let confidence = confidence.min(certainty(&level));
            let RowPermission { class, place: named, .. } = permission;
            let (model, place) = (access.model.clone(), access.place);
            let (at, level) = (endpoint.at, level.clone());
            Some(Unasked { at, why, model, place, permission: class, named, level, confidence })
        })
    })
}

/// How sure it is that nothing else decides: a check of the project may.
fn certainty(level: &Level) -> Confidence {
    match level {
        Level::Custom(words) if !words.ends_with("on the object") => Confidence::Low,
        _ => Confidence::High,
    }
}

/// The methods in upper case, with the action of a viewset, for which the code of an access runs.
fn calls(
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    target: &Target,
) -> Vec<(String, Option<Arc<str>>)> {
    match target {
        Target::ViewSet { actions, .. } => actions
            .iter()
            .filter(|(_, action)| *action == access.handler)
            .map(|(method, action)| (method.to_ascii_uppercase(), Some(Arc::clone(action))))
            .collect(),
        Target::Function(_) => match &endpoint.view.methods {
            Methods::Only(all) => all.iter().map(|method| (method.to_string(), None)).collect(),
            Methods::Any | Methods::Unknown => Vec::new(),
        },
        _ => vec![(access.handler.to_ascii_uppercase(), None)],
    }
}

/// Whether a permission class is about the rows of an access and would refuse some of them.
fn matters(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    access: &ObjectAccess,
    permission: &RowPermission,
    why: WhyUnasked,
) -> Option<Confidence> {
    if permission.level.is_public() {
        return None;
    }
    let model = cx.models().get(&access.model)?;
    let has = |name: &Arc<str>| cx.models().field(&access.model, name).is_some();
    let about = permission.attributes.iter().any(has);
    match why {
        WhyUnasked::OwnFetch if about => Some(Confidence::High),
        // It takes the row as a whole: perhaps rows of another model are meant.
        WhyUnasked::OwnFetch if permission.attributes.is_empty() => {
            let ours = endpoint.class().is_some_and(|class| is_of(cx, class, model));
            Some(if ours { Confidence::Medium } else { Confidence::Low })
        }
        WhyUnasked::List if permission.rows_only && about => {
            let owner = model.owner()?;
            match owner.strength {
                Strength::Owner => Some(Confidence::Medium),
                Strength::Member => Some(Confidence::Low),
                Strength::Trace => None,
            }
        }
        WhyUnasked::Create if permission.rows_only && about => Some(Confidence::High),
        _ => None,
    }
}

/// Whether a generic view says that it is about a model.
fn is_of(cx: &Cx<'_>, view: &QualifiedName, model: &Model) -> bool {
    let queried = |name: &str| {
        let (at, value) = cx.assigned(view, name)?;
        cx.query_model(at, value)
    };
    queried("queryset").is_some_and(|found| found == model.class)
}
