//! Operators: truth, comparison, arithmetic, membership.

use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast::{CmpOp, Operator, UnaryOp};

use super::truth::is_surely_true;
use super::{Args, At, DictVal, Interp, Leaf, Object, SeqVal, Val, ValAlt};
use crate::worlds::{Atom, Guard, Sym, Type};

impl Interp<'_> {
    /// The worlds in which a value is truthy.
    pub fn truth(&mut self, val: &Val, at: At) -> Guard {
        let mut out = Guard::NEVER;
        let many = self.shared_truth(val);
        for alt in &val.alts {
            let pc = self.worlds.and(at.pc, alt.guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            let holds = match &alt.leaf {
                Leaf::Sym(sym) => match many {
                    Some(shared) if !is_surely_true(sym) => shared,
                    _ => self.symbol_truth(sym),
                },
                leaf => self.leaf_truth(leaf, At { pc, ..at }),
            };
            let holds = self.worlds.and(alt.guard, holds);
            out = self.worlds.or(out, holds);
        }
        out
    }

    fn leaf_truth(&mut self, leaf: &Leaf, at: At) -> Guard {
        match leaf {
            Leaf::Absent | Leaf::None => Guard::NEVER,
            Leaf::Bool(b) => certain(*b),
            Leaf::Int(i) | Leaf::Delta(i) => certain(*i != 0),
            Leaf::Float(f) => certain(*f != 0.0),
            Leaf::Str(s) => certain(!s.is_empty()),
            Leaf::Bytes(b) => certain(!b.is_empty()),
            Leaf::Tuple(seq) => {
                let seq = Rc::clone(seq);
                self.some_element(&seq)
            }
            Leaf::Ref(id) => match self.object(*id) {
                Some(Object::List(seq) | Object::Set(seq)) => {
                    let seq = seq.clone();
                    self.some_element(&seq)
                }
                Some(Object::Dict(dict)) => {
                    let dict = dict.clone();
                    self.some_entry(&dict)
                }
                Some(Object::Inst(inst)) => match inst.class.clone() {
                    Leaf::Ext(class) => {
                        self.library.truth(self, *id, &class).unwrap_or(Guard::ALWAYS)
                    }
                    _ => Guard::ALWAYS,
                },
                _ => Guard::ALWAYS,
            },
            Leaf::Sym(sym) => self.symbol_truth(sym),
            Leaf::BuiltinMethod(bound) if self.is_external_attribute(leaf) => {
                let what = format!("the attribute `{}` of an object is true", bound.1);
                self.or_unknown(Guard::NEVER, &what)
            }
            Leaf::Path(_) | Leaf::Func(_) | Leaf::Method(_) | Leaf::BuiltinMethod(_) => {
                Guard::ALWAYS
            }
            Leaf::Module(_) => Guard::ALWAYS,
            Leaf::Ext(name) => self.external_truth(name, at),
        }
    }

    fn external_truth(&mut self, name: &str, at: At) -> Guard {
        match self.library.value(self, name, at) {
            Some(val) if !matches!(val.single(), Some(Leaf::Ext(_))) => self.truth(&val, at),
            _ if is_constant_name(name) => self.unseen_truth(name),
            _ => Guard::ALWAYS,
        }
    }

    /// A constant of a package may be anything; asked twice, it is the same.
    fn unseen_truth(&mut self, name: &str) -> Guard {
        if let Some((_, guard)) = self.unseen.iter().find(|(known, _)| &**known == name) {
            return *guard;
        }
        let guard = self.or_unknown(Guard::NEVER, &format!("{name} is true"));
        self.unseen.push((Arc::from(name), guard));
        guard
    }

    fn some_element(&mut self, seq: &SeqVal) -> Guard {
        let some = seq.items.iter().fold(Guard::NEVER, |g, (guard, _)| self.worlds.or(g, *guard));
        if seq.open {
            self.or_unknown(some, "a list that may hold more is not empty")
        } else {
            some
        }
    }

    fn some_entry(&mut self, dict: &DictVal) -> Guard {
        let mut some = Guard::NEVER;
        for (_, value) in &dict.entries {
            let absent = self.absent(value);
            let there = self.worlds.not(absent);
            some = self.worlds.or(some, there);
        }
        if dict.open {
            self.or_unknown(some, "a dict that may hold more is not empty")
        } else {
            some
        }
    }

    pub(super) fn or_unknown(&mut self, known: Guard, what: &str) -> Guard {
        if known.is_always() {
            return known;
        }
        self.opaque += 1;
        let maybe = self.worlds.atom(Atom::Unknown(self.opaque, Arc::from(what)));
        self.worlds.or(known, maybe)
    }

    /// The worlds in which two values are equal.
    pub fn equal(&mut self, a: &Val, b: &Val, at: At) -> Guard {
        let mut out = Guard::NEVER;
        for left in &a.alts {
            for right in &b.alts {
                let both = self.worlds.and(left.guard, right.guard);
                let reach = self.worlds.and(both, at.pc);
                if self.worlds.impossible(reach) {
                    continue;
                }
                let same = self.leaf_equal(&left.leaf, &right.leaf, at);
                let same = self.worlds.and(same, both);
                out = self.worlds.or(out, same);
            }
        }
        out
    }

    pub(super) fn leaf_equal(&mut self, a: &Leaf, b: &Leaf, at: At) -> Guard {
        match (a, b) {
            (Leaf::Sym(x), Leaf::Sym(y)) if x == y => Guard::ALWAYS,
            (Leaf::Sym(sym), other) | (other, Leaf::Sym(sym)) => self.symbol_equal(sym, other),
            (Leaf::Bool(x), Leaf::Int(y)) | (Leaf::Int(y), Leaf::Bool(x)) => {
                certain(i64::from(*x) == *y)
            }
            (Leaf::Path(x), Leaf::Path(y)) => certain(x == y),
            (Leaf::Ref(_) | Leaf::Tuple(_), Leaf::Ref(_) | Leaf::Tuple(_)) if a != b => {
                let (x, y) = (self.leaf_elements(a, at), self.leaf_elements(b, at));
                if x.open || y.open {
                    return self.or_unknown(Guard::NEVER, "two lists are equal");
                }
                if x.items.len() != y.items.len() {
                    return Guard::NEVER;
                }
                let mut all = Guard::ALWAYS;
                for ((_, left), (_, right)) in x.items.iter().zip(&y.items) {
                    let same = self.equal(left, right, at);
                    all = self.worlds.and(all, same);
                }
                all
            }
            _ => certain(a == b),
        }
    }

    fn symbol_equal(&mut self, sym: &Arc<Sym>, other: &Leaf) -> Guard {
        // A text is never None, True or a number.
        let text = matches!(sym.ty, Type::Str | Type::List | Type::Dict);
        match other {
            Leaf::None if sym.ty != Type::Any => return Guard::NEVER,
            Leaf::Bool(_) | Leaf::Int(_) | Leaf::Float(_) if text => return Guard::NEVER,
            Leaf::Str(s) if s.is_empty() && sym.ty == Type::Str => {
                let truthy = self.worlds.atom(Atom::Truthy(Arc::clone(sym)));
                return self.worlds.not(truthy);
            }
            Leaf::Absent => return Guard::NEVER,
            _ => {}
        }
        let text = self.repr(other);
        let test = sym.then(format!("== {text}"), Type::Bool);
        self.worlds.atom(Atom::Truthy(Arc::new(test)))
    }

    pub(super) fn compare(&mut self, op: CmpOp, a: &Val, b: &Val, at: At) -> Guard {
        match op {
            CmpOp::Eq => self.equal(a, b, at),
            CmpOp::NotEq => {
                let same = self.equal(a, b, at);
                self.worlds.not(same)
            }
            CmpOp::Is => self.identical(a, b, at),
            CmpOp::IsNot => {
                let same = self.identical(a, b, at);
                self.worlds.not(same)
            }
            CmpOp::In => self.contains(b, a, at),
            CmpOp::NotIn => {
                let within = self.contains(b, a, at);
                self.worlds.not(within)
            }
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => self.ordered(op, a, b, at),
        }
    }

    /// `a + b`.
    pub fn add(&mut self, a: &Val, b: &Val, at: At) -> Val {
        self.binary(a, Operator::Add, b, at)
    }

    fn identical(&mut self, a: &Val, b: &Val, at: At) -> Guard {
        self.equal(a, b, at)
    }

    fn ordered(&mut self, op: CmpOp, a: &Val, b: &Val, at: At) -> Guard {
        let mut out = Guard::NEVER;
        for left in &a.alts {
            for right in &b.alts {
                let both = self.worlds.and(left.guard, right.guard);
                let reach = self.worlds.and(both, at.pc);
                if self.worlds.impossible(reach) {
                    continue;
                }
                let holds = match self.ordering(&left.leaf, &right.leaf, at) {
                    Some(order) => certain(match op {
                        CmpOp::Lt => order.is_lt(),
                        CmpOp::LtE => order.is_le(),
                        CmpOp::Gt => order.is_gt(),
                        _ => order.is_ge(),
                    }),
                    None => self.unknown_order(op, &left.leaf, &right.leaf),
                };
                let holds = self.worlds.and(holds, both);
                out = self.worlds.or(out, holds);
            }
        }
        out
    }

    fn unknown_order(&mut self, op: CmpOp, a: &Leaf, b: &Leaf) -> Guard {
        if let (Leaf::Sym(sym), other) = (a, b) {
            let text = format!("{} {}", op.as_str(), self.repr(other));
            let test = sym.then(text, Type::Bool);
            return self.worlds.atom(Atom::Truthy(Arc::new(test)));
        }
        self.or_unknown(Guard::NEVER, "a comparison of unknown values holds")
    }

    fn ordering(&mut self, a: &Leaf, b: &Leaf, at: At) -> Option<std::cmp::Ordering> {
        match (a, b) {
            (Leaf::Int(x), Leaf::Int(y)) | (Leaf::Delta(x), Leaf::Delta(y)) => Some(x.cmp(y)),
            (Leaf::Str(x), Leaf::Str(y)) => Some(x.cmp(y)),
            (Leaf::Float(x), Leaf::Float(y)) => x.partial_cmp(y),
            (Leaf::Int(x), Leaf::Float(y)) => as_float(*x).partial_cmp(y),
            (Leaf::Float(x), Leaf::Int(y)) => x.partial_cmp(&as_float(*y)),
            (Leaf::Tuple(_), Leaf::Tuple(_)) => {
                let (x, y) = (self.leaf_elements(a, at), self.leaf_elements(b, at));
                for ((_, left), (_, right)) in x.items.iter().zip(&y.items) {
                    let (left, right) = (left.single()?.clone(), right.single()?.clone());
                    let order = self.ordering(&left, &right, at)?;
                    if order.is_ne() {
                        return Some(order);
                    }
                }
                match (x.open, y.open) {
                    (false, false) => Some(x.items.len().cmp(&y.items.len())),
                    // `django.VERSION` has more parts than those that are known here.
                    (true, false) if y.items.len() <= x.items.len() => {
                        Some(std::cmp::Ordering::Greater)
                    }
                    (false, true) if x.items.len() <= y.items.len() => {
                        Some(std::cmp::Ordering::Less)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &Val, at: At) -> Val {
        if op == UnaryOp::Not {
            let holds = self.truth(operand, at);
            let not = self.worlds.not(holds);
            return self.boolean(not, at);
        }
        self.map(operand, at, |it, leaf, at| match (op, leaf) {
            (UnaryOp::USub, Leaf::Int(i)) => it.integer(i.checked_neg(), at),
            (UnaryOp::USub, Leaf::Float(f)) => Val::of(Leaf::Float(-f), Some(at.span)),
            (UnaryOp::UAdd, Leaf::Int(_) | Leaf::Float(_)) => Val::of(leaf.clone(), Some(at.span)),
            (UnaryOp::Invert, Leaf::Int(i)) => it.integer(Some(!i), at),
            (_, Leaf::Sym(sym)) => it.symbol(sym.then(format!("{} …", op.as_str()), sym.ty), at),
            _ => it.unknown("an operation on an unknown value", at),
        })
    }

    pub(super) fn integer(&mut self, value: Option<i64>, at: At) -> Val {
        match value {
            Some(i) => Val::of(Leaf::Int(i), Some(at.span)),
            None => self.unknown_of("a number that is too large", Type::Int, at),
        }
    }

    pub(super) fn binary(&mut self, left: &Val, op: Operator, right: &Val, at: At) -> Val {
        if let Some(joined) = self.concat(left, op, right, at) {
            return joined;
        }
        if left.alts.len() * right.alts.len() > self.budget.alternatives {
            return self.unknown("too many alternatives", at);
        }
        let right = right.clone();
        self.map(left, at, |it, a, at| it.map(&right, at, |it, b, at| it.leaf_binary(a, op, b, at)))
    }

    /// `list + list`: one list whose elements carry the worlds of both sides, however many
    /// alternatives they have.
    fn concat(&mut self, left: &Val, op: Operator, right: &Val, at: At) -> Option<Val> {
        let lists = |it: &Self, val: &Val| {
            val.alts.iter().all(|alt| match &alt.leaf {
                Leaf::Ref(id) => matches!(it.object(*id), Some(Object::List(_))),
                _ => false,
            })
        };
        // What a package has there is a list, or the program would fail.
        let symbolic = |it: &Self, val: &Val| {
            val.alts.iter().any(|alt| match &alt.leaf {
                Leaf::Sym(s) => s.ty == Type::List || s.ty == Type::Any,
                Leaf::Ext(_) => true,
                Leaf::Ref(id) => match it.object(*id) {
                    Some(Object::Inst(inst)) => matches!(inst.class, Leaf::Ext(_)),
                    _ => false,
                },
                leaf => it.is_external_attribute(leaf),
            })
        };
        if op != Operator::Add {
            return None;
        }
        let (l, r) = (lists(self, left), lists(self, right));
        if !(l && (r || symbolic(self, right)) || r && symbolic(self, left)) {
            return None;
        }
        let mut seq = self.elements(left, at);
        let more = self.elements(right, at);
        seq.items.extend(more.items);
        seq.open |= more.open;
        Some(self.list(seq, at))
    }

    fn leaf_binary(&mut self, a: &Leaf, op: Operator, b: &Leaf, at: At) -> Val {
        match (a, op, b) {
            (Leaf::Str(x), Operator::Add, Leaf::Str(y)) => self.text(format!("{x}{y}"), at),
            (Leaf::Str(_), Operator::Add, Leaf::Sym(_))
            | (Leaf::Sym(_), Operator::Add, Leaf::Str(_)) => self.glue(a, b, at),
            (Leaf::Str(x), Operator::Mult, Leaf::Int(n)) => {
                let n = usize::try_from(*n).unwrap_or(0);
                if x.len().saturating_mul(n) > self.budget.text {
                    return self.unknown_of("a text that is too long", Type::Str, at);
                }
                self.text(x.repeat(n), at)
            }
            (Leaf::Str(format), Operator::Mod, _) => self.percent(format, b, at),
            (Leaf::Path(x), Operator::Div, Leaf::Str(y))
            | (Leaf::Path(x) | Leaf::Str(x), Operator::Div, Leaf::Path(y)) => {
                let joined = super::paths::pure(&super::paths::join(x, y));
                Val::of(Leaf::Path(joined.into()), Some(at.span))
            }
            (Leaf::Path(_), Operator::Div, Leaf::Sym(sym)) => {
                self.symbol(sym.then("in a path", Type::Any), at)
            }
            (Leaf::Tuple(x), Operator::Add, Leaf::Tuple(y)) => {
                let mut items = x.items.clone();
                items.extend(y.items.iter().cloned());
                let seq = SeqVal { items, open: x.open || y.open };
                Val::of(Leaf::Tuple(Rc::new(seq)), Some(at.span))
            }
            (Leaf::Tuple(x), Operator::Add, Leaf::Sym(_)) => {
                let seq = SeqVal { items: x.items.clone(), open: true };
                Val::of(Leaf::Tuple(Rc::new(seq)), Some(at.span))
            }
            (Leaf::Ref(_) | Leaf::Tuple(_), Operator::Mult, Leaf::Int(n)) => {
                let seq = self.leaf_elements(a, at);
                let n = usize::try_from(*n).unwrap_or(0).min(1_000);
                let items = seq.items.iter().cycle().take(seq.items.len() * n).cloned().collect();
                self.same_kind(a, SeqVal { items, open: seq.open }, at)
            }
            (Leaf::Ref(x), Operator::BitOr | Operator::Sub | Operator::BitAnd, Leaf::Ref(_)) => {
                self.combine_objects(*x, op, b, at)
            }
            (Leaf::Ref(id), ..) if matches!(self.object(*id), Some(Object::Inst(_))) => {
                self.object_binary(a, op, b, at)
            }
            (Leaf::Sym(sym), _, _) => {
                let text = format!("{} {}", op.as_str(), self.repr(b));
                let ty = arithmetic_type(sym.ty, op);
                self.symbol(sym.then(text, ty), at)
            }
            (_, _, Leaf::Sym(sym)) => {
                let text = format!("after {} {}", self.repr(a), op.as_str());
                let ty = arithmetic_type(sym.ty, op);
                self.symbol(sym.then(text, ty), at)
            }
            _ => self.arithmetic(a, op, b, at),
        }
    }

    /// An operator that the object's class defines.
    fn object_binary(&mut self, a: &Leaf, op: Operator, b: &Leaf, at: At) -> Val {
        let method = match op {
            Operator::Add => "__add__",
            Operator::Sub => "__sub__",
            Operator::Div => "__truediv__",
            Operator::Mult => "__mul__",
            Operator::BitOr => "__or__",
            Operator::Mod => "__mod__",
            _ => return self.unknown("an operation on an object", at),
        };
        let method = self.leaf_attribute(a, method, at);
        self.call_value(&method, &Args::positional(vec![Val::of(b.clone(), None)]), at)
    }

    fn combine_objects(&mut self, x: super::ObjId, op: Operator, right: &Leaf, at: At) -> Val {
        let right = Val::of(right.clone(), None);
        match (self.object(x).cloned(), op) {
            (Some(Object::Dict(dict)), Operator::BitOr) => {
                let id = self.alloc(Object::Dict(dict));
                self.dict_update(id, &right, at);
                Val::of(Leaf::Ref(id), Some(at.span))
            }
            (Some(Object::Set(set)), Operator::BitOr | Operator::Sub) => {
                let id = self.alloc(Object::Set(set));
                self.update_in_place(id, op, &right, at);
                Val::of(Leaf::Ref(id), Some(at.span))
            }
            _ => self.unknown("an operation on two containers", at),
        }
    }

    fn arithmetic(&mut self, a: &Leaf, op: Operator, b: &Leaf, at: At) -> Val {
        let int = |leaf: &Leaf| match leaf {
            Leaf::Int(i) => Some(*i),
            Leaf::Bool(b) => Some(i64::from(*b)),
            _ => None,
        };
        let span = Some(at.span);
        if let (Some(x), Some(y)) = (int(a), int(b)) {
            return match op {
                Operator::Add => self.integer(x.checked_add(y), at),
                Operator::Sub => self.integer(x.checked_sub(y), at),
                Operator::Mult => self.integer(x.checked_mul(y), at),
                Operator::Pow => {
                    self.integer(u32::try_from(y).ok().and_then(|y| x.checked_pow(y)), at)
                }
                Operator::LShift => {
                    let shifted = u32::try_from(y).ok().filter(|y| *y < 63);
                    self.integer(shifted.and_then(|y| x.checked_mul(1_i64 << y)), at)
                }
                Operator::RShift => {
                    self.integer(u32::try_from(y).ok().and_then(|y| x.checked_shr(y)), at)
                }
                Operator::FloorDiv if y != 0 => self.integer(floor_div(x, y), at),
                Operator::Mod if y != 0 => {
                    self.integer(floor_div(x, y).and_then(|q| x.checked_sub(q * y)), at)
                }
                Operator::Div if y != 0 => Val::of(Leaf::Float(as_float(x) / as_float(y)), span),
                Operator::BitOr => self.integer(Some(x | y), at),
                Operator::BitAnd => self.integer(Some(x & y), at),
                Operator::BitXor => self.integer(Some(x ^ y), at),
                _ => self.fail("ZeroDivisionError", "division by zero", at),
            };
        }
        let float = |leaf: &Leaf| match leaf {
            Leaf::Float(f) => Some(*f),
            other => int(other).map(as_float),
        };
        match (a, b, op) {
            (Leaf::Delta(x), Leaf::Delta(y), Operator::Add) => {
                return Val::of(Leaf::Delta(x.saturating_add(*y)), span);
            }
            (Leaf::Delta(x), Leaf::Delta(y), Operator::Sub) => {
                return Val::of(Leaf::Delta(x.saturating_sub(*y)), span);
            }
            (Leaf::Delta(x), Leaf::Int(n), Operator::Mult)
            | (Leaf::Int(n), Leaf::Delta(x), Operator::Mult) => {
                return Val::of(Leaf::Delta(x.saturating_mul(*n)), span);
            }
            _ => {}
        }
        let result = match (float(a), float(b), op) {
            (Some(x), Some(y), Operator::Add) => Some(x + y),
            (Some(x), Some(y), Operator::Sub) => Some(x - y),
            (Some(x), Some(y), Operator::Mult) => Some(x * y),
            (Some(x), Some(y), Operator::Div) if y != 0.0 => Some(x / y),
            (Some(x), Some(y), Operator::FloorDiv) if y != 0.0 => Some((x / y).floor()),
            (Some(x), Some(y), Operator::Pow) => Some(x.powf(y)),
            _ => None,
        };
        match result {
            Some(f) => Val::of(Leaf::Float(f), span),
            None => self.unknown("an operation on these types", at),
        }
    }

    /// A string value within the size budget.
    pub(super) fn text(&mut self, text: String, at: At) -> Val {
        if text.len() > self.budget.text {
            return self.unknown_of("a text that is too long", Type::Str, at);
        }
        Val::of(Leaf::Str(Arc::from(text)), Some(at.span))
    }

    /// `a and b`, `a or b` with Python's value semantics.
    pub(super) fn and_or(
        &mut self,
        is_and: bool,
        values: &[djsec_syntax::python::ast::Expr],
        at: At,
    ) -> Val {
        let mut out: Vec<Val> = Vec::new();
        let mut pc = at.pc;
        for (n, value) in values.iter().enumerate() {
            if self.worlds.impossible(pc) {
                break;
            }
            let here = At { pc, ..at };
            let val = self.expr(value, here);
            if n + 1 == values.len() {
                let val = self.narrow(&val, pc);
                out.push(val);
                break;
            }
            let truthy = self.truth(&val, here);
            let stops = if is_and { self.worlds.not(truthy) } else { truthy };
            let decided = self.worlds.and(pc, stops);
            let part = self.decided(&val, decided, is_and, here);
            out.push(part);
            pc = self.worlds.minus(pc, stops);
        }
        self.join(out, at)
    }

    /// The value of the operand that decides; a text that is false is the empty text.
    fn decided(&mut self, val: &Val, pc: Guard, falsy: bool, at: At) -> Val {
        let mut part = self.narrow(val, pc);
        if falsy {
            for alt in &mut part.alts {
                if let Leaf::Sym(sym) = &alt.leaf
                    && sym.ty == Type::Str
                {
                    *alt = ValAlt {
                        guard: alt.guard,
                        leaf: Leaf::Str(Arc::from("")),
                        span: Some(at.span),
                    };
                }
            }
        }
        part
    }
}

#[expect(clippy::cast_precision_loss, reason = "Python converts the same way")]
pub(super) fn as_float(i: i64) -> f64 {
    i as f64
}

fn certain(b: bool) -> Guard {
    if b { Guard::ALWAYS } else { Guard::NEVER }
}

/// Division that rounds down, as Python's.
fn floor_div(x: i64, y: i64) -> Option<i64> {
    let q = x.checked_div(y)?;
    let r = x.checked_rem(y)?;
    Some(if r != 0 && (r < 0) != (y < 0) { q - 1 } else { q })
}

fn arithmetic_type(ty: Type, op: Operator) -> Type {
    match (ty, op) {
        (Type::Str, Operator::Mod) => Type::Str,
        (Type::Int, Operator::Div) => Type::Float,
        _ => ty,
    }
}

/// Classes, functions and modules are true; names in capitals are values.
fn is_constant_name(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.len() > 1 && !last.chars().any(char::is_lowercase) && last.chars().any(char::is_uppercase)
}
