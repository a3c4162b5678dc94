//! Values as the evaluator leaves them: trees of guarded alternatives, without the heap.

use std::sync::Arc;

use djsec_base::Span;

use crate::worlds::{Guard, Sym};

/// A value in every world: alternatives whose guards exclude each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Value {
    /// The alternatives, in the order they were met.
    pub alts: Vec<Alt>,
}

/// What the value is in some worlds.
#[derive(Debug, Clone, PartialEq)]
pub struct Alt {
    /// In which worlds.
    pub guard: Guard,
    /// What it is there.
    pub data: Data,
    /// The expression that made it; absent for Django's defaults.
    pub span: Option<Span>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Not set.
    Absent,
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A byte string.
    Bytes(Arc<[u8]>),
    /// A `pathlib` path.
    Path(Arc<str>),
    /// A `timedelta`, in microseconds.
    Delta(i64),
    /// A list.
    List(Seq),
    /// A tuple.
    Tuple(Seq),
    /// A set or frozenset.
    Set(Seq),
    /// A dict.
    Dict(Map),
    /// A value that is not known before the process runs, or at all.
    Sym(Arc<Sym>),
    /// A function, class, module or instance.
    Object(Arc<Object>),
}

/// A sequence whose elements may depend on the world.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seq {
    /// Elements in order, each with the worlds in which it is there.
    pub items: Vec<Item>,
    /// Whether there may be more elements than these.
    pub open: bool,
}

/// An element of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// In which worlds it is there.
    pub guard: Guard,
    /// What it is.
    pub value: Value,
}

/// A dict whose entries may depend on the world (an alternative [`Data::Absent`] means "not there").
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    /// Entries in order of insertion.
    pub entries: Vec<(Data, Value)>,
    /// Whether there may be more entries than these.
    pub open: bool,
}

impl Map {
    /// The entry under a string key.
    pub fn entry(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(k, _)| matches!(k, Data::Str(s) if &**s == key)).map(|(_, v)| v)
    }
}

/// Something that is not data: a callable, a class, an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its qualified name, as far as it is known (`re.Pattern`, `shop.settings.base.show_toolbar`).
    pub name: Arc<str>,
    /// What it is.
    pub kind: ObjectKind,
    /// Positional arguments of the call that made an instance.
    pub args: Vec<Value>,
    /// Keyword arguments of that call.
    pub keywords: Vec<(Arc<str>, Value)>,
}

/// What an [`Object`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A function or lambda of the project.
    Function,
    /// A class of the project.
    Class,
    /// A module.
    Module,
    /// Something imported from a package: its qualified name is all we know.
    External,
    /// The result of calling a class or an external callable.
    Instance,
}

impl Value {
    /// A value that is the same in every world.
    pub fn known(data: Data, span: Option<Span>) -> Self {
        Self { alts: vec![Alt { guard: Guard::ALWAYS, data, span }] }
    }

    /// The only alternative, if there is just one.
    pub fn single(&self) -> Option<&Alt> {
        match self.alts.as_slice() {
            [alt] => Some(alt),
            _ => None,
        }
    }
}

impl Data {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(s) | Self::Path(s) => Some(s),
            _ => None,
        }
    }

    /// The integer, if it is one (`True` counts as 1, as in Python).
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(i) => Some(*i),
            Self::Bool(b) => Some(i64::from(*b)),
            _ => None,
        }
    }

    /// The elements, if it is a list, tuple or set.
    pub fn as_seq(&self) -> Option<&Seq> {
        match self {
            Self::List(seq) | Self::Tuple(seq) | Self::Set(seq) => Some(seq),
            _ => None,
        }
    }

    /// Python's name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::None => "None",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::Path(_) => "path",
            Self::Delta(_) => "timedelta",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Set(_) => "set",
            Self::Dict(_) => "dict",
            Self::Sym(_) => "unknown",
            Self::Object(_) => "object",
        }
    }
}
