//! What the patterns of `match` statements bind and take.

use super::Symbol;

/// What the pattern of a case does besides naming values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pattern {
    /// The names that it binds.
    pub names: Vec<Bind>,
    /// Whether it takes the values that it names and nothing else.
    pub only_values: bool,
    /// Whether it takes whatever there is.
    pub takes_all: bool,
}

/// A name that a pattern binds.
#[derive(Debug, Clone, PartialEq)]
pub struct Bind {
    /// The name.
    pub name: Symbol,
    /// The part of the subject that it stands for, outermost step first; the subject itself where there is
    /// none.
    pub path: Vec<Part>,
    /// Whether it can only be one of the values that its own pattern names.
    pub only_values: bool,
}

/// A step from a value to a part of it, as patterns take values apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The element at a place.
    At(usize),
    /// Some of the elements: `*rest`, and what stands behind that.
    Some,
    /// What stands under a key; `None` where the key is no text.
    Key(Option<Symbol>),
    /// The attribute of a name.
    Attribute(Symbol),
    /// The attribute that a class calls its first, second, …: `Point(x, y)`. With the name of the class, where
    /// it has a plain one: `str(text)` is the text itself.
    Place(usize, Option<Symbol>),
}
