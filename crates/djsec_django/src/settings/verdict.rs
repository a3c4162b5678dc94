//! From a condition to what it means for production: the decision table of the settings model.

use std::sync::Arc;

use djsec_python::eval::Fact;
use djsec_python::value::{Data, Value};
use djsec_python::worlds::{Atom, Guard, Worlds};

use super::{Cond, Settings};

/// In which production worlds a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// In none.
    Never,
    /// In all that can be reached.
    Always,
    /// Unless somebody sets these variables: it fails open.
    WhenUnset {
        /// The variables, in the order they are read.
        variables: Vec<Arc<str>>,
        /// What has to be left undone, as a clause: "whenever `KEY` is not set".
        words: String,
    },
    /// In some, depending on facts djsec does not know (a file, a package, an unknown condition).
    Possible {
        /// The condition in words.
        words: String,
    },
    /// Only if somebody sets a variable to a certain value.
    OnlyWhen {
        /// The condition in words.
        words: String,
    },
    /// Not known.
    Undecided,
}

impl Settings {
    /// Whether whoever operates the project adds settings that are not in the tree (`local_settings.py`), or fills in
    /// a sample: what would not run at all as it stands is completed there.
    pub fn is_completed_elsewhere(&self) -> bool {
        self.from_sample
            || self.facts.iter().any(|fact| {
                matches!(
                    fact,
                    Fact::LocalOverride { present: false, .. } | Fact::OperatorModule { .. }
                )
            })
    }

    /// Judges a condition over the worlds that production can reach.
    pub fn verdict(&self, cond: Cond<'_>) -> Verdict {
        self.verdict_in(cond, self.production)
    }

    pub(super) fn verdict_in(&self, cond: Cond<'_>, live: Guard) -> Verdict {
        if self.overflowed {
            return verdict_without_worlds(cond);
        }
        self.with_worlds(|worlds| {
            let yes = worlds.and(cond.yes, live);
            if worlds.impossible(yes) {
                let maybe = worlds.and(cond.maybe, live);
                if worlds.impossible(maybe) {
                    return Verdict::Never;
                }
                return if reached_by_default(worlds, cond.maybe, live) {
                    Verdict::Undecided
                } else {
                    Verdict::Never
                };
            }
            if inside(worlds, live, yes) {
                return Verdict::Always;
            }
            grade(worlds, cond.yes, live)
        })
    }
}

/// Where there were too many conditions, only what holds without any is decided.
fn verdict_without_worlds(cond: Cond<'_>) -> Verdict {
    if cond.yes.is_always() {
        Verdict::Always
    } else if cond.maybe.is_never() {
        Verdict::Never
    } else {
        Verdict::Undecided
    }
}

/// Whether every consistent world of `a` is in `b`.
fn inside(worlds: &mut Worlds, a: Guard, b: Guard) -> bool {
    let rest = worlds.minus(a, b);
    worlds.impossible(rest)
}

fn reached_by_default(worlds: &mut Worlds, guard: Guard, live: Guard) -> bool {
    let default = default_worlds(worlds, guard, live);
    let both = worlds.and(default, guard);
    !worlds.impossible(both)
}

/// The reachable worlds in which no variable that `guard` depends on is set, nor a key of a file that whoever operates
/// the project writes. Variables that the program insists on are set there, to any value.
pub(super) fn default_worlds(worlds: &mut Worlds, guard: Guard, live: Guard) -> Guard {
    let mut current = without_keys(worlds, guard, live);
    let mut required: Vec<Arc<str>> = Vec::new();
    let atoms: Vec<Atom> =
        worlds.support(guard).into_iter().filter(|a| a.variable().is_some()).cloned().collect();
    for atom in atoms {
        let Some(name) = atom.variable() else { continue };
        if required.contains(name) {
            continue;
        }
        let set = worlds.atom(Atom::EnvSet(Arc::clone(name)));
        let unset = worlds.minus(current, set);
        if worlds.impossible(unset) {
            required.push(Arc::clone(name));
            continue;
        }
        let holds = worlds.atom(atom);
        let without = worlds.minus(unset, holds);
        if !worlds.impossible(without) {
            current = without;
        }
    }
    current
}

/// The reachable worlds in which no key that `guard` depends on is in the file or mapping, where the program can do
/// without it.
fn without_keys(worlds: &mut Worlds, guard: Guard, live: Guard) -> Guard {
    let keys: Vec<Atom> = worlds
        .support(guard)
        .into_iter()
        .filter(|a| matches!(a, Atom::KeyIn(_)))
        .cloned()
        .collect();
    let mut current = live;
    for key in keys {
        let there = worlds.atom(key);
        let without = worlds.minus(current, there);
        if !worlds.impossible(without) {
            current = without;
        }
    }
    current
}

