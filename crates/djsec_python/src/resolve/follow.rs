//! One question about a name, followed through the modules of the program.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::QualifiedName;
use super::builtins::is_builtin;
use crate::summary::{Binding, BindingKind, Condition, ImportTarget, Summary};
use crate::{ModuleId, Program};

/// A question ends after this many lookups…
const MOST_STEPS: usize = 20_000;
/// …and at this depth.
const DEEPEST: usize = 60;

/// A position after every binding of a module.
pub(super) const END: u32 = u32::MAX;

/// Something defined in the project.
#[derive(Debug, Clone)]
pub(super) struct Definition<'p> {
    module: ModuleId,
    path: String,
    pub(super) binding: &'p Binding,
    /// Position of the module-level binding that it is or stands in.
    position: u32,
}

/// Where the binding of a definition stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// There is none.
    Nowhere,
    /// Among those of a module.
    At(ModuleId, usize),
    /// Deeper in a module.
    Within,
}

impl Definition<'_> {
    pub(super) fn place(&self, program: &Program) -> Place {
        let at = self.position as usize;
        let module = program.module(self.module);
        let there = module.and_then(|module| module.summary.bindings.get(at));
        if there.is_some_and(|there| std::ptr::eq(there, self.binding)) {
            Place::At(self.module, at)
        } else {
            Place::Within
        }
    }
}

/// Where following a name has led.
#[derive(Debug, Clone)]
pub(super) enum Found<'p> {
    /// There is no such name.
    Absent,
    /// There may be one, but not that we can see.
    Unknown,
    /// Outside of the project, probably: a star import from there may have brought it.
    Guess(String),
    /// Outside of the project.
    External(String),
    /// An absolute name that a module has imported, still to be looked up with what follows it.
    Absolute(ModuleId, String),
    /// A module of the project.
    Module(ModuleId),
    /// Something defined in the project.
    Definition(Definition<'p>),
    /// An attribute of something in the project that we do not see into.
    Inside(ModuleId, String),
}

impl<'p> Found<'p> {
    fn definition(module: ModuleId, position: u32, binding: &'p Binding) -> Self {
        let path = binding.name.to_string();
        Self::Definition(Definition { module, path, binding, position })
    }

    pub(super) fn into_name(self) -> QualifiedName {
        match self {
            Self::External(name) | Self::Guess(name) => QualifiedName::External(name.into()),
            Self::Module(module) => QualifiedName::Module(module),
            Self::Definition(Definition { module, path, .. }) | Self::Inside(module, path) => {
                QualifiedName::Project(module, path.into())
            }
            Self::Absolute(..) | Self::Absent | Self::Unknown => QualifiedName::Unknown,
        }
    }
}

/// What bounds a question, and what it has found so far.
pub(super) struct Follow<'p> {
    program: &'p Program,
    /// Names of modules already looked up; `None` while that is under way, which means a cycle.
    known: FxHashMap<(ModuleId, u64, u32), Option<Found<'p>>>,
    depth: usize,
    steps: usize,
}

