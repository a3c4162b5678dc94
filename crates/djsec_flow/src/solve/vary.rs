//! Methods that are run once more for objects of one class, where that makes a difference.

use std::sync::Arc;

use djsec_django::hierarchy::{Attribute, AttributeValue};
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId};

use super::Solver;
use crate::index::{FunctionKey, owner};
use crate::summary::{CLASS, Hit, Split};
use crate::taint::Origin;

/// So many classes derived from one are looked at for what is another thing there.
const MOST_DERIVED: usize = 24;

impl Solver<'_> {
    /// Makes room for the methods that were called on objects of a known class and that do something else for
    /// those of another, and marks them and who calls them.
    pub(super) fn vary(&mut self, dirty: &mut Vec<bool>) {
        let callers = self.summaries.iter().zip(0_u32..);
        let wanted = callers.flat_map(|(summary, caller)| {
            let wants = summary.wants.iter().cloned();
            wants.map(move |(method, class)| (method, class, FunctionKey(caller)))
        });
        let mut wanted: Vec<(FunctionKey, QualifiedName, FunctionKey)> = wanted.collect();
        wanted.sort_unstable();
        for of_method in wanted.chunk_by(|one, other| one.0 == other.0) {
            self.vary_one(of_method, dirty);
        }
    }

    /// The same of one method: by class, who calls it on objects of that.
    fn vary_one(
        &mut self,
        wanted: &[(FunctionKey, QualifiedName, FunctionKey)],
        dirty: &mut Vec<bool>,
    ) {
        let Some((method, ..)) = wanted.first() else { return };
        let mut open = Vec::new();
        let mut new = 0;
        for callers in wanted.chunk_by(|one, other| one.1 == other.1) {
            let Some((_, class, _)) = callers.first() else { continue };
            let known = self.variants.get(*method, class);
            if known.is_some() || self.differs(*method, class) {
                new += usize::from(known.is_none());
                open.push((class, known, callers));
            }
        }
        let room = self.variants.has_room(*method, new);
        for (class, known, callers) in open {
            let key = match known {
                None if room => self.add(*method, class, dirty),
                known => known,
            };
            let Some(key) = key else { continue };
            for (.., caller) in callers {
                self.leads_to(*caller, key, dirty);
            }
        }
    }

    /// Notes that a function calls a method for one class.
    fn leads_to(&mut self, caller: FunctionKey, method: FunctionKey, dirty: &mut [bool]) {
        let at = caller.0 as usize;
        if let Some(callees) = self.callees.get_mut(at)
            && let Err(place) = callees.binary_search(&method)
        {
            callees.insert(place, method);
            self.levels = None;
            if let Some(dirty) = dirty.get_mut(at) {
                *dirty = true;
            }
        }
    }

    /// The number of a method for one more class.
    fn add(
        &mut self,
        method: FunctionKey,
        class: &QualifiedName,
        dirty: &mut Vec<bool>,
    ) -> Option<FunctionKey> {
        let key = self.variants.add(method, class)?;
        let callees = self.callees_of(method).to_vec();
        self.summaries.push(Arc::default());
        self.callees.push(callees);
        self.levels = None;
        self.ran.push(0);
        dirty.push(true);
        Some(key)
    }

    /// Whether something that a method looks up on its object is another thing in one class than in others.
    fn differs(&self, method: FunctionKey, class: &QualifiedName) -> bool {
        let world = self.world;
        let of = world.index.place(method).and_then(|place| {
            owner(place.module, world.program.code(place.module)?, place.function)
        });
        let (Some(of), Some(summary)) = (of, self.summaries.get(method.0 as usize)) else {
            return false;
        };
        summary.splits.iter().any(|split| {
            if &*split.name == CLASS {
                return of != *class;
            }
            let mine = self.looked_up(class, split);
            let derived = world.index.derived(&of).iter().take(MOST_DERIVED);
            let mut others = std::iter::once(&of).chain(derived);
            others.any(|other| self.is_other(mine.as_ref(), self.looked_up(other, split).as_ref()))
        })
    }

    fn looked_up(&self, class: &QualifiedName, split: &Split) -> Option<Attribute<'_>> {
        match &split.behind {
            Some(behind) => self.world.hierarchy.attribute_behind(class, behind, &split.name),
            None => self.world.hierarchy.attribute(class, &split.name),
        }
    }

    /// Whether it matters to data which of two attributes there is.
    fn is_other(&self, mine: Option<&Attribute<'_>>, other: Option<&Attribute<'_>>) -> bool {
        if mine.map(|mine| &mine.owner) == other.map(|other| &other.owner) {
            return false;
        }
        let key = |found: &Attribute<'_>| {
            let (module, function) = found.method()?;
            self.world.index.key(module, function)
        };
        match (mine.and_then(key), other.and_then(key)) {
            (Some(mine), Some(other)) => {
                let summary = |key: FunctionKey| self.summaries.get(key.0 as usize);
                match (summary(mine), summary(other)) {
                    (Some(mine), Some(other)) => !mine.does_the_same(other),
                    _ => false,
                }
            }
            (None, None) => [mine, other].into_iter().flatten().any(is_asked),
            _ => true,
        }
    }

    /// How many methods were not followed to their end for one class, and were for all classes together.
    pub(super) fn cut_variants(&self) -> usize {
        let first = self.world.index.len();
        let variants = (0_u32..).zip(&self.summaries).skip(first).filter(|(_, one)| one.cut);
        let of_all = |key| self.summaries.get(self.variants.behind(FunctionKey(key))?.0.0 as usize);
        variants.filter(|(key, _)| of_all(*key).is_some_and(|summary| !summary.cut)).count()
    }

    /// What methods bring from outside into sinks that were looked at for one class.
    pub(super) fn hits_of_variants(&self) -> impl Iterator<Item = &Hit> {
        let variants = self.summaries.iter().skip(self.world.index.len());
        let hits = variants.flat_map(|summary| summary.hits.iter());
        hits.filter(|hit| matches!(hit.label.origin, Origin::Source(_)))
    }
}

/// Whether an attribute decides what is called, or how: a class, a function, a text, yes or no, rows that have methods.
fn is_asked(found: &Attribute<'_>) -> bool {
    match found.value {
        AttributeValue::Assigned(_, code, value) => match code.expr(value) {
            Expr::Str(_) | Expr::Bool(_) | Expr::Name(_) | Expr::Attribute(..) => true,
            Expr::Call(callee, _) => code.name(callee).is_some() || is_rows(code, value),
            _ => false,
        },
        _ => false,
    }
}

/// `Order.objects.filter(open=True)`
fn is_rows(code: &Code, value: ExprId) -> bool {
    match code.expr(value) {
        Expr::Call(callee, _) => is_rows(code, callee),
        Expr::Attribute(on, name) => code.text(name) == "objects" || is_rows(code, on),
        _ => false,
    }
}
