//! Assignment to names, attributes, items and patterns of targets.

use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast::{self, Expr};

use super::{At, Func, Interp, Leaf, NsId, Object, SeqVal, Val};

/// Attributes that one function is given.
const MOST_ON_A_FUNCTION: usize = 64;

impl Interp<'_> {
    pub(super) fn assign(&mut self, target: &Expr, value: &Val, at: At) {
        match target {
            Expr::Name(name) => self.bind(name.id.as_str(), value.clone(), at),
            Expr::Attribute(attribute) => {
                let object = self.expr(&attribute.value, at);
                self.set_attribute(&object, attribute.attr.as_str(), value, at);
            }
            Expr::Subscript(sub) => {
                let container = self.expr(&sub.value, at);
                if let Expr::Slice(slice) = &*sub.slice {
                    self.set_slice(&container, slice, value, at);
                } else {
                    let key = self.expr(&sub.slice, at);
                    self.set_item(&container, &key, value, at);
                }
            }
            Expr::Tuple(t) => self.unpack(&t.elts, value, at),
            Expr::List(l) => self.unpack(&l.elts, value, at),
            Expr::Starred(s) => self.assign(&s.value, value, at),
            _ => {}
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: &Val, at: At) {
        let seq = self.elements(value, at);
        let whole = !seq.open && seq.items.iter().all(|(guard, _)| self.surely(*guard, at));
        let starred = targets.iter().position(|t| matches!(t, Expr::Starred(_)));
        if whole && starred.is_none() && seq.items.len() == targets.len() {
            for (target, (_, item)) in targets.iter().zip(&seq.items) {
                self.assign(target, item, at);
            }
            return;
        }
        if let (true, Some(star)) = (whole, starred)
            && seq.items.len() + 1 >= targets.len()
        {
            let tail = targets.len() - star - 1;
            let last = seq.items.len() - tail;
            for (at_target, target) in targets.iter().enumerate() {
                let item = match at_target.cmp(&star) {
                    Ordering::Less => seq.items.get(at_target).map(|(_, v)| v.clone()),
                    Ordering::Equal => {
                        let middle = seq.items.get(star..last).unwrap_or_default().to_vec();
                        Some(self.list(SeqVal { items: middle, open: false }, at))
                    }
                    Ordering::Greater => {
                        seq.items.get(last + at_target - star - 1).map(|(_, v)| v.clone())
                    }
                };
                self.assign(target, &item.unwrap_or_default(), at);
            }
            return;
        }
        self.unpack_alternatives(targets, value, at);
    }

    /// The value has several shapes: unpack each alternative in its own worlds.
    fn unpack_alternatives(&mut self, targets: &[Expr], value: &Val, at: At) {
        if value.alts.len() > 1 {
            for alt in &value.alts {
                let pc = self.worlds.and(at.pc, alt.guard);
                if !self.worlds.impossible(pc) {
                    let one = Val::of(alt.leaf.clone(), alt.span);
                    self.unpack(targets, &one, At { pc, ..at });
                }
            }
            return;
        }
        for target in targets {
            let part = match value.single() {
                Some(Leaf::Sym(sym)) => {
                    let ty = crate::worlds::Type::Any;
                    let part = sym.then(format!("[{}]", describe_target(target)), ty);
                    self.symbol(part, at)
                }
                _ => self.unknown("part of an unknown value", at),
            };
            self.assign(target, &part, at);
        }
    }

    /// Whether a guard covers all worlds of the current path.
    pub(super) fn surely(&mut self, guard: crate::worlds::Guard, at: At) -> bool {
        if guard.is_always() {
            return true;
        }
        let rest = self.worlds.minus(at.pc, guard);
        self.worlds.impossible(rest)
    }

    /// Binds a name in the current scope.
    pub fn bind(&mut self, name: &str, value: Val, at: At) {
        let Some(frame) = self.frames.last() else { return };
        let global = frame.declared_global.iter().any(|n| &**n == name);
        let ns = if global { frame.globals } else { frame.ns };
        self.bind_in(ns, name, value, at);
    }

    /// Binds a name in a namespace, in the worlds of the current path.
    pub fn bind_in(&mut self, ns: NsId, name: &str, value: Val, at: At) {
        let old = self
            .namespace(ns)
            .and_then(|space| space.find(name))
            .map_or_else(|| Val::of(Leaf::Absent, None), |bound| bound.val.clone());
        let merged = self.merge(at.pc, value, &old);
        let merged = self.join([merged], at);
        if let Some(bound) = self.namespace_mut(ns).and_then(|space| space.entry(name)) {
            bound.val = merged;
            // Only names of settings have readers who ask what they were before.
            if let (Some(leaf), Some(span)) = (old.single(), bound.touched.last())
                && matches!(leaf, Leaf::Bool(_) | Leaf::Int(_) | Leaf::Str(_))
                && name.starts_with(|first: char| first.is_ascii_uppercase())
                && bound.val.single() != Some(leaf)
                && bound.replaced.len() < 8
            {
                bound.replaced.push((*span, leaf.clone()));
            }
            if bound.touched.last() != Some(&at.span) && bound.touched.len() < 64 {
                bound.touched.push(at.span);
                if !at.pc.is_always() {
                    bound.conditional.push((at.span, at.pc));
                }
            }
        }
    }

    /// A loop that copies the members of a class is no news about one of them: what the class says
    /// takes its place in the history of the name.
    pub(super) fn credit_members(&mut self, ns: NsId, name: &str, at: At) {
        let Some(statements) = self.listed.get(name).cloned() else { return };
        if let Some(bound) = self.namespace_mut(ns).and_then(|space| space.entry(name))
            && bound.touched.last() == Some(&at.span)
        {
            bound.touched.pop();
            for span in statements {
                if !bound.touched.contains(&span) {
                    bound.touched.push(span);
                }
            }
        }
    }

    pub(super) fn set_attribute(&mut self, object: &Val, name: &str, value: &Val, at: At) {
        for alt in &object.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            match &alt.leaf {
                Leaf::Module(module) => {
                    if let Some(ns) = self.module_namespace(module) {
                        self.bind_in(ns, name, value.clone(), here);
                    }
                }
                Leaf::Ref(id) => self.set_object_attribute(*id, name, value, here),
                Leaf::Func(func) => self.set_function_attribute(func, name, value, here),
                _ => {}
            }
        }
    }

    fn set_function_attribute(&mut self, func: &Rc<Func>, name: &str, value: &Val, at: At) {
        let known = func.attrs.borrow().iter().position(|(known, _)| &**known == name);
        let absent = Val::of(Leaf::Absent, None);
        let old = match known {
            Some(n) => func.attrs.borrow().get(n).map_or(absent, |(_, val)| val.clone()),
            None if func.attrs.borrow().len() >= MOST_ON_A_FUNCTION => return,
            None => absent,
        };
        let merged = self.merge(at.pc, value.clone(), &old);
        let mut attrs = func.attrs.borrow_mut();
        match known.and_then(|n| attrs.get_mut(n)) {
            Some(slot) => slot.1 = merged,
            None => attrs.push((Arc::from(name), merged)),
        }
    }

    fn set_object_attribute(&mut self, id: super::ObjId, name: &str, value: &Val, at: At) {
        let old = match self.object(id) {
            Some(Object::Class(class)) => {
                let ns = class.ns;
                self.bind_in(ns, name, value.clone(), at);
                return;
            }
            Some(Object::Inst(inst)) => {
                inst.attrs.iter().find(|(n, _)| &**n == name).map(|(_, v)| v.clone())
            }
            _ => return,
        };
        let old = old.unwrap_or_else(|| Val::of(Leaf::Absent, None));
        let merged = self.merge(at.pc, value.clone(), &old);
        if let Some(Object::Inst(inst)) = self.object_mut(id, at) {
            if let Some(slot) = inst.attrs.iter_mut().find(|(n, _)| &**n == name) {
                slot.1 = merged;
            } else {
                inst.attrs.push((Arc::from(name), merged));
            }
        }
    }

    pub(super) fn augmented(&mut self, s: &ast::StmtAugAssign, at: At) {
        let left = self.expr(&s.target, at);
        let right = self.expr(&s.value, at);
        let mut plain = Val::nothing();
        for alt in &left.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let here = At { pc, ..at };
            // `list += x` and `dict |= x` change the object that other names may share.
            if let Leaf::Ref(id) = alt.leaf
                && self.update_in_place(id, s.op, &right, here)
            {
                plain.alts.push(alt.clone());
                continue;
            }
            let one = Val::of(alt.leaf.clone(), alt.span);
            let result = self.binary(&one, s.op, &right, here);
            let result = self.narrow(&result, alt.guard);
            plain = self.join([plain, result], at);
        }
        self.assign(&s.target, &plain, at);
    }
}

fn describe_target(target: &Expr) -> &str {
    match target {
        Expr::Name(name) => name.id.as_str(),
        _ => "item",
    }
}
