//! Of which classes plain values are instances, as `isinstance` sees it
//! (<https://docs.python.org/3/library/collections.abc.html>, <https://docs.python.org/3/library/numbers.html>).

use super::{Interp, Leaf, Object};
use crate::worlds::Type;

/// Modules under whose names the abstract classes of containers are found.
const CONTAINERS: &[&str] = &["collections.abc.", "collections.", "typing."];

const TEXTS: &[&str] =
    &["Collection", "Container", "Hashable", "Iterable", "Reversible", "Sequence", "Sized"];
const LISTS: &[&str] =
    &["Collection", "Container", "Iterable", "MutableSequence", "Reversible", "Sequence", "Sized"];
const SETS: &[&str] = &["Collection", "Container", "Iterable", "MutableSet", "Set", "Sized"];
const DICTS: &[&str] =
    &["Collection", "Container", "Iterable", "Mapping", "MutableMapping", "Reversible", "Sized"];
const INTEGERS: &[&str] = &["Complex", "Hashable", "Integral", "Number", "Rational", "Real"];
const FLOATS: &[&str] = &["Complex", "Hashable", "Number", "Real"];

impl Interp<'_> {
    /// Whether something that is no unknown is an instance of a class that is named.
    pub(super) fn is_of_kind(&self, leaf: &Leaf, class: &str) -> bool {
        let (own, abstracts) = self.kinds(leaf);
        if let Some(name) = class.strip_prefix("builtins.") {
            return own.contains(&name);
        }
        if let Some(name) = class.strip_prefix("numbers.") {
            return abstracts.contains(&name);
        }
        let of_container = CONTAINERS.iter().find_map(|module| class.strip_prefix(module));
        match (leaf, of_container) {
            (_, Some(name)) => abstracts.contains(&name),
            (Leaf::Module(_), None) => class == "types.ModuleType",
            (Leaf::Func(_), None) => matches!(class, "types.FunctionType" | "types.LambdaType"),
            (Leaf::Method(_), None) => class == "types.MethodType",
            (Leaf::None, None) => class == "types.NoneType",
            (Leaf::Path(_), None) => {
                let names = ["Path", "PosixPath", "PurePath", "PurePosixPath"];
                class.strip_prefix("pathlib.").is_some_and(|name| names.contains(&name))
                    || class == "os.PathLike"
            }
            _ => false,
        }
    }

    /// The built-in classes of a value, and the abstract ones.
    fn kinds(&self, leaf: &Leaf) -> (&'static [&'static str], &'static [&'static str]) {
        match leaf {
            Leaf::None => (&["NoneType", "object"], &["Hashable"]),
            Leaf::Str(_) => (&["str", "unicode", "basestring", "object"], TEXTS),
            Leaf::Sym(sym) => match sym.ty {
                Type::Str => (&["str", "unicode", "basestring", "object"], TEXTS),
                Type::Int => (&["int", "object"], INTEGERS),
                Type::List => (&["list", "object"], LISTS),
                Type::Dict => (&["dict", "object"], DICTS),
                _ => (&["object"], &[]),
            },
            Leaf::Bool(_) => (&["bool", "int", "object"], INTEGERS),
            Leaf::Int(_) => (&["int", "object"], INTEGERS),
            Leaf::Float(_) => (&["float", "object"], FLOATS),
            Leaf::Bytes(_) => (&["bytes", "object"], TEXTS),
            Leaf::Tuple(_) => (&["tuple", "object"], TEXTS),
            Leaf::Path(_) | Leaf::Module(_) => (&["object"], &["Hashable"]),
            Leaf::Func(_) | Leaf::Method(_) | Leaf::BuiltinMethod(_) => {
                (&["object"], &["Callable", "Hashable"])
            }
            Leaf::Ref(id) => match self.object(*id) {
                Some(Object::List(_)) => (&["list", "object"], LISTS),
                Some(Object::Set(_)) => (&["set", "object"], SETS),
                Some(Object::Dict(_)) => (&["dict", "object"], DICTS),
                _ => (&["object"], &[]),
            },
            _ => (&["object"], &[]),
        }
    }
}
