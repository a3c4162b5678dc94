//! The evaluator's own values: leaves under guards, with mutable objects on a heap.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use djsec_base::{FileId, Span};
use djsec_syntax::python::ast;

use super::Definition;
use crate::worlds::{Guard, Sym};

/// Index of a heap object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjId(pub(super) u32);

/// Index of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NsId(pub(super) u32);

/// One possible value.
#[derive(Debug, Clone)]
pub enum Leaf {
    /// Not bound, or not in the dict.
    Absent,
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// An integer that fits 64 bits; others are symbols.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A byte string.
    Bytes(Arc<[u8]>),
    /// A `pathlib` path.
    Path(Arc<str>),
    /// A `timedelta` in microseconds.
    Delta(i64),
    /// A tuple.
    Tuple(Rc<SeqVal>),
    /// A mutable object, shared by reference.
    Ref(ObjId),
    /// A function of the project.
    Func(Rc<Func>),
    /// A function bound to a receiver.
    Method(Rc<(Val, Rc<Func>)>),
    /// A method of a built-in type or of an instance of an external class.
    BuiltinMethod(Rc<(Self, Arc<str>)>),
    /// A module of the project, by its dotted name.
    Module(Arc<str>),
    /// Something outside the project, by its qualified name.
    Ext(Arc<str>),
    /// Not known before the process runs.
    Sym(Arc<Sym>),
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) | (Self::None, Self::None) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) | (Self::Delta(a), Self::Delta(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b))
            | (Self::Path(a), Self::Path(b))
            | (Self::Module(a), Self::Module(b))
            | (Self::Ext(a), Self::Ext(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => Rc::ptr_eq(a, b) || a == b,
            (Self::Ref(a), Self::Ref(b)) => a == b,
            (Self::Func(a), Self::Func(b)) => Rc::ptr_eq(a, b),
            (Self::Method(a), Self::Method(b)) => Rc::ptr_eq(a, b),
            (Self::BuiltinMethod(a), Self::BuiltinMethod(b)) => a == b,
            (Self::Sym(a), Self::Sym(b)) => a == b,
            _ => false,
        }
    }
}

/// A value in every world of the path that computed it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Val {
    /// Alternatives; their guards exclude each other.
    pub alts: Vec<ValAlt>,
}

/// One alternative of a [`Val`].
#[derive(Debug, Clone)]
pub struct ValAlt {
    /// In which worlds.
    pub guard: Guard,
    /// What it is there.
    pub leaf: Leaf,
    /// The expression that made it.
    pub span: Option<Span>,
}

impl PartialEq for ValAlt {
    fn eq(&self, other: &Self) -> bool {
        self.guard == other.guard && self.leaf == other.leaf
    }
}

impl Val {
    /// The same leaf in every world.
    pub fn of(leaf: Leaf, span: Option<Span>) -> Self {
        Self { alts: vec![ValAlt { guard: Guard::ALWAYS, leaf, span }] }
    }

    /// A string made by djsec.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::of(Leaf::Str(text.into()), None)
    }

    /// No value in any world.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The only leaf, whatever its guard.
    pub fn single(&self) -> Option<&Leaf> {
        match self.alts.as_slice() {
            [alt] => Some(&alt.leaf),
            _ => None,
        }
    }

    /// The string, if it is the same one in every world.
    pub fn as_str(&self) -> Option<Arc<str>> {
        match self.single()? {
            Leaf::Str(text) | Leaf::Path(text) => Some(Arc::clone(text)),
            _ => None,
        }
    }

    /// The boolean, if it is the same one in every world.
    pub fn as_bool(&self) -> Option<bool> {
        match self.single()? {
            Leaf::Bool(b) => Some(*b),
            Leaf::None => Some(false),
            _ => None,
        }
    }
}

/// Elements that are there in some worlds, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SeqVal {
    /// Elements with the worlds in which they are there.
    pub items: Vec<(Guard, Val)>,
    /// Whether there may be more.
    pub open: bool,
}

/// A dict: entries whose value may be [`Leaf::Absent`] in some worlds.
#[derive(Debug, Clone, Default)]
pub struct DictVal {
    /// Keys and values in order of insertion.
    pub entries: Vec<(Leaf, Val)>,
    /// Whether there may be more.
    pub open: bool,
    /// What an unknown key may hold, when it came from an unknown value.
    pub rest: Option<Arc<Sym>>,
}

