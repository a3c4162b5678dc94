//! Modules imported by name, and configuration modules that the operator supplies.

use std::sync::Arc;

use super::{At, Fact, Interp, Leaf, Val};
use crate::worlds::{Atom, Guard, Root, Sym, Type};

/// Names of operator-supplied modules carry this prefix, so that no package is mistaken for one.
pub(super) const OPERATOR: &str = "operator:";

impl Interp<'_> {
    pub(super) fn import_by_name(&mut self, val: &Val, at: At) -> Val {
        let known = val.alts.iter().find_map(|alt| match &alt.leaf {
            Leaf::Str(name) => Some(Arc::clone(name)),
            _ => None,
        });
        self.map(val, at, |it, leaf, at| {
            let (name, certain) = match (leaf, &known) {
                (Leaf::Str(name), _) => (Arc::clone(name), true),
                (_, Some(name)) => (Arc::clone(name), false),
                (Leaf::Sym(sym), None) if sym.variable().is_some() && sym.ops.is_empty() => {
                    // `SHOP_CONFIGURATION` names the operator's `configuration`.
                    let variable = sym.variable().map(|name| name.to_lowercase());
                    let variable = variable.unwrap_or_default();
                    (Arc::from(variable.rsplit('_').next().unwrap_or_default()), false)
                }
                _ => return it.unknown("a module imported by an unknown name", at),
            };
            if certain && it.load_module(&name, at).is_some() {
                return Val::of(Leaf::Module(name), Some(at.span));
            }
            let top = name.split('.').next().unwrap_or(&name);
            if it.find_module(top).is_none() && certain {
                return it.import_module(&name, at).unwrap_or_default();
            }
            let fact = Fact::OperatorModule { name: name.to_string(), span: at.span };
            if !it.facts.contains(&fact) {
                it.facts.push(fact);
            }
            Val::of(Leaf::Ext(Arc::from(format!("{OPERATOR}{name}"))), Some(at.span))
        })
    }

    /// `os.listdir(path)` of a folder of the tree, sorted.
    pub(super) fn list_folder(&mut self, val: &Val, at: At) -> Val {
        let inner = val.as_str().and_then(|path| super::paths::in_tree(&path));
        let Some(inner) = inner else { return self.unknown_of("os.listdir()", Type::List, at) };
        let prefix = if inner.is_empty() { inner } else { format!("{inner}/") };
        let mut names: Vec<String> = self
            .files
            .iter()
            .filter_map(|(_, f)| f.path.as_str().strip_prefix(&*prefix))
            .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
            .collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            return self.unknown_of("os.listdir()", Type::List, at);
        }
        let items = names.into_iter().map(|n| (Guard::ALWAYS, Val::str(n))).collect();
        self.list(super::SeqVal { items, open: false }, at)
    }

    /// `runpy.run_path(path)`: the names that the file makes, as a dict.
    pub(super) fn run_path(&mut self, val: &Val, at: At) -> Val {
        let file = val
            .as_str()
            .and_then(|path| super::paths::in_tree(&path))
            .and_then(|inner| self.files.find(inner.as_str().into()));
        let Some(file) = file else {
            return self.unknown_of("names of a file that djsec cannot see", Type::Dict, at);
        };
        let ns = self.new_namespace();
        self.execute_file(&Arc::from("<run_path>"), file, ns, at);
        let entries = self
            .namespace(ns)
            .map(|space| {
                let leaf = |name: &Arc<str>| Leaf::Str(Arc::clone(name));
                space.iter().map(|(name, bound)| (leaf(name), bound.val.clone())).collect()
            })
            .unwrap_or_default();
        self.dict(super::DictVal { entries, open: false, rest: None }, at)
    }

    /// `module_from_spec(spec)`: a module that its loader executes; under an unknown path, one that
    /// the operator supplies.
    pub(super) fn module_of_spec(&mut self, spec: &Val, at: At) -> Val {
        let inst = match spec.single() {
            Some(Leaf::Ref(id)) => match self.object(*id) {
                Some(super::Object::Inst(inst)) => inst.clone(),
                _ => return self.unknown("a module of an unknown specification", at),
            },
            _ => return self.unknown("a module of an unknown specification", at),
        };
        let name = inst.args.first().and_then(Val::as_str).unwrap_or_else(|| Arc::from("module"));
        let path = inst.args.get(1).cloned().or_else(|| {
            inst.keywords
                .iter()
                .find(|(n, _)| matches!(&**n, "location" | "path"))
                .map(|(_, v)| v.clone())
        });
        let Some(path) = path else { return self.unknown("a module without a path", at) };
        self.map(&path, at, |it, leaf, at| match leaf {
            Leaf::Str(path) | Leaf::Path(path) => {
                let key: Arc<str> = Arc::from(format!("{name}@{path}"));
                if !it.modules.contains_key(&key) {
                    let ns = it.new_namespace();
                    let loaded = super::Loaded { ns, executed: Guard::NEVER, running: false };
                    it.modules.insert(Arc::clone(&key), loaded);
                }
                Val::of(Leaf::Module(key), Some(at.span))
            }
            _ => {
                let fact = Fact::OperatorModule { name: name.to_string(), span: at.span };
                if !it.facts.contains(&fact) {
                    it.facts.push(fact);
                }
                Val::of(Leaf::Ext(Arc::from(format!("{OPERATOR}{name}"))), Some(at.span))
            }
        })
    }

    /// `spec.loader.exec_module(module)`.
    pub(super) fn execute_spec(&mut self, module: &Val, at: At) {
        for alt in module.alts.clone() {
            let Leaf::Module(key) = &alt.leaf else { continue };
            let pc = self.worlds.and(at.pc, alt.guard);
            let Some((_, path)) = key.rsplit_once('@') else { continue };
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            let full = super::paths::join(&self.start_folder(), path);
            let inner = super::paths::in_tree(&full);
            let file = inner.and_then(|inner| self.files.find(inner.as_str().into()));
            let Some(ns) = self.module_namespace(key) else { continue };
            if let Some(file) = file {
                self.execute_file(key, file, ns, here);
                continue;
            }
            // Whether it exists where the process runs is not known.
            self.open_file(path, false, here);
            if let Some(space) = self.namespace_mut(ns) {
                space.open = true;
            }
        }
    }

    /// A name of an operator's module: absent where the operator does not set it.
    fn operator_read(&mut self, module: &str, name: &str, at: At) -> Val {
        let short = module.rsplit('.').next().unwrap_or(module);
        let full: Arc<str> = Arc::from(format!("{short}.{name}"));
        let set = self.worlds.atom(Atom::EnvSet(Arc::clone(&full)));
        let sym = Sym { root: Root::Env(full), ops: vec![], ty: Type::Any, span: Some(at.span) };
        let unset = self.worlds.not(set);
        let sym = self.symbol(sym, at);
        let mut val = self.narrow(&sym, set);
        val.alts.push(super::ValAlt { guard: unset, leaf: Leaf::Absent, span: None });
        val
    }

    pub(super) fn operator_name(&mut self, name: &str, at: At) -> Option<Val> {
        let (module, attribute) = name.strip_prefix(OPERATOR)?.rsplit_once('.')?;
        let val = self.operator_read(module, attribute, at);
        Some(self.required(&val, "AttributeError", name.trim_start_matches(OPERATOR), at))
    }

    /// `getattr(configuration, NAME, default)` on a module outside the tree.
    pub(super) fn operator_attribute(
        &mut self,
        base: &str,
        name: &str,
        default: &Val,
        at: At,
    ) -> Val {
        if let Some(module) = base.strip_prefix(OPERATOR) {
            let val = self.operator_read(module, name, at);
            return self.or_default(&val, default, at);
        }
        let full: Arc<str> = Arc::from(format!("{base}.{name}"));
        let there = self.worlds.atom(Atom::Exists(Arc::clone(&full)));
        let val = Val::of(Leaf::Ext(full), Some(at.span));
        self.merge(there, val, default)
    }

    pub(super) fn find_spec(&mut self, val: &Val, at: At) -> Val {
        let Some(name) = val.as_str() else {
            return self.unknown("a module looked for by an unknown name", at);
        };
        let top = name.split('.').next().unwrap_or(&name).to_owned();
        let there = match self.library.installed(&top) {
            Some(true) => Guard::ALWAYS,
            Some(false) => Guard::NEVER,
            None => self.worlds.atom(Atom::Installed(Arc::from(top))),
        };
        let spec = Val::of(Leaf::Ext(Arc::from("importlib.machinery.ModuleSpec")), Some(at.span));
        self.merge(there, spec, &Val::of(Leaf::None, Some(at.span)))
    }
}
