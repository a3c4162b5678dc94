//! What the evaluator must know of Django and the packages that settings use. One module a package;
//! each takes a qualified name and gives a value, or nothing when it is not its business.

mod django;
mod monitoring;

use djsec_base::Files;
use djsec_deps::Inventory;
use djsec_python::eval::{Args, At, Interp, Leaf, Library, NsId, ObjId, Val};

use crate::defaults::DjangoSeries;

/// The library of packages for one project.
pub struct Packages<'a> {
    /// The tree, for `.env` and other files that readers look for.
    pub files: &'a Files,
    /// The project's packages.
    pub inventory: &'a Inventory,
    /// Its Django series.
    pub series: DjangoSeries,
}

impl<'a> Packages<'a> {
    /// The library for a project with these packages.
    pub fn new(files: &'a Files, inventory: &'a Inventory, series: DjangoSeries) -> Self {
        Self { files, inventory, series }
    }
}

impl Library for Packages<'_> {
    fn value(&self, it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
        django::value(self, it, name, at)
    }

    fn call(&self, it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
        django::call(self, it, name, args, at).or_else(|| monitoring::call(it, name, args, at))
    }

    fn method(
        &self,
        _it: &mut Interp<'_>,
        _object: ObjId,
        _class: &str,
        _method: &str,
        _args: &Args,
        _at: At,
    ) -> Option<Val> {
        None
    }

    fn attribute(
        &self,
        _it: &mut Interp<'_>,
        _object: ObjId,
        _class: &str,
        _name: &str,
        _at: At,
    ) -> Option<Val> {
        None
    }

    fn instantiate(
        &self,
        _it: &mut Interp<'_>,
        _class: ObjId,
        _base: &str,
        _args: &Args,
        _at: At,
    ) -> Option<Val> {
        None
    }

    fn installed(&self, package: &str) -> Option<bool> {
        self.inventory.is_installed_in_production(package)
    }
}

/// The settings of one class of class-based settings (django-configurations) as a namespace.
pub fn class_settings(it: &mut Interp<'_>, ns: NsId, class: &str, at: At) -> Option<NsId> {
    let found = it.namespace(ns)?.find(class)?.val.clone();
    match found.single() {
        Some(Leaf::Ref(id)) => it.class_namespace(*id, at),
        _ => None,
    }
}
