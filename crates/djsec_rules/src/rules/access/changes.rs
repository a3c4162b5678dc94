//! Who may change which rows.

use djsec_django::views::Level;
use djsec_django::views::effects::Verbs;
use djsec_django::views::objects::{ObjectAccess, Operation};

use crate::{Cx, Endpoint};

/// The rows to which a view does this, with who may do it.
pub(super) fn writes<'e>(
    cx: &'e Cx<'_>,
    endpoint: &Endpoint<'_>,
    operations: &[Operation],
) -> Vec<(&'e ObjectAccess, Level)> {
    let effects = cx.effects(endpoint);
    let changes = |access: &&ObjectAccess| operations.contains(&access.operation);
    let mut found = Vec::new();
    for access in effects.objects.accesses.iter().filter(changes) {
        let Some(effect) = effects.all.iter().find(|effect| effect.place == access.place) else {
            continue;
        };
        let verbs = effect.verbs.and(endpoint.verbs()).and(Verbs::WRITING);
        let level = verbs.names().filter_map(|verb| endpoint.level(verb)).min();
        if let Some(level) = level {
            found.push((access, level.clone()));
        }
    }
    found
}
