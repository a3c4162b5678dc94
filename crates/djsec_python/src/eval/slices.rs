//! Slices: `container[a:b]`, read and assigned.

use std::rc::Rc;

use djsec_syntax::python::ast::{self, Expr};

use super::{At, Interp, Leaf, Object, SeqVal, Val};
use crate::worlds::{Guard, Type};

impl Interp<'_> {
    pub(super) fn set_slice(
        &mut self,
        container: &Val,
        slice: &ast::ExprSlice,
        value: &Val,
        at: At,
    ) {
        let lower = self.slice_bound(slice.lower.as_deref(), at);
        let upper = self.slice_bound(slice.upper.as_deref(), at);
        let new = self.elements(value, at);
        let Some(Leaf::Ref(id)) = container.single() else { return };
        let Some(Object::List(seq)) = self.object(*id) else { return };
        let len = seq.items.len();
        let (Some(from), Some(to)) = (bound_at(lower, 0, len), bound_at(upper, len, len)) else {
            if let Some(Object::List(seq)) = self.object_mut(*id, at) {
                seq.open = true;
            }
            return;
        };
        let mut items = seq.items.clone();
        let mut middle: Vec<(Guard, Val)> = Vec::new();
        for (guard, item) in new.items {
            let guard = self.worlds.and(guard, at.pc);
            middle.push((guard, item));
        }
        let mut dropped: Vec<(Guard, Val)> = Vec::new();
        for (guard, item) in items.get(from..to.max(from)).unwrap_or_default() {
            let guard = self.worlds.minus(*guard, at.pc);
            if !guard.is_never() {
                dropped.push((guard, item.clone()));
            }
        }
        middle.extend(dropped);
        items.splice(from..to.max(from), middle);
        if let Some(Object::List(seq)) = self.object_mut(*id, at) {
            seq.items = items;
            seq.open |= new.open;
        }
    }

    /// A slice bound: `Ok(None)` when left out, `Err` when unknown.
    #[expect(clippy::option_option, reason = "left out and unknown are different answers")]
    fn slice_bound(&mut self, bound: Option<&Expr>, at: At) -> Option<Option<i64>> {
        let Some(bound) = bound else { return Some(None) };
        match self.expr(bound, at).single() {
            Some(Leaf::Int(i)) => Some(Some(*i)),
            Some(Leaf::None) => Some(None),
            _ => None,
        }
    }

    /// `container[a:b]`.
    pub(super) fn get_slice(&mut self, container: &Val, slice: &ast::ExprSlice, at: At) -> Val {
        let lower = self.slice_bound(slice.lower.as_deref(), at);
        let upper = self.slice_bound(slice.upper.as_deref(), at);
        let step = self.slice_bound(slice.step.as_deref(), at);
        self.map(container, at, |it, leaf, at| {
            let plain = matches!(step, Some(None | Some(1)));
            let reversed = step == Some(Some(-1)) && lower == Some(None) && upper == Some(None);
            match leaf {
                Leaf::Str(text) => {
                    let chars: Vec<char> = text.chars().collect();
                    if reversed {
                        return Val::str(chars.iter().rev().collect::<String>());
                    }
                    let ends = (
                        bound_at(lower, 0, chars.len()),
                        bound_at(upper, chars.len(), chars.len()),
                    );
                    if let ((Some(from), Some(to)), true) = (ends, plain) {
                        let part: String =
                            chars.get(from..to.max(from)).unwrap_or_default().iter().collect();
                        return Val::str(part);
                    }
                    it.unknown_of("a slice with unknown bounds", Type::Str, at)
                }
                Leaf::Sym(sym) => {
                    let sym = sym.then("[…:…]", sym.ty);
                    it.symbol(sym, at)
                }
                _ => {
                    let mut seq = it.leaf_elements(leaf, at);
                    if reversed {
                        seq.items.reverse();
                    } else if plain {
                        let len = seq.items.len();
                        match (bound_at(lower, 0, len), bound_at(upper, len, len)) {
                            (Some(from), Some(to)) => {
                                seq.items =
                                    seq.items.get(from..to.max(from)).unwrap_or_default().to_vec();
                            }
                            _ => seq.open = true,
                        }
                    } else {
                        seq.open = true;
                    }
                    it.same_kind(leaf, seq, at)
                }
            }
        })
    }

    /// A new sequence of the same type as `like`.
    pub(super) fn same_kind(&mut self, like: &Leaf, seq: SeqVal, at: At) -> Val {
        match like {
            Leaf::Tuple(_) => Val::of(Leaf::Tuple(Rc::new(seq)), Some(at.span)),
            _ => self.list(seq, at),
        }
    }
}

/// A slice bound as a position in `0..=len`; `missing` when left out, `None` when unknown.
#[expect(clippy::option_option, reason = "left out and unknown are different answers")]
fn bound_at(bound: Option<Option<i64>>, missing: usize, len: usize) -> Option<usize> {
    let Some(bound) = bound? else { return Some(missing) };
    let len_i = i64::try_from(len).unwrap_or(i64::MAX);
    let place = if bound < 0 { (bound + len_i).max(0) } else { bound.min(len_i) };
    usize::try_from(place).ok()
}
