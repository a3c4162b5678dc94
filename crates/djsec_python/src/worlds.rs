//! Worlds: which values hold under which facts about the process.
//!
//! A [`Guard`] is a Boolean function of [`Atom`]s (a variable is set, a predicate on it holds, a
//! package is installed, …). Guards are nodes of one reduced ordered decision diagram, so that
//! equal conditions are equal ids, and "never" and "always" are comparisons with a constant.

mod support;
mod symbol;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use symbol::{Root, Sym, Type, without_unknown};

/// A set of worlds; equal sets have equal guards within one [`Worlds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guard(u32);

impl Guard {
    /// No world.
    pub const NEVER: Self = Self(0);
    /// Every world.
    pub const ALWAYS: Self = Self(1);

    /// Whether this is no world at all.
    pub fn is_never(self) -> bool {
        self == Self::NEVER
    }

    /// Whether this is every world.
    pub fn is_always(self) -> bool {
        self == Self::ALWAYS
    }
}

/// A fact that is true or false of a process.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// The environment variable is set (perhaps to the empty string).
    EnvSet(Arc<str>),
    /// The unknown value is truthy.
    Truthy(Arc<Sym>),
    /// The package can be imported.
    Installed(Arc<str>),
    /// The file or module exists where the process runs.
    Exists(Arc<str>),
    /// A file or a mapping that whoever operates the project writes, and that is not in the tree, has the key:
    /// `/etc/shop.cfg[site.debug]`.
    KeyIn(Arc<str>),
    /// A condition djsec cannot evaluate.
    Unknown(u32, Arc<str>),
}

