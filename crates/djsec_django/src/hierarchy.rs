//! Classes of the project and of packages in their method resolution order.

use djsec_python::code::{Code, ExprId, FunctionId};
use djsec_python::{ModuleId, QualifiedName};

/// What a class has under a name, found along its method resolution order.
#[derive(Debug, Clone)]
pub struct Attribute<'a> {
    /// The class in whose body it stands.
    pub owner: QualifiedName,
    /// What it is.
    pub value: AttributeValue<'a>,
}

/// What an attribute is.
#[derive(Debug, Clone, Copy)]
pub enum AttributeValue<'a> {
    /// Assigned in a class of the project.
    Assigned(ModuleId, &'a Code, ExprId),
    /// A method of a class of the project.
    Method(ModuleId, &'a Code, FunctionId),
    /// An attribute of a package's class.
    Known(&'a KnownValue),
    /// A method of a package's class.
    KnownMethod,
    /// A class nobody knows comes first in the order: it may have the attribute or not.
    Unseen,
}

/// A plain attribute of a package's class, as recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum KnownValue {
    /// `None`.
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A text.
    Str(Box<str>),
    /// A class or function, by dotted name.
    Name(Box<str>),
    /// A list, tuple or set.
    List(Vec<Self>),
    /// Something that is not kept.
    Other,
}
