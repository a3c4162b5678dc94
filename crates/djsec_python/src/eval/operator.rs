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
                _ => return it.unknown("a module imported by an unknown name", at),
            };
            if certain && it.load_module(&name, at).is_some() {
                return Val::of(Leaf::Module(name), Some(at.span));
            }
            let top = name.split('.').next().unwrap_or(&name);
            if it.program.find(top, &it.root.clone()).is_none() && certain {
                return it.import_module(&name, at).unwrap_or_default();
            }
            let fact = Fact::OperatorModule { name: name.to_string(), span: at.span };
            if !it.facts.contains(&fact) {
                it.facts.push(fact);
            }
            Val::of(Leaf::Ext(Arc::from(format!("{OPERATOR}{name}"))), Some(at.span))
        })
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
