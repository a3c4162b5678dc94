//! Which tag or filter a name means that several libraries have: the one of the library that a template loads last.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use djsec_base::Utf8Path;
use djsec_python::{ModuleId, Program};
use djsec_templates::library::{Loaded, django_has_filter, django_has_tag};

use super::library::{OwnFilter, OwnTag};
use super::place::Language;
use crate::models::Apps;
use crate::settings::{Part, Settings};

/// What a module registers under a name.
pub(super) struct Registered<T> {
    /// The module whose library it is put into, and the one that does so.
    pub(super) library: ModuleId,
    pub(super) by: ModuleId,
    pub(super) name: Arc<str>,
    pub(super) what: T,
}

/// All that is registered, in order.
#[derive(Default)]
pub(super) struct All {
    pub(super) tags: Vec<Registered<OwnTag>>,
    pub(super) filters: Vec<Registered<OwnFilter>>,
}

/// Names that several libraries have, Django's own among them: for each library that has one, under which name it is
/// kept apart.
#[derive(Debug, Default)]
pub(super) struct Shared {
    tags: Table,
    filters: Table,
    /// The libraries that templates need not load, in order.
    builtins: Vec<Arc<str>>,
}

/// By the name in templates, and by those of the library: the name under which one is kept apart.
type Table = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<str>>>;

impl Shared {
    pub(super) fn new(all: &All, program: &Program, names: &Names) -> Self {
        Self {
            tags: table(&all.tags, names, program, django_has_tag),
            filters: table(&all.filters, names, program, django_has_filter),
            builtins: names.builtins.iter().map(|module| dotted(program, *module)).collect(),
        }
    }

    /// The name under which a tag is kept apart that a template means which has loaded these libraries, in order.
    pub(super) fn tag(&self, name: &str, loaded: &[Loaded]) -> Option<&Arc<str>> {
        self.meant(self.tags.get(name)?, name, loaded)
    }

    /// The same of a filter.
    pub(super) fn filter(&self, name: &str, loaded: &[Loaded]) -> Option<&Arc<str>> {
        self.meant(self.filters.get(name)?, name, loaded)
    }

    fn meant<'t>(
        &self,
        owners: &'t BTreeMap<Arc<str>, Arc<str>>,
        name: &str,
        loaded: &[Loaded],
    ) -> Option<&'t Arc<str>> {
        let gives = |one: &&Loaded| one.only.as_deref().is_none_or(|only| only == name);
        let mut loads = loaded.iter().rev().filter(gives);
        let by_load = loads.find_map(|one| owners.get(&*one.library));
        by_load.or_else(|| self.builtins.iter().rev().find_map(|library| owners.get(library)))
    }

    /// What is kept apart, under its name for that.
    pub(super) fn apart(
        &self,
        all: All,
        program: &Program,
    ) -> (Vec<OwnFilter>, Vec<(Arc<str>, OwnTag)>) {
        let own = |table: &Table, name: &Arc<str>, library| {
            table.get(name)?.get(&dotted(program, library)).cloned()
        };
        let tags = all.tags.into_iter().filter_map(|one| {
            let name = own(&self.tags, &one.name, one.library)?;
            Some((name, one.what))
        });
        let filters = all.filters.into_iter().filter_map(|one| {
            let name = own(&self.filters, &one.name, one.library)?;
            Some(OwnFilter { name, ..one.what })
        });
        (filters.collect(), tags.collect())
    }
}

/// Under which names libraries are loaded.
#[derive(Debug)]
pub(super) struct Names {
    /// `libraries` of the settings: names for modules that lie anywhere.
    options: BTreeMap<ModuleId, BTreeSet<Arc<str>>>,
    /// `builtins` of the settings.
    builtins: Vec<ModuleId>,
    /// The packages of the installed apps, in order.
    apps: Vec<Arc<str>>,
}

impl Names {
    pub(super) fn new(program: &Program, settings: &Settings, root: &Utf8Path) -> Self {
        let apps = Apps::new(settings, program, root).0.into_iter().map(|app| app.package);
        let mut this =
            Self { options: BTreeMap::new(), builtins: Vec::new(), apps: apps.collect() };
        let Some(near) = settings.file.and_then(|file| program.module_of(file)) else {
            return this;
        };
        let imported = |part: Part<'_>| program.imported(near, part.data.as_str()?);
        for engine in Language::Django.engines(settings) {
            let options = engine.entry("OPTIONS");
            for part in options.entry("builtins").elements() {
                this.builtins.extend(imported(part));
            }
            let libraries = options.entry("libraries");
            for name in libraries.keys() {
                for part in libraries.entry(&name).alternatives() {
                    let Some(module) = imported(part) else { continue };
                    this.options.entry(module).or_default().insert(Arc::clone(&name));
                }
            }
        }
        this
    }

    /// The name that a library has from its file, where it lies in `templatetags`.
    fn own(module: ModuleId, program: &Program) -> Option<Arc<str>> {
        let path = program.path(module);
        let folder = path.parent().and_then(|folder| folder.file_name());
        path.file_stem().filter(|_| folder == Some("templatetags")).map(Arc::from)
    }

    /// Which place the app has that a library lies in; none where it is not said to be installed.
    fn place(&self, module: ModuleId, program: &Program) -> Option<usize> {
        let name = dotted(program, module);
        let (folder, _) = name.rsplit_once('.')?;
        let (package, _) = folder.rsplit_once('.')?;
        self.apps.iter().position(|app| **app == *package)
    }

    /// The module that says how a library can be loaded: its own, or the one that puts something into it.
    fn loaded<T>(&self, one: &Registered<T>, program: &Program) -> ModuleId {
        let known = |module: &ModuleId| {
            Self::own(*module, program).is_some() || self.options.contains_key(module)
        };
        [one.library, one.by].into_iter().find(known).unwrap_or(one.library)
    }
}

fn dotted(program: &Program, module: ModuleId) -> Arc<str> {
    program.module(module).map(|module| Arc::from(&*module.name)).unwrap_or_default()
}

fn table<T>(
    all: &[Registered<T>],
    names: &Names,
    program: &Program,
    of_django: fn(&str) -> bool,
) -> Table {
    let mut modules: BTreeMap<&Arc<str>, BTreeSet<ModuleId>> = BTreeMap::new();
    for one in all {
        modules.entry(&one.name).or_default().insert(one.library);
    }
    let is_shared = |name: &Arc<str>| {
        of_django(name) || modules.get(name).is_some_and(|modules| modules.len() > 1)
    };
    let mut shared: Vec<&Registered<T>> = all.iter().filter(|one| is_shared(&one.name)).collect();
    // Of libraries with one name, Django takes that of the later app, and before all those of the settings.
    shared.sort_by_key(|one| names.place(names.loaded(one, program), program));
    let mut table = Table::new();
    let mut add = |one: &Registered<T>, name: Arc<str>| {
        let apart: Arc<str> = format!("{} {}", dotted(program, one.library), one.name).into();
        table.entry(Arc::clone(&one.name)).or_default().insert(name, apart);
    };
    for one in &shared {
        add(one, dotted(program, one.library));
        if let Some(name) = Names::own(names.loaded(one, program), program) {
            add(one, name);
        }
    }
    for one in &shared {
        let given = names.options.get(&names.loaded(one, program));
        for name in given.into_iter().flatten() {
            add(one, Arc::clone(name));
        }
    }
    table
}
