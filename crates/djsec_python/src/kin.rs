//! Under which names something of a package may go.
//!
//! Resolving every class of a large project to ask "is it a view of this package?" costs more than
//! all rules together. Most are not, and their names alone tell.

#[cfg(test)]
mod tests;

use rustc_hash::FxHashSet;

use crate::summary::{Binding, BindingKind, mention_hash};
use crate::{Program, Summary};

/// A chain of names longer than this ends the search, and then every name may be one.
const MOST_ROUNDS: usize = 64;

/// Names that may stand for something of one package, or for a class derived from such a thing,
/// somewhere in the project. A name that is not among them certainly does not; which module uses it
/// plays no part.
#[derive(Debug)]
pub struct Kin {
    /// By hash: a collision can only make a name count that does not.
    names: FxHashSet<u64>,
    /// Whether the names could not be told apart.
    everything: bool,
}

impl Kin {
    /// Whether a dotted name may lead to the package: `views.Orders` when `Orders` may.
    pub fn may_be(&self, dotted: &str) -> bool {
        self.everything || dotted.split('.').any(|part| self.names.contains(&mention_hash(part)))
    }
}

impl Program {
    /// The names that may stand for something of a top-level package, such as `rest_framework`.
    pub fn kin(&self, package: &str) -> Kin {
        let mut kin = Kin { names: FxHashSet::default(), everything: false };
        let mut pending = Vec::new();
        for (_, module) in self.modules() {
            kin.begin(&module.summary, package, &mut pending);
        }
        for _ in 0..MOST_ROUNDS {
            let before = kin.names.len();
            pending.retain(|(dotted, name)| {
                let leads = kin.may_be(dotted);
                if leads {
                    kin.names.insert(mention_hash(name));
                }
                !leads
            });
            if kin.names.len() == before {
                return kin;
            }
        }
        kin.everything = true;
        kin
    }
}

impl Kin {
    /// Takes in the imports from the package, and notes which names stand for which others.
    fn begin<'p>(
        &mut self,
        summary: &'p Summary,
        package: &str,
        pending: &mut Vec<(&'p str, &'p str)>,
    ) {
        let inside = |dotted: &str| dotted.split('.').next() == Some(package);
        let mut rest: Vec<&'p [Binding]> = vec![&summary.bindings, &summary.local_imports];
        while let Some(bindings) = rest.pop() {
            for binding in bindings {
                let name = &*binding.name;
                match &binding.kind {
                    BindingKind::Import(held) if inside(held) => {
                        self.names.insert(mention_hash(name));
                    }
                    BindingKind::From(target, _)
                        if target.level == 0 && target.module.as_deref().is_some_and(inside) =>
                    {
                        self.names.insert(mention_hash(name));
                    }
                    BindingKind::Star(target)
                        if target.level == 0 && target.module.as_deref().is_some_and(inside) =>
                    {
                        // Any name may have come from there.
                        self.everything = true;
                    }
                    BindingKind::From(_, dotted)
                    | BindingKind::Import(dotted)
                    | BindingKind::Alias(dotted)
                        if **dotted != *name =>
                    {
                        pending.push((dotted, name));
                    }
                    BindingKind::Class(class) => {
                        pending.extend(class.bases.iter().map(|base| (&**base, name)));
                        rest.push(&class.attributes);
                    }
                    _ => {}
                }
            }
        }
    }
}
