//! The functions of a project by number.

use std::sync::Arc;

use djsec_django::hierarchy::Hierarchy;
use djsec_django::project::own_modules;
use djsec_python::code::{Code, FunctionId};
use djsec_python::{ModuleId, Program, QualifiedName};
use rustc_hash::{FxHashMap, FxHashSet};

use djsec_base::{Files, Utf8Path};

/// The number of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionKey(pub(crate) u32);

/// A function of the project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) module: ModuleId,
    pub(crate) function: FunctionId,
}

/// The functions and methods of a project's own code, in order of files and places.
#[derive(Debug, Default)]
pub(crate) struct Index {
    places: Vec<Place>,
    first: FxHashMap<ModuleId, u32>,
    /// Classes of the project with those derived from them.
    derived: FxHashMap<QualifiedName, Vec<QualifiedName>>,
    /// For each of these the names that stand for something else in one of the others, perhaps.
    varying: FxHashMap<QualifiedName, FxHashSet<Arc<str>>>,
}

impl Index {
    pub(crate) fn new(
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        root: &Utf8Path,
    ) -> Self {
        let mut this = Self::default();
        for (module, found) in own_modules(files, program, root) {
            let Some(code) = found.code() else { continue };
            for (_, class) in code.classes().filter(|(_, class)| !class.bases.is_empty()) {
                let name = QualifiedName::Project(module, class.path.as_ref().into());
                let named = named(hierarchy, &name);
                for base in hierarchy.order(&name).iter().skip(1) {
                    if matches!(base, QualifiedName::Project(..)) {
                        this.derived.entry(base.clone()).or_default().push(name.clone());
                        this.vary(hierarchy, base, &named);
                    }
                }
            }
            this.first.insert(module, u32::try_from(this.places.len()).unwrap_or(u32::MAX));
            this.places.extend(code.functions().map(|(function, _)| Place { module, function }));
        }
        this
    }

    /// The classes derived from a class.
    pub(crate) fn derived(&self, class: &QualifiedName) -> &[QualifiedName] {
        self.derived.get(class).map_or(&[], Vec::as_slice)
    }

    /// Notes what an object of a class derived from another may have under another meaning than that.
    fn vary(&mut self, hierarchy: &Hierarchy<'_>, base: &QualifiedName, named: &[Named]) {
        let known = hierarchy.order(base);
        let names = self.varying.entry(base.clone()).or_default();
        for (at, (between, own)) in named.iter().enumerate() {
            // The first is the class itself, on which no base stands.
            if at == 0 || !known.contains(between) {
                names.extend(own.iter().cloned());
            }
        }
    }

    /// Whether a name of a class may mean something else for objects of a class that is derived from it.
    pub(crate) fn varies(&self, class: &QualifiedName, name: &str) -> bool {
        self.varying.get(class).is_some_and(|names| names.contains(name))
    }

    /// The modules whose functions these are, in order.
    pub(crate) fn modules(&self) -> Vec<ModuleId> {
        let mut all: Vec<(u32, ModuleId)> = self.first.iter().map(|(id, at)| (*at, *id)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, module)| module).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = FunctionKey> {
        (0..u32::try_from(self.places.len()).unwrap_or(u32::MAX)).map(FunctionKey)
    }

    pub(crate) fn key(&self, module: ModuleId, function: FunctionId) -> Option<FunctionKey> {
        let key = FunctionKey(self.first.get(&module)?.checked_add(function.0)?);
        let place = self.place(key)?;
        (place.module == module && place.function == function).then_some(key)
    }

    pub(crate) fn place(&self, key: FunctionKey) -> Option<Place> {
        self.places.get(key.0 as usize).copied()
    }
}

/// A class of the project, and the names that its body binds.
type Named = (QualifiedName, Vec<Arc<str>>);

/// Of a class that stands on more others than this, what these bind is not looked at again for it: each that is
/// derived from the same base is looked at by itself.
const DEEPEST: usize = 64;

/// The names of a class of the project and of those that it is derived from.
fn named(hierarchy: &Hierarchy<'_>, class: &QualifiedName) -> Vec<Named> {
    let order = hierarchy.order(class);
    let most = if order.len() > DEEPEST { 1 } else { order.len() };
    let own = order.iter().take(most).filter(|one| matches!(one, QualifiedName::Project(..)));
    own.map(|one| {
        let names = hierarchy.names(one).into_iter().map(|(name, _)| Arc::from(name));
        (one.clone(), names.collect())
    })
    .collect()
}

/// The class in whose body a function stands, with its path.
pub(crate) fn owner(module: ModuleId, code: &Code, function: FunctionId) -> Option<QualifiedName> {
    let class = code.class(code.function(function)?.class?)?;
    Some(QualifiedName::Project(module, class.path.as_ref().into()))
}
