//! An abstract interpreter of Python modules.
//!
//! One state, no forks: every assignment is guarded by the condition of the path that makes it, so
//! both branches of an undecided `if` run one after the other and leave `Value`s with alternatives
//! (see [`crate::worlds`]). Nothing is executed or imported; what is not understood becomes a
//! symbol with a reason, and budgets bound steps, depth, loops and alternatives.

mod apart;
mod assign;
mod attribute;
mod budget;
mod builtin_sequences;
mod builtins;
mod call;
mod containers;
mod define;
mod definition;
mod environ;
mod exec;
mod export;
mod expr;
mod facts;
mod folder;
mod format_spec;
mod held;
mod import;
mod kinds;
mod membership;
mod methods;
mod mutate;
mod named_tuple;
pub mod numbers;
mod operator;
mod ops;
mod path_object;
pub mod paths;
mod reflect;
mod slices;
mod stdlib;
mod str_methods;
mod strings;
#[cfg(test)]
mod tests;
mod truth;
mod val;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use djsec_base::{FileId, Files, Span};
use djsec_syntax::python::ast;
use rustc_hash::{FxHashMap, FxHashSet};

pub use apart::apart;
pub use call::Args;
pub use definition::Definition;
pub use export::Exported;
pub use facts::{Budget, Environment, EnvironmentValue, Fact, Library, Raised};
pub use val::{
    Binding, Bound, ClassVal, Code, DictVal, Func, HeapEntry, InstVal, Leaf, Namespace, NsId,
    ObjId, Object, SeqVal, Val, ValAlt,
};

use crate::program::Program;
use crate::worlds::{Atom, Guard, Root, Sym, Type, Worlds};

/// The condition of the current path and the place in the code.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// In which worlds this code runs.
    pub pc: Guard,
    /// The expression or statement being evaluated.
    pub span: Span,
}

struct Loaded {
    ns: NsId,
    executed: Guard,
    running: bool,
}

struct Frame {
    file: FileId,
    module: Arc<str>,
    ns: NsId,
    /// Namespaces to look in after `ns`, innermost first; the last one is the module's.
    outer: Vec<NsId>,
    globals: NsId,
    declared_global: Vec<Arc<str>>,
    returned: Vec<(Guard, Val)>,
    returned_guard: Guard,
    loops: Vec<LoopState>,
    /// The class whose body is being run; methods do not see its names.
    class: Option<ObjId>,
    /// The class the running method was defined in, for `super()`.
    method_of: Option<ObjId>,
    receiver: Option<Val>,
    yields: Option<SeqVal>,
    /// The function that runs, and in how many loops over what is not known it was called.
    function: Option<(Rc<Func>, u32)>,
}

#[derive(Clone, Copy)]
struct LoopState {
    broken: Guard,
    continued: Guard,
}

/// The interpreter of one profile.
pub struct Interp<'a> {
    /// The tree.
    pub files: &'a Files,
    /// Its modules.
    pub program: &'a Program,
    /// Knowledge about packages.
    pub library: &'a dyn Library,
    /// The worlds.
    pub worlds: Worlds,
    /// Folder of the Django project, for imports and relative paths.
    pub root: Utf8PathBuf,
    /// What was noticed on the way.
    pub facts: Vec<Fact>,
    budget: Budget,
    environment: Environment,
    heap: Vec<HeapEntry>,
    /// How often objects were changed.
    changes: u64,
    namespaces: Vec<Namespace>,
    modules: FxHashMap<Arc<str>, Loaded>,
    trees: FxHashMap<FileId, Rc<ast::ModModule>>,
    environ: Vec<(Arc<str>, Val)>,
    frames: Vec<Frame>,
    raised: Vec<Raised>,
    /// Exceptions that end the program: their place in `raised`, and the fact they made.
    ended: Vec<(usize, usize)>,
    steps: u64,
    /// How many of them what runs may take.
    limit: u64,
    depth: u32,
    opaque: u32,
    unknown_loops: u32,
    catching: Vec<bool>,
    /// How many of these stand outside of each file that is being executed.
    catching_outside: Vec<usize>,
    /// Which files ran in which namespaces, and which namespaces took names from which.
    ran: FxHashSet<(FileId, NsId)>,
    took: FxHashSet<(NsId, NsId)>,
    exhausted: bool,
    cut_short: bool,
    noted: Vec<Val>,
    singletons: Vec<(Arc<str>, Val)>,
    /// Namespaces that calls of packages fill, by the name of what holds them.
    filled: Vec<(Arc<str>, NsId)>,
    /// Whether constants of packages are true, as far as the code has asked.
    unseen: Vec<(Arc<str>, Guard)>,
    /// Files with syntax errors.
    broken: Vec<FileId>,
    included: Vec<(NsId, FileId, Guard)>,
    /// Statements that define the members of classes whose members a program lists by name.
    listed: FxHashMap<Arc<str>, Vec<Span>>,
    /// What a `defaultdict` calls for a key that is not there.
    factories: FxHashMap<ObjId, Val>,
    /// Resolution orders of classes.
    orders: RefCell<FxHashMap<ObjId, Rc<[Leaf]>>>,
    /// Whether exceptions leave the worlds alone, which belong to somebody else.
    guest: bool,
}

