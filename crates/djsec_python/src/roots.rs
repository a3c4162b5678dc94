//! Where imports are searched: source roots, and the names that modules have from them.
//!
//! A tree may hold several Django projects with packages of the same name, so every name is
//! looked up from a place, and the root nearest to that place wins.

use djsec_base::{Utf8Path, Utf8PathBuf};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ModuleId;

/// Paths of modules have at most this many parts; deeper files cannot be imported by name.
const DEEPEST: usize = 64;

/// A folder that imports may be searched in.
#[derive(Debug)]
struct Root {
    path: Utf8PathBuf,
    strength: Strength,
}

/// Why a folder may be a source root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// It only holds a top-level package: `apps` of `apps/users/__init__.py`.
    Possible,
    /// In addition an import elsewhere only works if it is one.
    Seen,
    /// The tree itself, the folder of `manage.py`, of `pyproject.toml` or `setup.py`, a folder
    /// `src`, or one that is added to `sys.path`.
    Known,
}

/// A module under the name that it has from one root.
#[derive(Debug, Clone, Copy)]
struct Entry {
    root: u32,
    module: ModuleId,
}

/// Which modules a lookup may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// As the interpreter would import.
    Strict,
    /// As a person would understand a name in a configuration file.
    Lenient,
}

/// How near a root is to a place; less is nearer.
type Nearness = (u8, usize, usize, u32);

/// All roots, and all modules under every name they have.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    folders: Vec<Root>,
    known: FxHashSet<Utf8PathBuf>,
    /// Folders with an `__init__.py`.
    packages: FxHashSet<Utf8PathBuf>,
    by_name: FxHashMap<Box<str>, Vec<Entry>>,
    /// Modules by path without suffix (`shop/orders` for `shop/orders/__init__.py`).
    by_path: FxHashMap<Box<str>, ModuleId>,
    /// Top-level names seen from roots that are only possible.
    possible_tops: FxHashSet<Box<str>>,
}

/// A Python file on its way to being a module.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) module: ModuleId,
    pub(crate) path: &'a Utf8Path,
}

impl Roots {
    /// Indexes the modules. `known` are the folders that are certainly roots.
    pub(crate) fn new(modules: &[Candidate<'_>], known: FxHashSet<Utf8PathBuf>) -> Self {
        let packages: FxHashSet<Utf8PathBuf> = modules
            .iter()
            .filter(|module| is_init(module.path))
            .filter_map(|module| module.path.parent())
            .map(Utf8Path::to_owned)
            .collect();
        let mut found: FxHashMap<Utf8PathBuf, Strength> = FxHashMap::default();
        for module in modules.iter().filter(|module| is_init(module.path)) {
            let outside = module.path.parent().and_then(Utf8Path::parent);
            if let Some(outside) = outside.filter(|outside| !packages.contains(*outside)) {
                found.insert(outside.to_owned(), Strength::Possible);
            }
        }
        found.extend(known.iter().map(|path| (path.clone(), Strength::Known)));
        let mut roots: Vec<Root> =
            found.into_iter().map(|(path, strength)| Root { path, strength }).collect();
        roots.sort_by(|a, b| a.path.cmp(&b.path));

        let mut this = Self { folders: roots, known, packages, ..Self::default() };
        this.index(modules);
        this
    }

    fn index(&mut self, modules: &[Candidate<'_>]) {
        let ids: FxHashMap<&Utf8Path, u32> =
            (0_u32..).zip(&self.folders).map(|(id, root)| (root.path.as_path(), id)).collect();
        for module in modules {
            let Some(stem) = stem(module.path) else { continue };
            let package = is_init(module.path);
            // `shop/__init__.py` hides `shop.py`.
            if package || !self.by_path.contains_key(stem.as_str()) {
                self.by_path.insert(stem.as_str().into(), module.module);
            }
            for folder in stem.ancestors().skip(1).take(DEEPEST) {
                let Some(root) = ids.get(folder) else { continue };
                let Ok(inner) = stem.strip_prefix(folder) else { continue };
                if inner.as_str().contains('.') {
                    continue;
                }
                let name = inner.as_str().replace('/', ".");
                if self.strength(*root) == Some(Strength::Possible) {
                    let top = name.split('.').next().unwrap_or(&name);
                    if !self.possible_tops.contains(top) {
                        self.possible_tops.insert(top.into());
                    }
                }
                let entry = Entry { root: *root, module: module.module };
                let entries = self.by_name.entry(name.into()).or_default();
                match entries.iter_mut().find(|other| other.root == *root) {
                    Some(other) if package => *other = entry,
                    Some(_) => {}
                    None => entries.push(entry),
                }
            }
        }
    }

    /// The module at a path without suffix.
    pub(crate) fn at_path(&self, stem: &Utf8Path) -> Option<ModuleId> {
        self.by_path.get(stem.as_str()).copied()
    }

    /// The name of a module from the innermost root that is not only possible. A package with a
    /// `manage.py` in it still goes by its name outside, which is how its own code imports it.
    pub(crate) fn canonical_name(&self, path: &Utf8Path) -> String {
        let Some(stem) = stem(path) else { return path.as_str().to_owned() };
        let used = || stem.ancestors().skip(1).take(DEEPEST).filter(|folder| self.is_used(folder));
        let is_package = |folder: &&Utf8Path| self.packages.contains(*folder);
        let root = used().find(|folder| !is_package(folder)).or_else(|| used().next());
        let inner = root.and_then(|root| stem.strip_prefix(root).ok()).unwrap_or(&stem);
        inner.as_str().replace('/', ".")
    }

    fn is_used(&self, folder: &Utf8Path) -> bool {
        self.known.contains(folder)
            || self
                .folders
                .binary_search_by(|root| root.path.as_path().cmp(folder))
                .ok()
                .and_then(|at| self.folders.get(at))
                .is_some_and(|root| root.strength > Strength::Possible)
    }

    /// The innermost known root around a place: the project it belongs to.
    pub(crate) fn home<'a>(&self, place: &'a Utf8Path) -> &'a Utf8Path {
        place.ancestors().find(|folder| self.known.contains(*folder)).unwrap_or(Utf8Path::new(""))
    }