/// A class of the project.
#[derive(Debug, Clone)]
pub struct ClassVal {
    /// Qualified name.
    pub name: Arc<str>,
    /// Its body's names.
    pub ns: NsId,
    /// Its bases.
    pub bases: Vec<Leaf>,
    /// Keyword arguments of the class statement (`env_prefix` and the like).
    pub keywords: Vec<(Arc<str>, Val)>,
    /// The statement, for readers of annotations.
    pub def: Definition,
    /// Where it stands.
    pub file: FileId,
}

/// An instance of a project or external class.
#[derive(Debug, Clone)]
pub struct InstVal {
    /// Its class.
    pub class: Leaf,
    /// Its attributes.
    pub attrs: Vec<(Arc<str>, Val)>,
    /// Positional arguments of the call, for instances of external classes.
    pub args: Vec<Val>,
    /// Keyword arguments of the call.
    pub keywords: Vec<(Arc<str>, Val)>,
}

/// What stands on the heap.
#[derive(Debug, Clone)]
pub enum Object {
    /// A list.
    List(SeqVal),
    /// A set.
    Set(SeqVal),
    /// A dict.
    Dict(DictVal),
    /// A class.
    Class(ClassVal),
    /// An instance.
    Inst(InstVal),
}

/// An object with the statements that changed it.
#[derive(Debug, Clone)]
pub struct HeapEntry {
    /// What it is.
    pub object: Object,
    /// Statements that changed it after it was made.
    pub touched: Vec<Span>,
}

/// A function or lambda of the project.
#[derive(Debug)]
pub struct Func {
    /// Qualified name.
    pub name: Arc<str>,
    /// Its code.
    pub code: Code,
    /// The file it stands in.
    pub file: FileId,
    /// The module's namespace.
    pub globals: NsId,
    /// Namespaces of enclosing functions, innermost first.
    pub enclosing: Vec<NsId>,
    /// Defaults by parameter name.
    pub defaults: Vec<(Arc<str>, Val)>,
    /// How it is bound (`property`, `classmethod`, `staticmethod`).
    pub binding: Binding,
    /// The class it is defined in, for `super()`.
    pub class: Option<ObjId>,
    /// What was set on it: `view.csrf_exempt = True`.
    pub attrs: RefCell<Vec<(Arc<str>, Val)>>,
}

/// What a function runs.
#[derive(Debug)]
pub enum Code {
    /// A `def`.
    Def(Definition),
    /// A `lambda`.
    Lambda(Rc<ast::ExprLambda>),
}

/// How a function found on a class is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// An ordinary method.
    Plain,
    /// `@property` and its kin.
    Property,
    /// `@classmethod`.
    Class,
    /// `@staticmethod`.
    Static,
}

/// A name's value with the statements that set or changed it.
#[derive(Debug, Clone, Default)]
pub struct Bound {
    /// The value; unbound worlds have [`Leaf::Absent`] or no alternative.
    pub val: Val,
    /// Statements that assigned it.
    pub touched: Vec<Span>,
    /// Plain values that it had in every world and lost to a later statement, with the statements
    /// that had set them.
    pub replaced: Vec<(Span, Leaf)>,
    /// Those of them that only run in some worlds, with these.
    pub conditional: Vec<(Span, Guard)>,
}

/// A namespace: names in order of first assignment.
#[derive(Debug, Default)]
pub struct Namespace {
    names: Vec<(Arc<str>, Bound)>,
    index: rustc_hash::FxHashMap<Arc<str>, usize>,
    /// Whether it may hold more names than these (a star import from outside, an unknown `update`).
    pub open: bool,
}

impl Namespace {
    /// The binding of a name.
    pub fn find(&self, name: &str) -> Option<&Bound> {
        self.index.get(name).and_then(|at| self.names.get(*at)).map(|(_, bound)| bound)
    }

    /// The binding of a name, made if needed.
    pub fn entry(&mut self, name: &str) -> Option<&mut Bound> {
        let at = if let Some(at) = self.index.get(name) {
            *at
        } else {
            let key: Arc<str> = Arc::from(name);
            self.index.insert(Arc::clone(&key), self.names.len());
            self.names.push((key, Bound::default()));
            self.names.len() - 1
        };
        self.names.get_mut(at).map(|(_, bound)| bound)
    }

    /// Names with their bindings, in order of first assignment.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Bound)> {
        self.names.iter().map(|(name, bound)| (name, bound))
    }
}