impl<'a> Interp<'a> {
    /// An interpreter with nothing loaded.
    pub fn new(
        files: &'a Files,
        program: &'a Program,
        library: &'a dyn Library,
        root: &Utf8Path,
        environment: Environment,
        budget: Budget,
    ) -> Self {
        Self {
            files,
            program,
            library,
            worlds: Worlds::new(),
            root: root.to_owned(),
            facts: Vec::new(),
            budget,
            environment,
            heap: Vec::new(),
            changes: 0,
            namespaces: Vec::new(),
            modules: FxHashMap::default(),
            trees: FxHashMap::default(),
            environ: Vec::new(),
            frames: Vec::new(),
            raised: Vec::new(),
            ended: Vec::new(),
            steps: 0,
            limit: budget.steps,
            depth: 0,
            opaque: 0,
            unknown_loops: 0,
            catching: Vec::new(),
            catching_outside: Vec::new(),
            ran: FxHashSet::default(),
            took: FxHashSet::default(),
            exhausted: false,
            cut_short: false,
            noted: Vec::new(),
            singletons: Vec::new(),
            filled: Vec::new(),
            unseen: Vec::new(),
            broken: Vec::new(),
            included: Vec::new(),
            listed: FxHashMap::default(),
            factories: FxHashMap::default(),
            orders: RefCell::default(),
            guest: false,
        }
    }

    /// Goes on in the worlds of another evaluation: unknown values get numbers of their own (from
    /// `first`), and exceptions that nobody catches do not end any world.
    pub fn visit_worlds(&mut self, worlds: Worlds, first: u32) {
        self.worlds = worlds;
        self.opaque = first;
        self.guest = true;
    }

    /// Whether variables that are not given are known to be unset.
    pub fn is_closed(&self) -> bool {
        self.environment.closed
    }

