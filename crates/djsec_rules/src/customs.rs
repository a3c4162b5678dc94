//! What a project does with its models everywhere: the measure for what it does in one place.

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::Span;
use djsec_django::views::Level;
use djsec_django::views::objects::{How, ObjectAccess, Operation, Scope};
use djsec_python::QualifiedName;

use crate::Cx;

/// What the project does with a model everywhere.
#[derive(Debug, Default)]
pub(crate) struct Custom {
    /// Where it is scoped to who asks.
    pub(crate) scoped: Option<Span>,
    /// The modules whose views show it to everybody without a look at who asks.
    pub(crate) published_in: BTreeSet<String>,
    /// Whether plain users are shown all rows somewhere.
    pub(crate) listed: bool,
}

impl Custom {
    /// Learns from what a view of a module does with rows that people of a level reach.
    fn learn(&mut self, access: &ObjectAccess, level: Option<&Level>, module: &str) {
        let reads = matches!(access.operation, Operation::List | Operation::Fetch);
        match &access.scope {
            Scope::Scoped { how, place } if reads && names_asker(how) => {
                self.scoped.get_or_insert(*place);
            }
            Scope::Unscoped if access.under.is_empty() => {
                let public = level.is_some_and(Level::is_public);
                let plain = matches!(level, Some(Level::Public | Level::Authenticated));
                let list = access.operation == Operation::List;
                if public && list {
                    self.published_in.insert(module.to_owned());
                }
                let free = access.guards_after.is_empty() && !access.is_chosen();
                self.listed |= plain && list && free;
            }
            _ => {}
        }
    }

    /// Whether it is shown to everybody somewhere.
    pub(crate) fn is_published(&self) -> bool {
        !self.published_in.is_empty()
    }
}

/// What the project does with each model that its views touch.
pub(crate) type Customs = BTreeMap<QualifiedName, Custom>;

/// What the project does with each model; see [`Cx::customs`].
pub(crate) fn customs(cx: &Cx<'_>) -> Customs {
    let mut customs = Customs::new();
    for (endpoint, objects) in cx.open_endpoints() {
        for access in &objects.accesses {
            let custom = customs.entry(access.model.clone()).or_default();
            custom.learn(access, endpoint.level_of(access), endpoint.module());
        }
    }
    for one in cx.answering() {
        let Some(endpoint) = cx.endpoint(one.at) else { continue };
        let module = cx.program.module(one.resolver.module).map(|module| &*module.name);
        for access in &one.objects.accesses {
            let level = endpoint.level_of(access);
            let level =
                if one.resolver.asks { level.max(Some(&Level::Authenticated)) } else { level };
            let custom = customs.entry(access.model.clone()).or_default();
            custom.learn(access, level, module.unwrap_or_default());
        }
    }
    customs
}

/// Whether rows are tied to who asks, rather than kept from guessing.
fn names_asker(how: &How) -> bool {
    matches!(how, How::User(_) | How::Method(_) | How::Own)
}