fn grade(worlds: &mut Worlds, guard: Guard, live: Guard) -> Verdict {
    let reach = worlds.and(guard, live);
    let default = default_worlds(worlds, guard, live);
    let both = worlds.and(default, guard);
    if worlds.impossible(both) {
        return Verdict::OnlyWhen { words: worlds.describe_spelled(reach, live) };
    }
    if !inside(worlds, default, both) {
        // What is left to decide may be the value of a variable that has to be set.
        let mut left = worlds.support(both);
        left.retain(|atom| !matches!(atom, Atom::EnvSet(_)));
        let required = |atom: &&Atom| atom.variable().is_some();
        let all = !left.is_empty() && left.iter().all(required);
        let words = worlds.describe_spelled(reach, live);
        return if all { Verdict::OnlyWhen { words } } else { Verdict::Possible { words } };
    }
    let mut variables: Vec<Arc<str>> = Vec::new();
    for atom in worlds.support(guard) {
        if let Some(name) = atom.variable()
            && !variables.contains(name)
        {
            variables.push(Arc::clone(name));
        }
    }
    if variables.is_empty() {
        Verdict::Possible { words: worlds.describe_spelled(reach, live) }
    } else {
        let words = worlds.describe_omission(reach, live, default);
        Verdict::WhenUnset { variables, words }
    }
}

/// What kind of knowledge a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The same in every world.
    Known,
    /// Decided by the environment alone.
    Env,
    /// Decided by a file outside the code.
    File,
    /// One of several, depending on other facts.
    Union,
    /// A container of which only some elements are known.
    Partial,
    /// Not known.
    Opaque,
    /// Not set by the project.
    Absent,
}

impl Kind {
    /// The lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Env => "env",
            Self::File => "file",
            Self::Union => "union",
            Self::Partial => "partial",
            Self::Opaque => "opaque",
            Self::Absent => "absent",
        }
    }
}

/// What a value is made of, over all its parts.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each set on its own")]
struct Makeup {
    open: bool,
    opaque_whole: bool,
    opaque_part: bool,
    file: bool,
    env: bool,
    other: bool,
}

impl Settings {
    /// The kind of a value.
    pub fn kind(&self, value: &Value) -> Kind {
        if value.alts.iter().all(|alt| alt.data == Data::Absent) {
            return Kind::Absent;
        }
        let mut makeup = Makeup::default();
        self.survey(value, true, &mut makeup);
        if makeup.opaque_whole {
            Kind::Opaque
        } else if makeup.open || makeup.opaque_part {
            Kind::Partial
        } else if makeup.file {
            Kind::File
        } else if makeup.other {
            Kind::Union
        } else if makeup.env {
            Kind::Env
        } else {
            Kind::Known
        }
    }

    fn survey(&self, value: &Value, whole: bool, makeup: &mut Makeup) {
        use djsec_python::worlds::Root;
        for alt in &value.alts {
            self.survey_guard(alt.guard, makeup);
            match &alt.data {
                Data::Sym(sym) => match &sym.root {
                    Root::Env(_) => makeup.env = true,
                    Root::File { .. } => makeup.file = true,
                    Root::Opaque { .. } if whole && value.alts.len() == 1 => {
                        makeup.opaque_whole = true;
                    }
                    Root::Opaque { .. } => makeup.opaque_part = true,
                },
                Data::Dict(map) => {
                    makeup.open |= map.open;
                    for (_, entry) in &map.entries {
                        self.survey(entry, false, makeup);
                    }
                }
                data => {
                    let Some(seq) = data.as_seq() else { continue };
                    makeup.open |= seq.open;
                    for item in &seq.items {
                        self.survey_guard(item.guard, makeup);
                        self.survey(&item.value, false, makeup);
                    }
                }
            }
        }
    }

    fn survey_guard(&self, guard: Guard, makeup: &mut Makeup) {
        if guard.is_always() {
            return;
        }
        self.with_worlds(|worlds| {
            for atom in worlds.support(guard) {
                if atom.variable().is_some() {
                    makeup.env = true;
                } else {
                    makeup.other = true;
                }
            }
        });
    }

    /// The environment variables a value depends on, in the order they are read.
    pub fn variables(&self, value: &Value) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        self.collect_variables(value, &mut names);
        names
    }

    fn collect_variables(&self, value: &Value, names: &mut Vec<Arc<str>>) {
        let mut add = |name: &Arc<str>| {
            if !names.contains(name) {
                names.push(Arc::clone(name));
            }
        };
        let mut nested: Vec<&Value> = Vec::new();
        let mut guards: Vec<Guard> = Vec::new();
        for alt in &value.alts {
            guards.push(alt.guard);
            match &alt.data {
                Data::Sym(sym) => {
                    if let Some(name) = sym.variable() {
                        add(name);
                    }
                }
                Data::Dict(map) => nested.extend(map.entries.iter().map(|(_, v)| v)),
                data => {
                    if let Some(seq) = data.as_seq() {
                        guards.extend(seq.items.iter().map(|item| item.guard));
                        nested.extend(seq.items.iter().map(|item| &item.value));
                    }
                }
            }
        }
        self.with_worlds(|worlds| {
            for guard in guards {
                for atom in worlds.support(guard) {
                    if let Some(name) = atom.variable() {
                        add(name);
                    }
                }
            }
        });
        for value in nested {
            self.collect_variables(value, names);
        }
    }
}
