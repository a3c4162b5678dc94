//! Method resolution order.

#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Program, QualifiedName};

/// Hierarchies deeper than this are cut off.
const DEEPEST: usize = 256;

impl Program {
    /// A class and its bases in the order in which attributes are searched (C3), externals as
    /// leaves and `object` left out. Where the hierarchy is circular or contradicts itself, what can
    /// be ordered comes first and the rest follows in the order of the source.
    pub fn mro(&self, class: &QualifiedName) -> Vec<QualifiedName> {
        Linearizer::new(self).order(class)
    }
}

/// Orders many classes, and what they have in common once.
#[derive(Debug)]
pub struct Linearizer<'p> {
    program: &'p Program,
    done: FxHashMap<QualifiedName, Vec<QualifiedName>>,
    open: FxHashSet<QualifiedName>,
    /// Whether a circle was cut: then what was found depends on where the question began.
    cut: bool,
}

impl<'p> Linearizer<'p> {
    /// Knows nothing yet.
    pub fn new(program: &'p Program) -> Self {
        let (done, open) = (FxHashMap::default(), FxHashSet::default());
        Self { program, done, open, cut: false }
    }

    /// What [`Program::mro`] says.
    pub fn order(&mut self, class: &QualifiedName) -> Vec<QualifiedName> {
        let order = self.linearize(class);
        if std::mem::take(&mut self.cut) {
            self.done.clear();
        }
        order
    }

    fn linearize(&mut self, class: &QualifiedName) -> Vec<QualifiedName> {
        if !matches!(class, QualifiedName::Project(..)) {
            return vec![class.clone()];
        }
        if let Some(done) = self.done.get(class) {
            return done.clone();
        }
        if self.open.len() >= DEEPEST || !self.open.insert(class.clone()) {
            self.cut = true;
            return vec![class.clone()];
        }
        let mut bases = self.program.bases(class);
        bases.retain(|base| base != class && !base.is_external("builtins.object"));
        let mut lists: Vec<Vec<QualifiedName>> =
            bases.iter().map(|base| self.linearize(base)).collect();
        let merged = if lists.len() == 1 {
            lists.pop().unwrap_or_default()
        } else {
            lists.push(bases);
            merge(lists)
        };
        let mut order = Vec::with_capacity(merged.len() + 1);
        order.push(class.clone());
        order.extend(merged.into_iter().filter(|base| base != class));
        self.open.remove(class);
        self.done.insert(class.clone(), order.clone());
        order
    }
}

/// The merge of C3: again and again the first head that stands in no other list's tail.
fn merge(lists: Vec<Vec<QualifiedName>>) -> Vec<QualifiedName> {
    let mut lists: Vec<std::collections::VecDeque<QualifiedName>> =
        lists.into_iter().map(Into::into).collect();
    let mut order: Vec<QualifiedName> = Vec::new();
    loop {
        lists.retain(|list| !list.is_empty());
        let heads = lists.iter().filter_map(|list| list.front());
        let free = |head: &&QualifiedName| {
            !lists.iter().any(|list| list.iter().skip(1).any(|other| other == *head))
        };
        // Python would refuse the class when no head is free; we go on with the first.
        let mut heads = heads;
        let first = heads.clone().next().cloned();
        let Some(next) = heads.find(free).cloned().or(first) else { return order };
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
        order.push(next);
    }
}
