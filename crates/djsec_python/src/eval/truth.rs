//! Whether values that are not known are true.

use std::sync::Arc;

use super::{Interp, Leaf, Val};
use crate::worlds::{Atom, Guard, Sym, Type};

/// Alternatives of one value that are not known and each have a condition of their own.
const APART: usize = 8;

impl Interp<'_> {
    /// One condition for all that is not known of a value with many alternatives: which of them it is and
    /// whether that one is true would be a table with a line for each choice.
    pub(super) fn shared_truth(&mut self, val: &Val) -> Option<Guard> {
        let mut unknown = val.alts.iter().filter_map(|alt| match &alt.leaf {
            Leaf::Sym(sym) if !is_surely_true(sym) => Some(sym),
            _ => None,
        });
        let first = Arc::clone(unknown.next()?);
        let others = unknown.count();
        (others >= APART).then(|| {
            let one = first.then(format!("or one of {others} others"), Type::Any);
            self.worlds.atom(Atom::Truthy(Arc::new(one)))
        })
    }

    /// In which worlds an unknown value is true.
    pub(super) fn symbol_truth(&mut self, sym: &Arc<Sym>) -> Guard {
        if is_surely_true(sym) {
            return Guard::ALWAYS;
        }
        self.worlds.atom(Atom::Truthy(Arc::clone(sym)))
    }
}

/// Whether an unknown text is true because something that is written out was put into it.
pub(super) fn is_surely_true(sym: &Sym) -> bool {
    if sym.ty != Type::Str {
        return false;
    }
    for op in sym.ops.iter().rev() {
        let put_around = op.strip_prefix("in '").is_some_and(|rest| !rest.starts_with("{}'"));
        let put_behind = op.strip_prefix("+ '").is_some_and(|rest| !rest.starts_with('\''));
        if put_around || put_behind {
            return true;
        }
        // More text behind it takes nothing away.
        if !op.starts_with("in '") && !op.starts_with("+ ") {
            return false;
        }
    }
    false
}
