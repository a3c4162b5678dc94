//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use djsec_syntax::python::ast::{self, Expr, Number};

use super::{Args, At, Code, DictVal, Interp, Leaf, Object, SeqVal, Val};
use crate::worlds::{Guard, Type};

/// Nested expressions and calls the evaluator follows; deeper ones are unknown.
const MAX_DEPTH: u32 = 600;

impl Interp<'_> {
    /// The value of an expression in the worlds of `at`.
    pub fn expr(&mut self, expr: &Expr, at: At) -> Val {
        let at = At { pc: at.pc, span: self.span(expr) };
        if self.depth >= MAX_DEPTH || !self.step(at.span) {
            return self.unknown("an expression nested too deeply", at);
        }
        self.depth += 1;
        let val = self.expr_inner(expr, at);
        self.depth -= 1;
        val
    }

    fn expr_inner(&mut self, expr: &Expr, at: At) -> Val {
        match expr {
            Expr::StringLiteral(e) => {
                Val::of(Leaf::Str(Arc::from(e.value.to_str())), Some(at.span))
            }
            Expr::BytesLiteral(e) => {
                let bytes: Vec<u8> = e.value.bytes().collect();
                Val::of(Leaf::Bytes(Arc::from(bytes)), Some(at.span))
            }
            Expr::NumberLiteral(e) => match &e.value {
                Number::Int(i) => self.integer(i.as_i64(), at),
                Number::Float(f) => Val::of(Leaf::Float(*f), Some(at.span)),
                Number::Complex { .. } => self.unknown("a complex number", at),
            },
            Expr::BooleanLiteral(e) => Val::of(Leaf::Bool(e.value), Some(at.span)),
            Expr::NoneLiteral(_) => Val::of(Leaf::None, Some(at.span)),
            Expr::Name(e) => self.name(e.id.as_str(), at),
            Expr::Attribute(e) => {
                let object = self.expr(&e.value, at);
                self.attribute(&object, e.attr.as_str(), at)
            }
            Expr::Subscript(e) => self.subscript(e, at),
            Expr::Call(e) => self.call(e, at),
            Expr::BoolOp(e) => self.and_or(e.op == ast::BoolOp::And, &e.values, at),
            Expr::UnaryOp(e) => {
                let operand = self.expr(&e.operand, at);
                self.unary(e.op, &operand, at)
            }
            Expr::BinOp(e) => {
                let left = self.expr(&e.left, at);
                let right = self.expr(&e.right, at);
                self.binary(&left, e.op, &right, at)
            }
            Expr::Compare(e) => self.comparison(e, at),
            Expr::If(e) => self.ternary(e, at),
            Expr::Named(e) => {
                let value = self.expr(&e.value, at);
                self.assign(&e.target, &value, at);
                value
            }
            Expr::List(e) => {
                let seq = self.display(&e.elts, at);
                self.list(seq, at)
            }
            Expr::Tuple(e) => {
                let seq = self.display(&e.elts, at);
                Val::of(Leaf::Tuple(Rc::new(seq)), Some(at.span))
            }
            Expr::Set(e) => {
                let seq = self.display(&e.elts, at);
                let id = self.alloc(Object::Set(seq));
                Val::of(Leaf::Ref(id), Some(at.span))
            }
            Expr::Dict(e) => self.dict_display(e, at),
            Expr::FString(e) => self.fstring(e, at),
            Expr::Lambda(e) => {
                let code = Code::Lambda(Rc::new(e.clone()));
                let (parameters, name) = (e.parameters.as_deref(), Arc::from("<lambda>"));
                let func = self.function(code, parameters, &name, super::Binding::Plain, at);
                Val::of(Leaf::Func(func), Some(at.span))
            }
            Expr::ListComp(_) | Expr::Generator(_) | Expr::SetComp(_) | Expr::DictComp(_) => {
                self.comprehension_value(expr, at)
            }
            Expr::Starred(e) => self.expr(&e.value, at),
            Expr::Await(e) => self.expr(&e.value, at),
            Expr::Yield(e) => self.yield_value(e.value.as_deref(), at),
            Expr::YieldFrom(e) => {
                let value = self.expr(&e.value, at);
                self.yield_all(&value, at)
            }
            Expr::EllipsisLiteral(_) => Val::of(Leaf::Ext(Arc::from("Ellipsis")), Some(at.span)),
            Expr::Slice(_) | Expr::TString(_) | Expr::IpyEscapeCommand(_) => {
                self.unknown("an expression djsec does not evaluate", at)
            }
        }
    }

    fn comprehension_value(&mut self, expr: &Expr, at: At) -> Val {
        match expr {
            Expr::ListComp(e) => {
                let seq = self.comprehension(&e.elt, &e.generators, at);
                self.comprehended(seq, at)
            }
            Expr::Generator(e) => {
                let seq = self.comprehension(&e.elt, &e.generators, at);
                self.comprehended(seq, at)
            }
            Expr::SetComp(e) => {
                let (seq, _) = self.comprehension(&e.elt, &e.generators, at);
                let id = self.alloc(Object::Set(seq));
                Val::of(Leaf::Ref(id), Some(at.span))
            }
            Expr::DictComp(e) => self.dict_comprehension(e, at),
            _ => self.unknown("an expression djsec does not evaluate", at),
        }
    }

    fn yield_value(&mut self, value: Option<&Expr>, at: At) -> Val {
        let value = value.map_or_else(|| Val::of(Leaf::None, None), |v| self.expr(v, at));
        let limit = self.budget.elements;
        if let Some(frame) = self.frames.last_mut() {
            let seq = frame.yields.get_or_insert_with(SeqVal::default);
            if seq.items.len() < limit {
                seq.items.push((at.pc, value));
            }
        }
        Val::of(Leaf::None, Some(at.span))
    }

    fn yield_all(&mut self, value: &Val, at: At) -> Val {
        let more = self.elements(value, at);
        if let Some(frame) = self.frames.last_mut() {
            let seq = frame.yields.get_or_insert_with(SeqVal::default);
            seq.items.extend(more.items);
            seq.open |= more.open;
        }
        Val::of(Leaf::None, Some(at.span))
    }

    /// Looks a name up in the current scope, the enclosing ones, the module and the built-ins.
    pub(super) fn name(&mut self, name: &str, at: At) -> Val {
        let Some(frame) = self.frames.last() else { return Val::nothing() };
        let mut spaces = Vec::with_capacity(frame.outer.len() + 2);
        spaces.push(frame.ns);
        spaces.extend(frame.outer.iter().copied());
        spaces.push(frame.globals);
        let mut out = Val::nothing();
        let mut wanted = at.pc;
        let mut open = false;
        for ns in spaces {
            let Some(space) = self.namespace(ns) else { continue };
            open |= space.open;
            let Some(found) = space.find(name).map(|bound| bound.val.clone()) else { continue };
            let found = self.narrow(&found, wanted);
            let missing = self.absent(&found);
            let alts = found.alts.into_iter().filter(|alt| !matches!(alt.leaf, Leaf::Absent));
            out.alts.extend(alts);
            wanted = self.worlds.and(wanted, missing);
            if self.worlds.impossible(wanted) {
                return out;
            }
        }
        let rest = self.global_name(name, open, At { pc: wanted, ..at });
        if out.alts.is_empty() {
            return rest;
        }
        let rest = self.narrow(&rest, wanted);
        self.join([out, rest], at)
    }

    fn global_name(&mut self, name: &str, open: bool, at: At) -> Val {
        match name {
            "__file__" => {
                let path = self.files.path(self.file()).to_string();
                return Val::of(
                    Leaf::Str(Arc::from(format!("{}{path}", super::paths::ROOT))),
                    Some(at.span),
                );
            }
            "__name__" => {
                let module = self.frames.last().map(|frame| Arc::clone(&frame.module));
                return Val::of(Leaf::Str(module.unwrap_or_else(|| Arc::from(""))), Some(at.span));
            }
            "__package__" => {
                let package = self.absolute_name(1, None).unwrap_or_default();
                return Val::of(Leaf::Str(Arc::from(package)), Some(at.span));
            }
            "__spec__" | "__loader__" | "__path__" | "__cached__" | "__builtins__"
            | "__annotations__" => {
                return self.unknown(format!("`{name}` of a module"), at);
            }
            "__debug__" => return Val::of(Leaf::Bool(true), Some(at.span)),
            "__doc__" => return Val::of(Leaf::None, Some(at.span)),
            "NotImplemented" => {
                return Val::of(Leaf::Ext(Arc::from("NotImplemented")), Some(at.span));
            }
            _ => {}
        }
        if super::builtins::is_builtin(name) {
            return Val::of(Leaf::Ext(Arc::from(format!("builtins.{name}"))), Some(at.span));
        }
        if open {
            return self.unknown(format!("`{name}` comes from a module djsec cannot see"), at);
        }
        if self.in_try() {
            self.raise(at.pc, "NameError", name, at);
            return Val::nothing();
        }
        self.unknown(format!("`{name}` is not defined here"), at)
    }

    fn subscript(&mut self, e: &ast::ExprSubscript, at: At) -> Val {
        let container = self.expr(&e.value, at);
        if let Expr::Slice(slice) = &*e.slice {
            return self.get_slice(&container, slice, at);
        }
        // `list[str]`, `Final[bool]`: a type, not an element.
        if matches!(container.single(), Some(Leaf::Ext(name)) if name.starts_with("builtins.") || name.starts_with("typing."))
        {
            return container;
        }
        let key = self.expr(&e.slice, at);
        self.get_item(&container, &key, at)
    }

    fn comparison(&mut self, e: &ast::ExprCompare, at: At) -> Val {
        let mut left = self.expr(&e.left, at);
        let mut all = Guard::ALWAYS;
        for (op, right) in e.ops.iter().zip(&e.comparators) {
            let right = self.expr(right, at);
            let holds = self.compare(*op, &left, &right, at);
            all = self.worlds.and(all, holds);
            left = right;
        }
        self.boolean(all, at)
    }

    fn ternary(&mut self, e: &ast::ExprIf, at: At) -> Val {
        let holds = self.condition(&e.test, at);
        let yes = self.worlds.and(at.pc, holds);
        let no = self.worlds.minus(at.pc, holds);
        let mut parts = Vec::new();
        for (pc, branch) in [(yes, &e.body), (no, &e.orelse)] {
            if !self.worlds.impossible(pc) {
                let val = self.expr(branch, At { pc, ..at });
                let val = self.narrow(&val, pc);
                parts.push(val);
            }
        }
        self.join(parts, at)
    }

    /// The elements of a list, tuple or set display, with `*splats` spread.
    fn display(&mut self, elements: &[Expr], at: At) -> SeqVal {
        let mut seq = SeqVal::default();
        for element in elements.iter().take(self.budget.elements) {
            if let Expr::Starred(starred) = element {
                let value = self.expr(&starred.value, at);
                let more = self.elements(&value, at);
                seq.items.extend(more.items);
                seq.open |= more.open;
            } else {
                let value = self.expr(element, at);
                seq.items.push((Guard::ALWAYS, value));
            }
        }
        seq.open |= elements.len() > self.budget.elements;
        seq
    }

    fn dict_display(&mut self, e: &ast::ExprDict, at: At) -> Val {
        let id = self.alloc(Object::Dict(DictVal::default()));
        let whole = At { pc: Guard::ALWAYS, ..at };
        for item in e.items.iter().take(self.budget.elements) {
            let value = self.expr(&item.value, at);
            match &item.key {
                Some(key) => {
                    let key = self.expr(key, at);
                    for alt in &key.alts {
                        let pc = if key.alts.len() == 1 { Guard::ALWAYS } else { alt.guard };
                        self.dict_set(id, &alt.leaf, &value, At { pc, ..whole });
                    }
                }
                None => self.dict_update(id, &value, at),
            }
        }
        self.forget_touches(id);
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    pub(super) fn forget_touches(&mut self, id: super::ObjId) {
        if let Some(entry) = self.heap.get_mut(id.0 as usize) {
            entry.touched.clear();
        }
    }

    /// The elements a comprehension makes, and the symbol it ranges over if that is all it is.
    fn comprehension(
        &mut self,
        elt: &Expr,
        generators: &[ast::Comprehension],
        at: At,
    ) -> (SeqVal, Option<Val>) {
        let mut out = SeqVal::default();
        let mut symbolic = None;
        self.in_inner_scope(|it| {
            it.generate(generators, at, &mut symbolic, &mut out.open, &mut |it, here| {
                let value = it.expr(elt, here);
                out.items.push((here.pc, value));
            });
        });
        (out, symbolic)
    }

    /// A list comprehension over an unknown list is an unknown list of the same origin.
    fn comprehended(&mut self, (seq, symbolic): (SeqVal, Option<Val>), at: At) -> Val {
        let Some(symbolic) = symbolic else { return self.list(seq, at) };
        let known: Vec<_> = seq.items;
        let mut parts = Vec::new();
        let mut covered = Guard::NEVER;
        for alt in &symbolic.alts {
            if let Leaf::Sym(sym) = &alt.leaf {
                covered = self.worlds.or(covered, alt.guard);
                let val = self.symbol(sym.then("for each", Type::List), at);
                let val = self.narrow(&val, alt.guard);
                parts.push(val);
            }
        }
        let rest = self.worlds.minus(at.pc, covered);
        if !self.worlds.impossible(rest) {
            let mut items = Vec::new();
            for (guard, item) in known {
                let guard = self.worlds.and(guard, rest);
                if !self.worlds.impossible(guard) {
                    items.push((guard, item));
                }
            }
            let list = self.list(SeqVal { items, open: false }, at);
            let list = self.narrow(&list, rest);
            parts.push(list);
        }
        self.join(parts, at)
    }

    fn dict_comprehension(&mut self, e: &ast::ExprDictComp, at: At) -> Val {
        let id = self.alloc(Object::Dict(DictVal::default()));
        let mut open = false;
        self.in_inner_scope(|it| {
            it.generate(&e.generators, at, &mut None, &mut open, &mut |it, here| {
                let value = it.expr(&e.value, here);
                if let Some(key) = &e.key {
                    let key = it.expr(key, here);
                    if let Some(key) = key.single() {
                        let key = key.clone();
                        it.dict_set(id, &key, &value, here);
                    }
                }
            });
        });
        if let Some(Object::Dict(dict)) = self.object_mut(id, at) {
            dict.open |= open;
        }
        self.forget_touches(id);
        Val::of(Leaf::Ref(id), Some(at.span))
    }

    /// Comprehension variables live in a scope of their own.
    fn in_inner_scope(&mut self, f: impl FnOnce(&mut Self)) {
        let inner = self.new_namespace();
        let Some(frame) = self.frames.last_mut() else { return };
        let outer = std::mem::replace(&mut frame.ns, inner);
        frame.outer.insert(0, outer);
        f(self);
        if let Some(frame) = self.frames.last_mut() {
            frame.ns = outer;
            if !frame.outer.is_empty() {
                frame.outer.remove(0);
            }
        }
    }

    fn generate(
        &mut self,
        generators: &[ast::Comprehension],
        at: At,
        symbolic: &mut Option<Val>,
        open: &mut bool,
        each: &mut dyn FnMut(&mut Self, At),
    ) {
        let Some((first, rest)) = generators.split_first() else {
            each(self, at);
            return;
        };
        let iterable = self.expr(&first.iter, at);
        let lists = |it: &Self, val: &Val| {
            val.alts.iter().any(|alt| matches!(&alt.leaf, Leaf::Sym(_)))
                && val.alts.iter().all(|alt| match &alt.leaf {
                    Leaf::Sym(sym) => matches!(sym.ty, Type::List | Type::Any | Type::Str),
                    Leaf::Ref(id) => matches!(it.object(*id), Some(Object::List(_))),
                    Leaf::Tuple(_) | Leaf::None => true,
                    _ => false,
                })
        };
        let seq = self.elements(&iterable, at);
        if rest.is_empty() && lists(self, &iterable) {
            *symbolic = Some(self.narrow(&iterable, at.pc));
        } else {
            *open |= seq.open;
        }
        for (done, (guard, item)) in (0_u32..).zip(seq.items) {
            if done > self.budget.iterations || self.exhausted {
                *open = true;
                break;
            }
            let mut pc = self.worlds.and(at.pc, guard);
            if self.worlds.impossible(pc) {
                continue;
            }
            self.assign(&first.target, &item, At { pc, ..at });
            for condition in &first.ifs {
                let holds = self.condition(condition, At { pc, ..at });
                pc = self.worlds.and(pc, holds);
            }
            if !self.worlds.impossible(pc) {
                self.generate(rest, At { pc, ..at }, &mut None, open, each);
            }
        }
    }

    pub(super) fn call(&mut self, e: &ast::ExprCall, at: At) -> Val {
        let callee = self.expr(&e.func, at);
        let args = self.arguments(&e.arguments, at);
        self.call_value(&callee, &args, at)
    }

    pub(super) fn arguments(&mut self, arguments: &ast::Arguments, at: At) -> Args {
        let mut args = Args::default();
        for arg in &arguments.args {
            if let Expr::Starred(starred) = arg {
                let value = self.expr(&starred.value, at);
                let seq = self.elements(&value, at);
                args.open |= seq.open;
                args.positional.extend(seq.items.into_iter().map(|(_, item)| item));
            } else {
                args.positional.push(self.expr(arg, at));
            }
        }
        for keyword in &arguments.keywords {
            let value = self.expr(&keyword.value, at);
            match &keyword.arg {
                Some(name) => args.keywords.push((Arc::from(name.as_str()), value)),
                None => self.spread_keywords(&value, &mut args, at),
            }
        }
        args
    }

    fn spread_keywords(&mut self, value: &Val, args: &mut Args, _at: At) {
        let dict = match value.single() {
            Some(Leaf::Ref(id)) => match self.object(*id) {
                Some(Object::Dict(dict)) => Some(dict.clone()),
                _ => None,
            },
            _ => None,
        };
        let Some(dict) = dict else {
            args.open = true;
            return;
        };
        args.open |= dict.open;
        for (key, value) in dict.entries {
            if let Leaf::Str(key) = key {
                args.keywords.push((key, value));
            }
        }
    }
}
