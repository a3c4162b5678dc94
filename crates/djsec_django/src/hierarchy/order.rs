//! The method resolution order of all classes, across the border between the project and packages.

use std::sync::Arc;

use djsec_python::{Kept, QualifiedName};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Hierarchy, known_class, wanted};

/// Hierarchies deeper than this are cut off.
pub(super) const DEEPEST: usize = 256;
/// Orders longer than this are cut off: no real class comes near.
const LONGEST: usize = 1_000;

/// A class and what it is derived from.
#[derive(Debug, Clone)]
pub(super) struct Lineage {
    pub(super) order: Arc<[QualifiedName]>,
    /// Whether all of them are known.
    pub(super) complete: bool,
}

/// The orders worked out so far.
pub(super) type Orders = Kept<QualifiedName, Lineage>;

impl Hierarchy<'_> {
    pub(super) fn lineage(&self, class: &QualifiedName) -> Lineage {
        if let Some(kept) = self.orders.get(class) {
            return kept;
        }
        let class = self.canonical(class);
        let (open, circular) = (FxHashSet::default(), FxHashMap::default());
        Walk { hierarchy: self, open, circular, cut: false }.linearize(&class)
    }

    /// The bases of a class by canonical name, `object` left out; `None` for a class nobody knows.
    fn bases(&self, class: &QualifiedName) -> Option<Vec<QualifiedName>> {
        match class {
            QualifiedName::External(name) => {
                let Some(known) = known_class(name) else { return self.installed_bases(class) };
                Some(known.bases().map(|base| QualifiedName::External(base.into())).collect())
            }
            QualifiedName::Project(module, _) => {
                let bases = if self.program.class(class).is_some() {
                    self.program.bases(class)
                } else {
                    // A class in a function is not among the names of its module.
                    let (code, id) = self.program.class_code(class)?;
                    let written = code.exprs(code.class(id)?.bases).iter();
                    let resolved = written.map(|base| match code.dotted(*base) {
                        Some(dotted) => self.program.resolve(*module, &dotted),
                        None => QualifiedName::Unknown,
                    });
                    resolved.collect()
                };
                Some(bases.iter().map(|base| self.canonical(base)).collect())
            }
            QualifiedName::Module(_) | QualifiedName::Unknown => None,
        }
    }

    /// The bases of a package's class that was read from an environment.
    fn installed_bases(&self, class: &QualifiedName) -> Option<Vec<QualifiedName>> {
        let (module, code, class) = self.program.class_home(class)?;
        let bases = wanted::bases(self.program, module, code, class);
        Some(bases.iter().map(|base| self.canonical(base)).collect())
    }
}

struct Walk<'h, 'a> {
    hierarchy: &'h Hierarchy<'a>,
    open: FxHashSet<QualifiedName>,
    /// What was cut somewhere. Where depends on the class that was asked for, so that these answers
    /// are only good for this question.
    circular: FxHashMap<QualifiedName, Lineage>,
    /// Whether a circle or a limit has cut something off.
    cut: bool,
}

impl Walk<'_, '_> {
    fn linearize(&mut self, class: &QualifiedName) -> Lineage {
        if let Some(kept) = self.hierarchy.orders.get(class) {
            return kept;
        }
        if let Some(circular) = self.circular.get(class) {
            self.cut = true;
            return circular.clone();
        }
        if self.open.len() >= DEEPEST || !self.open.insert(class.clone()) {
            self.cut = true;
            return Lineage { order: Arc::from([class.clone()]), complete: false };
        }
        let before = std::mem::take(&mut self.cut);
        let lineage = match self.hierarchy.bases(class) {
            Some(bases) => self.derived(class, bases),
            None => Lineage { order: Arc::from([class.clone()]), complete: false },
        };
        self.open.remove(class);
        if self.cut {
            self.circular.insert(class.clone(), lineage.clone());
        } else {
            self.hierarchy.orders.keep(class, lineage.clone());
        }
        self.cut |= before;
        lineage
    }

    fn derived(&mut self, class: &QualifiedName, mut bases: Vec<QualifiedName>) -> Lineage {
        bases.retain(|base| base != class && !base.is_external("builtins.object"));
        let lineages: Vec<Lineage> = bases.iter().map(|base| self.linearize(base)).collect();
        let complete = lineages.iter().all(|lineage| lineage.complete);
        let mut order = vec![class.clone()];
        if let [only] = lineages.as_slice() {
            order.extend(only.order.iter().filter(|base| *base != class).cloned());
        } else {
            let mut lists: Vec<Vec<QualifiedName>> =
                lineages.iter().map(|lineage| lineage.order.to_vec()).collect();
            drop_early_generic(&mut bases, &mut lists);
            lists.push(bases);
            order.extend(merge(lists).into_iter().filter(|base| base != class));
        }
        if order.len() > LONGEST {
            order.truncate(LONGEST);
            return Lineage { order: order.into(), complete: false };
        }
        Lineage { order: order.into(), complete }
    }
}

/// `class A(Generic[T], B[T])` has only the base `B` where `B` is generic itself.
fn drop_early_generic(bases: &mut Vec<QualifiedName>, lists: &mut Vec<Vec<QualifiedName>>) {
    let is_generic = |name: &QualifiedName| name.is_external("typing.Generic");
    let Some(at) = bases.iter().position(is_generic) else { return };
    if lists.iter().skip(at + 1).any(|list| list.iter().any(is_generic)) {
        bases.remove(at);
        lists.remove(at);
    }
}

/// The merge of C3: again and again the first head that stands in no other list's tail. Python
/// refuses the class when no head is free; what is left then follows in the order of the source.
fn merge(lists: Vec<Vec<QualifiedName>>) -> Vec<QualifiedName> {
    let mut lists: Vec<std::collections::VecDeque<QualifiedName>> =
        lists.into_iter().map(Into::into).collect();
    let mut order = Vec::new();
    loop {
        lists.retain(|list| !list.is_empty());
        let free = |head: &&QualifiedName| {
            !lists.iter().any(|list| list.iter().skip(1).any(|other| other == *head))
        };
        let mut heads = lists.iter().filter_map(|list| list.front());
        let first = heads.clone().next();
        let Some(next) = heads.find(free).or(first).cloned() else { return order };
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
        order.push(next);
    }
}