impl<'p> Follow<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self { program, known: FxHashMap::default(), depth: 0, steps: 0 }
    }

    /// A dotted name as it stands in a module, before the binding at position `before`.
    pub(super) fn dotted(&mut self, module: ModuleId, dotted: &str, before: u32) -> Found<'p> {
        let (head, rest) = split(dotted);
        let found = match self.name(module, head, before) {
            Found::Absent if is_builtin(head) => Found::External(format!("builtins.{head}")),
            found => found,
        };
        self.attributes(found, rest)
    }

    /// A dotted name whose head is imported inside a function.
    pub(super) fn local(&mut self, module: ModuleId, dotted: &str) -> Found<'p> {
        let (head, rest) = split(dotted);
        let Some(this) = self.program.module(module) else { return Found::Absent };
        let import = this.summary.local_imports.iter().find(|import| *import.name == *head);
        let found = import.map_or(Found::Absent, |import| self.binding(module, END, import));
        self.attributes(found, rest)
    }

    /// A name at module level.
    fn name(&mut self, module: ModuleId, name: &str, before: u32) -> Found<'p> {
        let Some(this) = self.program.module(module) else { return Found::Absent };
        if self.exhausted() {
            return Found::Unknown;
        }
        let mut hasher = FxHasher::default();
        name.hash(&mut hasher);
        let key = (module, hasher.finish(), before);
        if let Some(known) = self.known.get(&key) {
            return known.clone().unwrap_or(Found::Absent);
        }
        self.known.insert(key, None);
        self.depth += 1;
        let found = match self.last_binding(module, &this.summary, name, before) {
            Found::Absent if this.summary.unread => Found::Unknown,
            found => found,
        };
        self.depth -= 1;
        self.known.insert(key, Some(found.clone()));
        found
    }

    fn exhausted(&mut self) -> bool {
        self.steps += 1;
        self.depth >= DEEPEST || self.steps >= MOST_STEPS
    }

    /// The last binding that runs counts, except that a conditional one that says nothing
    /// (`X = None`) does not hide one that does.
    fn last_binding(
        &mut self,
        module: ModuleId,
        summary: &'p Summary,
        name: &str,
        before: u32,
    ) -> Found<'p> {
        let mut named = summary.named(name).rev().filter(|(at, _)| *at < before).peekable();
        let mut stars = summary.star_imports().rev().filter(|(at, _)| *at < before).peekable();
        let mut later = Vec::new();
        let mut guess = Found::Absent;
        loop {
            let star_is_next = match (named.peek(), stars.peek()) {
                (None, None) => break,
                (Some((name, _)), Some((star, _))) => star > name,
                (None, Some(_)) => true,
                (Some(_), None) => false,
            };
            let found = if star_is_next {
                stars.next().map_or(Found::Absent, |(_, star)| self.star(module, star, name))
            } else {
                match named.next() {
                    Some((at, binding)) if !decides(binding) => {
                        later.push((at, binding));
                        Found::Absent
                    }
                    Some((at, binding)) => self.binding(module, at, binding),
                    None => Found::Absent,
                }
            };
            match found {
                Found::Absent => {}
                maybe @ (Found::Guess(_) | Found::Unknown) if star_is_next => {
                    // With two star imports from outside, either may have brought it.
                    let first = matches!(guess, Found::Absent);
                    guess = if first { maybe } else { Found::Unknown };
                }
                found => return found,
            }
        }
        // Conditional values, then what failing imports leave, then what only checkers see.
        later.sort_by_key(|(_, binding)| binding.condition.max(Condition::TryImport));
        for (at, binding) in later {
            match self.binding(module, at, binding) {
                Found::Absent => {}
                found => return found,
            }
        }
        guess
    }

    /// What a binding stands for.
    fn binding(&mut self, module: ModuleId, at: u32, binding: &'p Binding) -> Found<'p> {
        match &binding.kind {
            BindingKind::Import(name) => Found::Absolute(module, name.to_string()),
            BindingKind::From(target, name) => self.import_from(module, target, name),
            BindingKind::Alias(dotted) => match self.dotted(module, dotted, at) {
                // What it stands for is out of sight; the name itself is there.
                Found::Absent | Found::Unknown => Found::definition(module, at, binding),
                found => found,
            },
            _ => Found::definition(module, at, binding),
        }
    }

    fn import_from(&mut self, module: ModuleId, target: &ImportTarget, name: &str) -> Found<'p> {
        let from = target.module.as_deref();
        if let Some(found) = self.program.import_target(module, target.level, from) {
            match self.name(found, name, END) {
                Found::Absent => {}
                known => return known,
            }
        }
        if let Some(found) = self.program.submodule_target(module, target.level, from, name) {
            return Found::Module(found);
        }
        match from {
            Some(from) if target.level == 0 && !self.in_project(module, from) => {
                Found::External(format!("{from}.{name}"))
            }
            _ => Found::Absent,
        }
    }

    /// What `from target import *` brings under a name.
    fn star(&mut self, module: ModuleId, star: &Binding, name: &str) -> Found<'p> {
        let BindingKind::Star(target) = &star.kind else { return Found::Absent };
        let from = target.module.as_deref();
        if let Some(found) = self.program.import_target(module, target.level, from) {
            return self.exported(found, name);
        }
        match from {
            Some(from)
                if target.level == 0
                    && !name.starts_with('_')
                    && !is_builtin(name)
                    && !self.in_project(module, from) =>
            {
                Found::Guess(format!("{from}.{name}"))
            }
            _ => Found::Absent,
        }
    }

    /// A name that a star import of a module brings.
    fn exported(&mut self, module: ModuleId, name: &str) -> Found<'p> {
        let Some(this) = self.program.module(module) else { return Found::Absent };
        let Some(exports) = &this.summary.exports else {
            let hidden = name.starts_with('_');
            return if hidden { Found::Absent } else { self.name(module, name, END) };
        };
        let listed = exports.names.iter().any(|listed| **listed == *name)
            || (exports.partial && !name.starts_with('_'))
            || exports.included.iter().any(|other| self.lists(module, other, name));
        if !listed {
            return Found::Absent;
        }
        match self.name(module, name, END) {
            Found::Absent => {
                self.program.submodule(module, name).map_or(Found::Absent, Found::Module)
            }
            found => found,
        }
    }

    /// Whether the `__all__` of another module lists a name; one level is what people write.
    fn lists(&mut self, module: ModuleId, other: &str, name: &str) -> bool {
        let Found::Module(other) = self.dotted(module, other, END) else { return false };
        let exports = self.program.module(other).and_then(|other| other.summary.exports.as_ref());
        exports.is_some_and(|exports| {
            exports.partial || exports.names.iter().any(|listed| **listed == *name)
        })
    }

    /// Whether the top-level package of an absolute name is one of ours.
    fn in_project(&self, module: ModuleId, dotted: &str) -> bool {
        self.program.imported(module, split(dotted).0).is_some()
    }

    /// Goes on from something found, along the attributes that follow it.
    fn attributes(&mut self, mut found: Found<'p>, rest: &str) -> Found<'p> {
        let mut rest = rest.to_owned();
        for _ in 0..DEEPEST {
            if rest.is_empty() && !matches!(found, Found::Absolute(..)) {
                return found;
            }
            found = match found {
                Found::Absent | Found::Unknown => return found,
                Found::Guess(name) => return Found::Guess(format!("{name}.{rest}")),
                Found::External(name) => return Found::External(format!("{name}.{rest}")),
                Found::Inside(module, path) => {
                    return Found::Inside(module, format!("{path}.{rest}"));
                }
                Found::Absolute(from, name) => {
                    let (found, left) = self.absolute(from, &join(&name, &rest));
                    rest = left;
                    found
                }
                Found::Module(module) => {
                    let (head, left) = split(&rest);
                    let found = match self.name(module, head, END) {
                        Found::Absent => self
                            .program
                            .submodule(module, head)
                            .map_or(Found::Absent, Found::Module),
                        found => found,
                    };
                    rest = left.to_owned();
                    found
                }
                Found::Definition(definition) => {
                    let (head, left) = split(&rest);
                    let found = self.attribute(&definition, head);
                    rest = left.to_owned();
                    found
                }
            };
        }
        Found::Unknown
    }

    /// The first module on the way along an absolute name, and the rest of the name.
    fn absolute(&self, from: ModuleId, name: &str) -> (Found<'p>, String) {
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        for end in ends {
            let prefix = name.get(..end).unwrap_or_default();
            if let Some(module) = self.program.imported(from, prefix) {
                let rest = name.get(end + 1..).unwrap_or_default();
                return (Found::Module(module), rest.to_owned());
            }
        }
        (Found::External(name.to_owned()), String::new())
    }

    /// An attribute of something defined in the project: for a class its own or the nearest inherited.
    fn attribute(&mut self, definition: &Definition<'p>, name: &str) -> Found<'p> {
        if !matches!(definition.binding.kind, BindingKind::Class(_)) {
            return Found::Inside(definition.module, format!("{}.{name}", definition.path));
        }
        for class in self.lineage(definition) {
            let BindingKind::Class(summary) = &class.binding.kind else { continue };
            let named = || summary.attributes.iter().rev().filter(|found| *found.name == *name);
            let Some(binding) = named().find(|found| decides(found)).or_else(|| named().next())
            else {
                continue;
            };
            if matches!(
                binding.kind,
                BindingKind::Alias(_) | BindingKind::From(..) | BindingKind::Import(_)
            ) {
                match self.binding(class.module, class.position, binding) {
                    Found::Absent | Found::Unknown => {}
                    Found::Definition(found) if std::ptr::eq(found.binding, binding) => {}
                    found => return found,
                }
            }
            let path = format!("{}.{name}", class.path);
            let (module, position) = (class.module, class.position);
            return Found::Definition(Definition { module, path, binding, position });
        }
        Found::Inside(definition.module, format!("{}.{name}", definition.path))
    }

    /// A class and its ancestors in the project, as the interpreter would search them in all but
    /// contrived hierarchies: depth first, what several classes share last.
    fn lineage(&mut self, class: &Definition<'p>) -> Vec<Definition<'p>> {
        let mut all = Vec::new();
        self.ancestors(class, &mut all);
        let mut kept: Vec<Definition<'p>> = Vec::new();
        for class in all.into_iter().rev() {
            if !kept.iter().any(|other| std::ptr::eq(other.binding, class.binding)) {
                kept.push(class);
            }
        }
        kept.reverse();
        kept
    }

    fn ancestors(&mut self, class: &Definition<'p>, out: &mut Vec<Definition<'p>>) {
        if self.exhausted() || out.len() >= MOST_ANCESTORS {
            return;
        }
        out.push(class.clone());
        self.depth += 1;
        for base in self.bases(class) {
            if let Found::Definition(base) = base {
                self.ancestors(&base, out);
            }
        }
        self.depth -= 1;
    }

    /// What the bases of a class are, in source order.
    pub(super) fn bases(&mut self, class: &Definition<'p>) -> Vec<Found<'p>> {
        let BindingKind::Class(summary) = &class.binding.kind else { return Vec::new() };
        summary.bases.iter().map(|base| self.base(class, base)).collect()
    }

    fn base(&mut self, class: &Definition<'p>, base: &str) -> Found<'p> {
        if base.is_empty() {
            return Found::Unknown;
        }
        // A nested class sees what its outer class has defined so far.
        if let Some((outer, _)) = class.path.rsplit_once('.')
            && let Found::Definition(outer) = self.dotted(class.module, outer, class.position + 1)
            && let BindingKind::Class(summary) = &outer.binding.kind
        {
            let (head, rest) = split(base);
            let earlier = summary
                .attributes
                .iter()
                .take_while(|found| !std::ptr::eq(*found, class.binding))
                .filter(|found| *found.name == *head);
            if let Some(binding) = earlier.last() {
                let path = format!("{}.{head}", outer.path);
                let (module, position) = (outer.module, outer.position);
                let found = Found::Definition(Definition { module, path, binding, position });
                return self.attributes(found, rest);
            }
        }
        self.dotted(class.module, base, class.position)
    }
}

/// A class with more ancestors than this is not searched to the end.
const MOST_ANCESTORS: usize = 500;

/// Whether a binding counts where it is the last: it always runs, or it tells what the name means
/// and runs when all goes well.
fn decides(binding: &Binding) -> bool {
    binding.condition == Condition::Always
        || (binding.condition <= Condition::TryImport && binding.kind.informative())
}

fn split(dotted: &str) -> (&str, &str) {
    dotted.split_once('.').unwrap_or((dotted, ""))
}

fn join(head: &str, rest: &str) -> String {
    if rest.is_empty() { head.to_owned() } else { format!("{head}.{rest}") }
}
