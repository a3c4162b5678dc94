//! The environment of the process: variables are symbols until somebody sets them.

use std::sync::Arc;

use super::{At, EnvironmentValue, Interp, Leaf, Val, ValAlt};
use crate::worlds::{Atom, Root, Sym, Type};

impl Interp<'_> {
    /// The value of a variable: absent in the worlds in which it is not set.
    pub fn environ(&mut self, name: &str, at: At) -> Val {
        if let Some((_, val)) = self.environ.iter().find(|(n, _)| &**n == name) {
            return val.clone();
        }
        let val = match self.environment.given.get(name).cloned() {
            Some(EnvironmentValue::Is(text, span)) => {
                Val::of(Leaf::Str(Arc::from(text)), span.or(Some(at.span)))
            }
            Some(EnvironmentValue::Default(text, span)) => {
                let set = self.worlds.atom(Atom::EnvSet(Arc::from(name)));
                let unset = self.worlds.not(set);
                let sym = Leaf::Sym(Arc::new(env_symbol(name, at.span)));
                let text = Leaf::Str(Arc::from(text));
                let span = span.or(Some(at.span));
                Val {
                    alts: vec![
                        ValAlt { guard: set, leaf: sym, span: Some(at.span) },
                        ValAlt { guard: unset, leaf: text, span },
                    ],
                }
            }
            Some(EnvironmentValue::Unset) => Val::of(Leaf::Absent, None),
            Some(EnvironmentValue::Set(span)) => {
                let sym = env_symbol(name, span.unwrap_or(at.span));
                let set = self.worlds.atom(Atom::EnvSet(Arc::from(name)));
                let _ = set;
                Val::of(Leaf::Sym(Arc::new(sym)), Some(at.span))
            }
            None if self.environment.closed => Val::of(Leaf::Absent, None),
            None => {
                let set = self.worlds.atom(Atom::EnvSet(Arc::from(name)));
                let unset = self.worlds.not(set);
                let sym = env_symbol(name, at.span);
                let span = Some(at.span);
                Val {
                    alts: vec![
                        ValAlt { guard: set, leaf: Leaf::Sym(Arc::new(sym)), span },
                        ValAlt { guard: unset, leaf: Leaf::Absent, span: None },
                    ],
                }
            }
        };
        self.environ.push((Arc::from(name), val.clone()));
        val
    }

    /// Sets a variable in the worlds of the current path.
    pub fn set_environ(&mut self, name: &str, value: &Val, at: At) {
        let old = self.environ(name, at);
        let merged = self.merge(at.pc, value.clone(), &old);
        if let Some(slot) = self.environ.iter_mut().find(|(n, _)| &**n == name) {
            slot.1 = merged;
        }
    }
}

fn env_symbol(name: &str, span: djsec_base::Span) -> Sym {
    Sym { root: Root::Env(Arc::from(name)), ops: vec![], ty: Type::Str, span: Some(span) }
}