impl Atom {
    /// The environment variable the fact is about.
    pub fn variable(&self) -> Option<&Arc<str>> {
        match self {
            Self::EnvSet(name) => Some(name),
            Self::Truthy(sym) => sym.variable(),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Node {
    level: u32,
    low: Guard,
    high: Guard,
}

/// Newer atoms stand nearer to the root: most conditions join a new atom to old ones, which then
/// stay as they are. Gives the level of an atom, and the atom of a level.
fn level(id: u32) -> u32 {
    (u32::MAX - 1).saturating_sub(id)
}

/// The decision diagram that gives guards their meaning.
#[derive(Debug)]
pub struct Worlds {
    nodes: Vec<Node>,
    unique: FxHashMap<(u32, Guard, Guard), Guard>,
    cache: FxHashMap<(Guard, Guard, Guard), Guard>,
    atoms: Vec<Atom>,
    ids: FxHashMap<Atom, u32>,
    facts: Vec<Fact>,
    /// For each atom, the facts that speak of it.
    facts_of: Vec<Vec<u32>>,
    /// Whether a guard is impossible, with the number of facts about its atoms at which that was found.
    answers: FxHashMap<Guard, (bool, usize)>,
    supports: FxHashMap<Guard, Arc<[u32]>>,
    /// Whether the program ends in every world.
    hopeless: bool,
    /// What was put into `cache` since the last question began.
    asked: Vec<(Guard, Guard, Guard)>,
    /// Steps of all operations so far.
    work: u64,
    /// How many of these [`Worlds::spend`] has told.
    told: u64,
}

/// Something that holds in every world that counts. Facts are kept apart, and only those that speak of
/// the same atoms are brought together: one conjunction of all would grow beyond bounds.
#[derive(Debug, Clone, Copy)]
struct Fact {
    holds: Guard,
    /// Whether it holds by logic; else it says where the program did not end.
    logical: bool,
}

/// How far a diagram had come, to go back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    nodes: usize,
    atoms: usize,
    facts: usize,
    hopeless: bool,
}

impl Mark {
    /// Whether a guard is one of those that there were.
    pub fn has(&self, guard: Guard) -> bool {
        (guard.0 as usize) < self.nodes
    }
}

/// Facts that one question takes into account. Leaving some out can only make a world count that does
/// not.
const FACTS_AT_ONCE: usize = 32;

/// More nodes than any settings module needs; past it conditions become unknown.
const NODE_BUDGET: usize = 150_000;

/// More facts about a process than any settings module asks for.
const MOST_ATOMS: usize = 10_000;

/// Steps that one operation may take: a condition that takes more tells nobody anything, and would use up what the
/// rest of the settings needs. It becomes an unknown one.
const STEPS_AT_ONCE: u32 = 4_000;

/// Steps of all operations together. Questions forget their nodes, so that a loop that asks many is not ended by
/// the nodes it makes. Of ninety real projects one takes more than a tenth of it.
const WORK_BUDGET: u64 = 8_000_000;

/// Nodes that are looked through in the time of a step.
const NODES_OF_A_STEP: u64 = 8;

/// Nodes that a question may leave behind, for the next like it; where it made more, they are forgotten.
const KEPT_OF_A_QUESTION: usize = 100;

impl Default for Worlds {
    fn default() -> Self {
        Self::new()
    }
}

impl Worlds {
    /// A diagram with the two constants.
    pub fn new() -> Self {
        let leaf = Node { level: u32::MAX, low: Guard::NEVER, high: Guard::ALWAYS };
        Self {
            nodes: vec![leaf, leaf],
            unique: FxHashMap::default(),
            cache: FxHashMap::default(),
            atoms: Vec::new(),
            ids: FxHashMap::default(),
            facts: Vec::new(),
            facts_of: Vec::new(),
            answers: FxHashMap::default(),
            supports: FxHashMap::default(),
            hopeless: false,
            asked: Vec::new(),
            work: 0,
            told: 0,
        }
    }

    /// The worlds in which `atom` holds. Relations to earlier atoms become facts.
    #[expect(clippy::needless_pass_by_value, reason = "callers make the atom for this call")]
    pub fn atom(&mut self, atom: Atom) -> Guard {
        if let Some(id) = self.ids.get(&atom) {
            return self.node(level(*id), Guard::NEVER, Guard::ALWAYS);
        }
        if self.overflowed() {
            return self.too_many();
        }
        if let Atom::Truthy(sym) = &atom
            && let Some(name) = sym.variable()
        {
            // A predicate on a variable presupposes that it is set; decide that first.
            self.atom(Atom::EnvSet(Arc::clone(name)));
        }
        let id = u32::try_from(self.atoms.len()).unwrap_or(u32::MAX - 1);
        self.atoms.push(atom.clone());
        self.ids.insert(atom.clone(), id);
        let guard = self.node(level(id), Guard::NEVER, Guard::ALWAYS);
        self.relate(&atom, guard);
        guard
    }

    /// The worlds in which `atom` holds, if it has been asked about before.
    pub fn known(&mut self, atom: &Atom) -> Option<Guard> {
        let id = self.ids.get(atom).copied()?;
        Some(self.node(level(id), Guard::NEVER, Guard::ALWAYS))
    }

    fn relate(&mut self, atom: &Atom, guard: Guard) {
        let Atom::Truthy(sym) = atom else { return };
        if let Some(name) = sym.variable() {
            let set = self.atom(Atom::EnvSet(Arc::clone(name)));
            let implied = self.implies(guard, set);
            self.add_fact(implied, true);
        }
        let Some(last) = sym.ops.last().filter(|op| op.starts_with("== ")) else { return };
        let siblings: Vec<Atom> = self
            .atoms
            .iter()
            .filter(|other| match other {
                Atom::Truthy(o) => {
                    o.root == sym.root
                        && o.ops.len() == sym.ops.len()
                        && o.ops.iter().zip(&sym.ops).take(sym.ops.len() - 1).all(|(a, b)| a == b)
                        && o.ops.last().is_some_and(|op| op.starts_with("== ") && op != last)
                }
                _ => false,
            })
            .cloned()
            .collect();
        for sibling in siblings {
            let other = self.atom(sibling);
            let both = self.and(guard, other);
            let exclusive = self.not(both);
            self.add_fact(exclusive, true);
        }
    }

    fn node(&mut self, level: u32, low: Guard, high: Guard) -> Guard {
        if low == high {
            return low;
        }
        if let Some(guard) = self.unique.get(&(level, low, high)) {
            return *guard;
        }
        let guard = Guard(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { level, low, high });
        self.unique.insert((level, low, high), guard);
        guard
    }

    fn at(&self, guard: Guard) -> Node {
        self.nodes.get(guard.0 as usize).copied().unwrap_or(Node {
            level: u32::MAX,
            low: Guard::NEVER,
            high: Guard::NEVER,
        })
    }

    /// `if c then t else e`.
    pub fn ite(&mut self, c: Guard, t: Guard, e: Guard) -> Guard {
        if c.is_always() || t == e {
            return t;
        }
        if c.is_never() {
            return e;
        }
        if t.is_always() && e.is_never() {
            return c;
        }
        if let Some(found) = self.cache.get(&(c, t, e)) {
            return *found;
        }
        let mut steps = STEPS_AT_ONCE;
        if let Some(guard) = self.ite_within(c, t, e, &mut steps) {
            return guard;
        }
        let guard = self.too_many();
        self.cache.insert((c, t, e), guard);
        guard
    }

    /// The same, as long as there are steps left.
    fn ite_within(&mut self, c: Guard, t: Guard, e: Guard, steps: &mut u32) -> Option<Guard> {
        if c.is_always() || t == e {
            return Some(t);
        }
        if c.is_never() {
            return Some(e);
        }
        if t.is_always() && e.is_never() {
            return Some(c);
        }
        if let Some(found) = self.cache.get(&(c, t, e)) {
            return Some(*found);
        }
        if self.overflowed() {
            return None;
        }
        self.work += 1;
        *steps = steps.checked_sub(1)?;
        let top = [c, t, e].into_iter().map(|g| self.at(g).level).min().unwrap_or(u32::MAX);
        let split = |worlds: &Self, g: Guard| {
            let node = worlds.at(g);
            if node.level == top { (node.low, node.high) } else { (g, g) }
        };
        let ((c0, c1), (t0, t1), (e0, e1)) = (split(self, c), split(self, t), split(self, e));
        let low = self.ite_within(c0, t0, e0, steps)?;
        let high = self.ite_within(c1, t1, e1, steps)?;
        let guard = self.node(top, low, high);
        self.cache.insert((c, t, e), guard);
        self.asked.push((c, t, e));
        Some(guard)
    }

    /// Stands for a condition that was not computed: an unknown one of its own, so that those that others are made
    /// of stay small; one for all when there is no room left at all.
    fn too_many(&mut self) -> Guard {
        let own = if self.overflowed() { 0 } else { u32::try_from(self.atoms.len()).unwrap_or(0) };
        let atom = Atom::Unknown(u32::MAX - own, Arc::from("too many conditions"));
        let known = self.ids.get(&atom).copied();
        let at = known.unwrap_or_else(|| {
            let at = u32::try_from(self.atoms.len()).unwrap_or(u32::MAX - 1);
            self.atoms.push(atom.clone());
            self.ids.insert(atom, at);
            at
        });
        self.node(level(at), Guard::NEVER, Guard::ALWAYS)
    }

    /// Whether there were too many conditions: then guards computed since say nothing.
    pub fn overflowed(&self) -> bool {
        self.nodes.len() > NODE_BUDGET || self.work > WORK_BUDGET || self.atoms.len() > MOST_ATOMS
    }

    /// Steps of operations since this was last asked.
    pub fn spend(&mut self) -> u64 {
        let spent = self.work - self.told;
        self.told = self.work;
        spent
    }

    /// How far it has come.
    pub fn mark(&self) -> Mark {
        Mark {
            nodes: self.nodes.len(),
            atoms: self.atoms.len(),
            facts: self.facts.len(),
            hopeless: self.hopeless,
        }
    }

    /// Forgets what came since: guards that are newer mean nothing any more.
    pub fn rewind(&mut self, mark: Mark) {
        self.nodes.truncate(mark.nodes);
        self.unique.retain(|_, guard| mark.has(*guard));
        self.cache.retain(|(c, t, e), guard| [*c, *t, *e, *guard].iter().all(|g| mark.has(*g)));
        self.atoms.truncate(mark.atoms);
        self.ids.retain(|_, id| (*id as usize) < mark.atoms);
        self.facts.truncate(mark.facts);
        self.facts_of.truncate(mark.atoms);
        for facts in &mut self.facts_of {
            facts.retain(|fact| (*fact as usize) < mark.facts);
        }
        // They were found with facts that are gone.
        self.answers.clear();
        self.supports.retain(|guard, _| mark.has(*guard));
        self.hopeless = mark.hopeless;
    }

    /// Worlds in both.
    pub fn and(&mut self, a: Guard, b: Guard) -> Guard {
        // One order for both, so that each pair is computed once.
        if a <= b { self.ite(a, b, Guard::NEVER) } else { self.ite(b, a, Guard::NEVER) }
    }

    /// Worlds in either.
    pub fn or(&mut self, a: Guard, b: Guard) -> Guard {
        self.ite(a, Guard::ALWAYS, b)
    }

    /// The other worlds.
    pub fn not(&mut self, a: Guard) -> Guard {
        self.ite(a, Guard::NEVER, Guard::ALWAYS)
    }

    /// Worlds in `a` but not in `b`.
    pub fn minus(&mut self, a: Guard, b: Guard) -> Guard {
        self.ite(b, Guard::NEVER, a)
    }

    /// `not a or b`.
    pub fn implies(&mut self, a: Guard, b: Guard) -> Guard {
        self.ite(a, b, Guard::ALWAYS)
    }

    /// Whether every world of `a` is in `b`.
    pub fn within(&mut self, a: Guard, b: Guard) -> bool {
        self.minus(a, b).is_never()
    }

    /// Whether no world that counts is in `guard`, as far as the facts about its own atoms tell.
    pub fn impossible(&mut self, guard: Guard) -> bool {
        if guard.is_never() || self.hopeless {
            return true;
        }
        if self.overflowed() {
            return self.answers.get(&guard).is_some_and(|(answer, _)| *answer);
        }
        let about = self.atoms_of(guard);
        let facts =
            about.iter().filter_map(|id| self.facts_of.get(*id as usize)).map(Vec::len).sum();
        if let Some((answer, known)) = self.answers.get(&guard)
            && (*answer || *known == facts)
        {
            return *answer;
        }
        let answer = facts > 0 && self.contradicts_facts(guard);
        self.answers.insert(guard, (answer, facts));
        answer
    }

    /// Whether what is known leaves no world of a guard. Where it takes too long to tell, some may be left.
    fn contradicts_facts(&mut self, guard: Guard) -> bool {
        let before = self.nodes.len();
        self.asked.clear();
        let mut steps = STEPS_AT_ONCE;
        let mut current = guard;
        for fact in self.facts_about(guard) {
            let (a, b) = (current.min(fact.holds), current.max(fact.holds));
            match self.ite_within(a, b, Guard::NEVER, &mut steps) {
                Some(narrower) => current = narrower,
                None => break,
            }
            if current.is_never() {
                break;
            }
        }
        if self.nodes.len() > before + KEPT_OF_A_QUESTION {
            self.forget(before);
        }
        current.is_never()
    }

    /// Takes out nodes that only a question made: nothing else knows them.
    fn forget(&mut self, before: usize) {
        for node in self.nodes.drain(before..) {
            self.unique.remove(&(node.level, node.low, node.high));
        }
        let gone = |guard: Guard| guard.0 as usize >= before;
        for key in self.asked.drain(..) {
            let result = self.cache.get(&key).copied();
            if [key.0, key.1, key.2].into_iter().chain(result).any(gone) {
                self.cache.remove(&key);
            }
        }
    }

    /// The atoms of a guard, found once.
    fn atoms_of(&mut self, guard: Guard) -> Arc<[u32]> {
        if let Some(known) = self.supports.get(&guard) {
            return Arc::clone(known);
        }
        let (ids, nodes) = self.support_within(guard);
        self.work += nodes as u64 / NODES_OF_A_STEP;
        let ids: Arc<[u32]> = Arc::from(ids);
        self.supports.insert(guard, Arc::clone(&ids));
        ids
    }

    /// The facts that speak of atoms of a guard, in order.
    fn facts_about(&mut self, about: Guard) -> Vec<Fact> {
        let mut indices: Vec<u32> = self
            .atoms_of(about)
            .iter()
            .filter_map(|atom| self.facts_of.get(*atom as usize))
            .flatten()
            .copied()
            .collect();
        indices.sort_unstable();
        indices.dedup();
        let facts = indices.into_iter().take(FACTS_AT_ONCE);
        facts.filter_map(|index| self.facts.get(index as usize).copied()).collect()
    }

    /// `start`, narrowed by the facts that speak of atoms of `about`.
    fn with_facts(&mut self, start: Guard, about: Guard, only_logical: bool) -> Guard {
        let mut current = start;
        for fact in self.facts_about(about) {
            if fact.logical || !only_logical {
                current = self.and(current, fact.holds);
            }
            if current.is_never() {
                break;
            }
        }
        current
    }

    fn add_fact(&mut self, holds: Guard, logical: bool) -> usize {
        self.hopeless |= holds.is_never();
        let index = self.facts.len();
        self.facts.push(Fact { holds, logical });
        for atom in self.support_ids(holds) {
            let at = atom as usize;
            if self.facts_of.len() <= at {
                self.facts_of.resize(at + 1, Vec::new());
            }
            if let (Some(list), Ok(index)) = (self.facts_of.get_mut(at), u32::try_from(index)) {
                list.push(index);
            }
        }
        index
    }

    /// Takes worlds out of those that count: the program ended there. Guards need not carry that
    /// along, which keeps them small. Gives a number for [`Self::forgive`].
    pub fn kill(&mut self, guard: Guard) -> usize {
        let rest = self.not(guard);
        self.add_fact(rest, false)
    }

    /// Takes back a [`Self::kill`].
    pub fn forgive(&mut self, number: usize) {
        if let Some(fact) = self.facts.get_mut(number) {
            fact.holds = Guard::ALWAYS;
        }
        self.hopeless = self.facts.iter().any(|fact| fact.holds.is_never());
        self.answers.clear();
    }

    /// Whether the program ends in every world: for some atom, both whether it holds and not.
    pub fn never_survives(&mut self) -> bool {
        if self.hopeless {
            return true;
        }
        let ended: Vec<Guard> =
            self.facts.iter().filter(|fact| !fact.logical).map(|fact| fact.holds).collect();
        let mut all = Guard::ALWAYS;
        for holds in ended.into_iter().take(64) {
            let next = self.and(all, holds);
            if self.impossible(next) {
                return true;
            }
            if self.support_ids(next).len() > 24 {
                break;
            }
            all = next;
        }
        false
    }
}