    fn strength(&self, root: u32) -> Option<Strength> {
        self.folders.get(root as usize).map(|root| root.strength)
    }

    /// Whether [`Self::learn`] could learn something from an import of this dotted name.
    pub(crate) fn could_learn(&self, name: &str) -> bool {
        self.possible_tops.contains(name.split('.').next().unwrap_or(name))
    }

    /// Takes note of an import that only works if a merely possible root is one.
    pub(crate) fn learn(&mut self, name: &str, importer: &Utf8Path) {
        // A bare `import stripe` more likely means the package of that name than our own folder.
        if !name.contains('.') {
            return;
        }
        let Some(entries) = self.by_name.get(name) else { return };
        if entries.iter().any(|entry| self.strength(entry.root) > Some(Strength::Possible)) {
            return;
        }
        let home = self.home(importer);
        let learnt: Vec<u32> = entries.iter().map(|entry| entry.root).collect();
        for id in learnt {
            if let Some(root) = self.folders.get_mut(id as usize)
                && root.path.starts_with(home)
            {
                root.strength = Strength::Seen;
            }
        }
    }

    /// The module with an absolute dotted name, seen from a place (a file or folder).
    pub(crate) fn find(&self, name: &str, place: &Utf8Path, search: Search) -> Option<ModuleId> {
        // Most names are of packages, and of the others most exist once: neither needs a look at paths.
        let entries = self.by_name.get(name)?;
        if let [only] = entries.as_slice()
            && self.is_alone(name, *only)
        {
            return Some(only.module);
        }
        let home = self.home(place);
        let found = self.nearest(name, place, home, Strength::Seen);
        // A nearer package of the same top-level name hides the rest, as on `sys.path`.
        let hidden = |nearness: Nearness| {
            name.split_once('.').is_some_and(|(top, _)| {
                self.nearest(top, place, home, Strength::Seen)
                    .is_some_and(|(other, _)| other < nearness)
            })
        };
        let found = match search {
            Search::Strict => found.filter(|(nearness, _)| !hidden(*nearness)),
            Search::Lenient => {
                found.or_else(|| self.nearest(name, place, home, Strength::Possible))
            }
        };
        found.map(|(_, module)| module)
    }

    /// Whether the only module of a name is the one meant from every place: its root is one, and its
    /// top-level package is nowhere else.
    fn is_alone(&self, name: &str, entry: Entry) -> bool {
        let is_used = |root: u32| self.strength(root) >= Some(Strength::Seen);
        let top = name.split_once('.').map_or(name, |(top, _)| top);
        let tops = self.by_name.get(top).map_or(&[][..], Vec::as_slice);
        is_used(entry.root) && tops.iter().all(|top| top.root == entry.root || !is_used(top.root))
    }

    fn nearest(
        &self,
        name: &str,
        place: &Utf8Path,
        home: &Utf8Path,
        least: Strength,
    ) -> Option<(Nearness, ModuleId)> {
        let entries = self.by_name.get(name)?;
        entries
            .iter()
            .filter_map(|entry| {
                let root = self.folders.get(entry.root as usize)?;
                (root.strength >= least)
                    .then(|| (nearness(root, entry.root, place, home), entry.module))
            })
            .min_by_key(|(nearness, _)| *nearness)
    }
}

/// Own folders first, outwards up to the project; then the project's other roots; then what
/// lies around the project; then the rest of the tree.
fn nearness(root: &Root, id: u32, place: &Utf8Path, home: &Utf8Path) -> Nearness {
    let common = root.path.components().zip(place.components()).take_while(|(a, b)| a == b).count();
    let up = place.components().count().saturating_sub(common);
    let down = root.path.components().count().saturating_sub(common);
    let inside = root.path.starts_with(home);
    let tier = match (down == 0, inside, root.strength) {
        (true, true, _) => 0,
        (false, true, Strength::Known) => 1,
        (true, false, _) => 2,
        (false, true, _) => 3,
        (false, false, _) => 4,
    };
    (tier, up, down, id)
}

fn is_init(path: &Utf8Path) -> bool {
    matches!(path.file_name(), Some("__init__.py" | "__init__.pyw"))
}

/// The path that imports see: without suffix, and the folder for `__init__.py`. `None` when the
/// file cannot be imported by name.
pub(crate) fn stem(path: &Utf8Path) -> Option<Utf8PathBuf> {
    if !matches!(path.extension(), Some("py" | "pyw")) {
        return None;
    }
    let stem = if is_init(path) { path.parent()?.to_owned() } else { path.with_extension("") };
    (!stem.as_str().is_empty()).then_some(stem)
}