    /// Variables whose value is given and whose name starts so, sorted.
    pub fn given_variables(&self, prefix: &str) -> Vec<String> {
        let set = self.environ.iter().map(|(name, _)| name.to_string());
        let mut names: Vec<String> = self
            .environment
            .given
            .keys()
            .cloned()
            .chain(set)
            .filter(|name| name.starts_with(prefix))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// A mark for [`Interp::take_raised`].
    pub fn raised_so_far(&self) -> usize {
        self.raised.len()
    }

    /// Exceptions raised since the mark; they are no longer in flight.
    pub fn take_raised(&mut self, mark: usize) -> Vec<Raised> {
        let thrown = self.raised.split_off(mark.min(self.raised.len()));
        // What was taken for the end of the program is not.
        while let Some((at, number)) = self.ended.last().copied()
            && at >= mark
        {
            self.worlds.forgive(number);
            self.ended.pop();
        }
        thrown
    }

    /// Whether a budget ran out.
    pub fn exhausted(&self) -> bool {
        self.exhausted || self.cut_short
    }

    /// Exceptions that nobody caught: in these worlds importing the module fails.
    pub fn uncaught(&self) -> &[Raised] {
        &self.raised
    }

    /// An unknown value with a reason.
    pub fn unknown(&mut self, reason: impl Into<Arc<str>>, at: At) -> Val {
        self.unknown_of(reason, Type::Any, at)
    }

    /// An unknown value of a known type.
    pub fn unknown_of(&mut self, reason: impl Into<Arc<str>>, ty: Type, at: At) -> Val {
        self.opaque += 1;
        let sym = Sym {
            root: Root::Opaque { id: self.opaque, reason: reason.into() },
            ops: vec![],
            ty,
            span: Some(at.span),
        };
        self.symbol(sym, at)
    }

    /// A symbol as a value; booleans are split into their two worlds at once.
    pub fn symbol(&mut self, sym: Sym, at: At) -> Val {
        let span = Some(at.span);
        if sym.ty == Type::Bool {
            let holds = self.worlds.atom(Atom::Truthy(Arc::new(sym)));
            return self.boolean(holds, at);
        }
        Val::of(Leaf::Sym(Arc::new(sym)), span)
    }

    /// `True` in the worlds of `holds`, `False` elsewhere.
    pub fn boolean(&mut self, holds: Guard, at: At) -> Val {
        let fails = self.worlds.not(holds);
        let span = Some(at.span);
        let alts = [(holds, true), (fails, false)]
            .into_iter()
            .filter(|(guard, _)| !guard.is_never())
            .map(|(guard, b)| ValAlt { guard, leaf: Leaf::Bool(b), span })
            .collect();
        Val { alts }
    }

    /// Raises an exception in the worlds of `guard`.
    pub fn raise(&mut self, guard: Guard, kind: &str, message: impl Into<String>, at: At) {
        if self.unknown_loops > 0 && !self.in_try() {
            // Whether an element that nobody has seen would make it fail is not worth telling.
            return;
        }
        let guard = self.worlds.and(guard, at.pc);
        if !self.worlds.impossible(guard) {
            let message = message.into();
            self.raised.push(Raised { guard, kind: Arc::from(kind), message, span: at.span });
            self.end_uncaught(guard);
        }
    }

    /// Where no handler waits, the program ends in the worlds of an exception: they no longer count.
    pub(super) fn end_uncaught(&mut self, guard: Guard) {
        if !self.in_try() && !self.guest {
            let number = self.worlds.kill(guard);
            self.ended.push((self.raised.len().saturating_sub(1), number));
        }
    }

    /// Where a handler waits for it, an unknown text may be one that cannot be parsed.
    pub fn may_fail(&mut self, sym: &Arc<Sym>, test: &str, at: At) {
        if self.in_try() {
            let fits = self.worlds.atom(Atom::Truthy(Arc::new(sym.then(test, Type::Bool))));
            let fails = self.worlds.not(fits);
            self.raise(fails, "ValueError", sym.describe(), at);
        }
    }

    /// Whether the code being evaluated stands in a `try` that catches.
    pub fn in_try(&self) -> bool {
        self.catching.last().copied().unwrap_or(false)
    }

    /// The same of the file that runs: what it is imported by does not count.
    fn in_own_try(&self) -> bool {
        let outside = self.catching_outside.last().copied().unwrap_or_default();
        self.in_try() && self.catching.len() > outside
    }

    /// Whether what a file says may end up in a namespace: it ran there, or in one from which names were
    /// imported. A package that only ran because one of its modules was imported gives nothing.
    pub fn gives(&self, file: FileId, to: NsId) -> bool {
        let mut reached = vec![to];
        let mut at = 0;
        while let Some(ns) = reached.get(at).copied() {
            at += 1;
            for (_, from) in self.took.iter().filter(|(into, _)| *into == ns) {
                if !reached.contains(from) {
                    reached.push(*from);
                }
            }
        }
        self.ran.iter().any(|(ran, ns)| *ran == file && reached.contains(ns))
    }

    fn takes(&mut self, from: NsId) {
        if let Some(into) = self.globals() {
            self.took.insert((into, from));
        }
    }

    /// A new heap object.
    pub fn alloc(&mut self, object: Object) -> ObjId {
        let id = ObjId(u32::try_from(self.heap.len()).unwrap_or(u32::MAX));
        self.heap.push(HeapEntry { object, touched: Vec::new() });
        id
    }

    /// A new list value.
    pub fn list(&mut self, seq: SeqVal, at: At) -> Val {
        let id = self.alloc(Object::List(seq));
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// A new dict value.
    pub fn dict(&mut self, dict: DictVal, at: At) -> Val {
        let id = self.alloc(Object::Dict(dict));
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// A dict with string keys.
    pub fn dict_of(&mut self, entries: Vec<(&str, Val)>, at: At) -> Val {
        let entries = entries.into_iter().map(|(k, v)| (Leaf::Str(Arc::from(k)), v)).collect();
        self.dict(DictVal { entries, open: false, rest: None }, at)
    }

    /// The object behind an id.
    pub fn object(&self, id: ObjId) -> Option<&Object> {
        self.heap.get(id.0 as usize).map(|entry| &entry.object)
    }

    /// The object behind an id, to change it; the change is recorded at `at`.
    pub fn object_mut(&mut self, id: ObjId, at: At) -> Option<&mut Object> {
        self.changes += 1;
        let entry = self.heap.get_mut(id.0 as usize)?;
        if entry.touched.last() != Some(&at.span) && entry.touched.len() < 64 {
            entry.touched.push(at.span);
        }
        Some(&mut entry.object)
    }

    /// Statements that changed an object after it was made.
    pub fn touched(&self, id: ObjId) -> &[Span] {
        self.heap.get(id.0 as usize).map_or(&[], |entry| &entry.touched)
    }

    /// A namespace.
    pub fn namespace(&self, id: NsId) -> Option<&Namespace> {
        self.namespaces.get(id.0 as usize)
    }

    /// A namespace, to change it.
    pub fn namespace_mut(&mut self, id: NsId) -> Option<&mut Namespace> {
        self.namespaces.get_mut(id.0 as usize)
    }

    pub(crate) fn new_namespace(&mut self) -> NsId {
        let id = NsId(u32::try_from(self.namespaces.len()).unwrap_or(u32::MAX));
        self.namespaces.push(Namespace::default());
        id
    }

    /// The namespace of the module being executed.
    pub fn globals(&self) -> Option<NsId> {
        self.frames.last().map(|frame| frame.globals)
    }

    /// The file being executed.
    pub fn file(&self) -> FileId {
        self.frames.last().map_or(FileId(0), |frame| frame.file)
    }

    pub(super) fn span(&self, range: impl djsec_syntax::python::Ranged) -> Span {
        Span::new(self.file(), range.range())
    }

    /// Records a value for rules (arguments of a noted call); exported with the rest.
    pub fn note_value(&mut self, val: Val) -> u32 {
        self.noted.push(val);
        u32::try_from(self.noted.len() - 1).unwrap_or(u32::MAX)
    }

    /// Keeps the alternatives that are possible under `pc`, with their guards narrowed to it.
    pub fn narrow(&mut self, val: &Val, pc: Guard) -> Val {
        if pc.is_always() {
            return val.clone();
        }
        let mut alts = Vec::with_capacity(val.alts.len());
        for alt in &val.alts {
            let guard = self.worlds.and(alt.guard, pc);
            if !self.worlds.impossible(guard) {
                alts.push(ValAlt { guard, ..alt.clone() });
            }
        }
        Val { alts }
    }

    /// `new` in the worlds of `pc`, `old` elsewhere.
    pub fn merge(&mut self, pc: Guard, new: Val, old: &Val) -> Val {
        if pc.is_always() {
            return new;
        }
        let mut out = self.narrow(&new, pc);
        let rest = self.worlds.not(pc);
        let kept = self.narrow(old, rest);
        for alt in kept.alts {
            self.push_alt(&mut out, alt);
        }
        out
    }

    /// Adds an alternative; equal leaves share one.
    pub fn push_alt(&mut self, val: &mut Val, alt: ValAlt) {
        if alt.guard.is_never() {
            return;
        }
        if let Some(same) = val.alts.iter_mut().find(|known| known.leaf == alt.leaf) {
            same.guard = self.worlds.or(same.guard, alt.guard);
            return;
        }
        val.alts.push(alt);
    }

    /// All alternatives of several values.
    pub fn join(&mut self, vals: impl IntoIterator<Item = Val>, at: At) -> Val {
        let mut out = Val::nothing();
        for val in vals {
            for alt in val.alts {
                self.push_alt(&mut out, alt);
            }
        }
        if out.alts.len() > self.budget.alternatives {
            return self.unknown("too many alternatives", at);
        }
        out
    }

    /// Applies `f` to each alternative in its worlds.
    pub fn map(
        &mut self,
        val: &Val,
        at: At,
        mut f: impl FnMut(&mut Self, &Leaf, At) -> Val,
    ) -> Val {
        let mut parts = Vec::with_capacity(val.alts.len());
        for alt in &val.alts {
            let pc = self.worlds.and(alt.guard, at.pc);
            if self.worlds.impossible(pc) {
                continue;
            }
            let part = f(self, &alt.leaf, At { pc, ..at });
            parts.push(self.narrow(&part, alt.guard));
        }
        self.join(parts, at)
    }

    /// Replaces worlds where the value is absent by `default`.
    pub fn or_default(&mut self, val: &Val, default: &Val, at: At) -> Val {
        let mut out = Val::nothing();
        let mut missing = Guard::NEVER;
        for alt in &val.alts {
            if matches!(alt.leaf, Leaf::Absent) {
                missing = self.worlds.or(missing, alt.guard);
            } else {
                out.alts.push(alt.clone());
            }
        }
        let rest = self.narrow(default, missing);
        self.join([out, rest], at)
    }

    /// The worlds in which the value is absent.
    pub fn absent(&mut self, val: &Val) -> Guard {
        val.alts
            .iter()
            .filter(|alt| matches!(alt.leaf, Leaf::Absent))
            .fold(Guard::NEVER, |guard, alt| self.worlds.or(guard, alt.guard))
    }
}
