//! Statements. Each takes the condition under which it runs and gives the condition under which
//! control falls through to the next.

use std::sync::Arc;

use djsec_syntax::python::ast::{self, Expr, Stmt};

use super::{At, Fact, Interp, Leaf, LoopState, Raised, SeqVal, Val};
use crate::worlds::{Atom, Guard, Root, Type};

/// How the reason begins for which a caught exception's text is not known; its class follows.
const MESSAGE_OF: &str = "message of ";

/// Turns of one `while`, whatever the budget for loops over something that ends.
const LONGEST_WHILE: u32 = 2_000;

impl Interp<'_> {
    pub(super) fn block(&mut self, body: &[Stmt], mut pc: Guard) -> Guard {
        for stmt in body {
            let span = self.span(stmt);
            if self.worlds.impossible(pc) || !self.step(span) {
                break;
            }
            let mark = self.raised.len();
            let after = self.statement(stmt, At { pc, span });
            pc = self.without_raised(after, mark);
        }
        pc
    }

    /// `pc` less the worlds in which something was raised since `mark`.
    ///
    /// Worlds in which the program ended are not subtracted: they no longer count at all.
    fn without_raised(&mut self, mut pc: Guard, mark: usize) -> Guard {
        if !self.in_try() {
            return pc;
        }
        let guards: Vec<Guard> = self.raised.iter().skip(mark).map(|r| r.guard).collect();
        for guard in guards {
            pc = self.worlds.minus(pc, guard);
        }
        pc
    }

    fn statement(&mut self, stmt: &Stmt, at: At) -> Guard {
        match stmt {
            Stmt::Assign(s) => {
                let value = self.expr(&s.value, at);
                for target in &s.targets {
                    self.assign(target, &value, at);
                }
            }
            Stmt::AnnAssign(s) => {
                if let Some(value) = &s.value {
                    let value = self.expr(value, at);
                    self.assign(&s.target, &value, at);
                }
            }
            Stmt::AugAssign(s) => self.augmented(s, at),
            Stmt::Expr(s) => {
                self.expr(&s.value, at);
            }
            Stmt::If(s) => return self.branches(s, at),
            Stmt::For(s) => return self.for_loop(s, at),
            Stmt::While(s) => return self.while_loop(s, at),
            Stmt::Try(s) => return self.try_block(s, at.pc),
            Stmt::With(s) => return self.with_block(s, at),
            Stmt::Match(s) => return self.match_block(s, at),
            Stmt::FunctionDef(s) => self.define_function(s, at),
            Stmt::ClassDef(s) => self.define_class(s, at),
            Stmt::Import(s) => self.import(s, at),
            Stmt::ImportFrom(s) => self.import_from(s, at),
            Stmt::Return(s) => return self.return_value(s.value.as_deref(), at),
            Stmt::Raise(s) => return self.raise_statement(s, at),
            Stmt::Break(_) | Stmt::Continue(_) => {
                return self.leave_iteration(matches!(stmt, Stmt::Break(_)), at.pc);
            }
            Stmt::Global(s) => {
                let names: Vec<Arc<str>> = s.names.iter().map(|n| Arc::from(n.as_str())).collect();
                if let Some(frame) = self.frames.last_mut() {
                    frame.declared_global.extend(names);
                }
            }
            Stmt::Delete(s) => {
                for target in &s.targets {
                    self.delete(target, at);
                }
            }
            Stmt::Assert(s) => return self.assert_statement(s, at),
            Stmt::Nonlocal(_) | Stmt::Pass(_) | Stmt::TypeAlias(_) | Stmt::IpyEscapeCommand(_) => {}
        }
        at.pc
    }

    fn branches(&mut self, s: &ast::StmtIf, at: At) -> Guard {
        let mut rest = at.pc;
        let mut out = Guard::NEVER;
        let first = (Some(&*s.test), &s.body);
        let others = s.elif_else_clauses.iter().map(|c| (c.test.as_ref(), &c.body));
        for (test, body) in std::iter::once(first).chain(others) {
            if self.worlds.impossible(rest) {
                return out;
            }
            let taken = match test {
                Some(test) => {
                    let mark = self.raised.len();
                    let holds = self.condition(test, At { pc: rest, ..at });
                    rest = self.without_raised(rest, mark);
                    self.worlds.and(rest, holds)
                }
                None => rest,
            };
            let after = self.block(body, taken);
            out = self.worlds.or(out, after);
            rest = self.worlds.minus(rest, taken);
        }
        self.worlds.or(out, rest)
    }

    /// The worlds (of those of `at`) in which an expression is truthy.
    pub(super) fn condition(&mut self, test: &Expr, at: At) -> Guard {
        let value = self.expr(test, at);
        self.truth(&value, at)
    }

    fn for_loop(&mut self, s: &ast::StmtFor, at: At) -> Guard {
        let iterable = self.expr(&s.iter, at);
        let seq = self.elements(&iterable, at);
        self.enter_loop();
        let mut pc = at.pc;
        for (done, (guard, value)) in (0_u32..).zip(seq.items) {
            if done >= self.budget.iterations || self.exhausted {
                self.cut_short("loop iterations", at.span);
                break;
            }
            let taken = self.worlds.and(pc, guard);
            if self.worlds.impossible(taken) {
                continue;
            }
            let inner = At { pc: taken, ..at };
            self.assign(&s.target, &value, inner);
            let after = self.iteration(&s.body, taken);
            let skipped = self.worlds.minus(pc, taken);
            pc = self.worlds.or(skipped, after);
        }
        if seq.open {
            pc = self.unknown_iteration(s, &iterable, at, pc);
        }
        let broken = self.leave_loop();
        let after = self.block(&s.orelse, pc);
        self.worlds.or(after, broken)
    }

    /// More elements may follow: run the body once in worlds of its own, with an unknown element.
    fn unknown_iteration(&mut self, s: &ast::StmtFor, iterable: &Val, at: At, pc: Guard) -> Guard {
        let what: Arc<str> = Arc::from("the loop meets further elements");
        self.opaque += 1;
        let more = self.worlds.atom(Atom::Unknown(self.opaque, what));
        let taken = self.worlds.and(pc, more);
        let inner = At { pc: taken, ..at };
        let element = self.unknown_element(iterable, inner);
        self.assign(&s.target, &element, inner);
        self.unknown_loops += 1;
        let after = self.iteration(&s.body, taken);
        self.unknown_loops -= 1;
        let skipped = self.worlds.minus(pc, taken);
        self.worlds.or(skipped, after)
    }

    /// An element of a sequence that is not known; it comes from where the sequence comes from.
    fn unknown_element(&mut self, iterable: &Val, at: At) -> Val {
        let sym = iterable.alts.iter().find_map(|alt| match &alt.leaf {
            Leaf::Sym(sym) => Some(Arc::clone(sym)),
            _ => None,
        });
        match sym {
            Some(sym) => {
                let ty = if sym.ty == Type::List { Type::Str } else { Type::Any };
                self.symbol(sym.then("[…]", ty), at)
            }
            None => self.unknown("element of an unknown sequence", at),
        }
    }

    fn enter_loop(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.loops.push(LoopState { broken: Guard::NEVER, continued: Guard::NEVER });
        }
    }

    fn leave_loop(&mut self) -> Guard {
        let state = self.frames.last_mut().and_then(|frame| frame.loops.pop());
        state.map_or(Guard::NEVER, |state| state.broken)
    }

    /// One run of a loop body; `continue` joins again at its end.
    fn iteration(&mut self, body: &[Stmt], pc: Guard) -> Guard {
        let after = self.block(body, pc);
        let continued = self
            .frames
            .last_mut()
            .and_then(|frame| frame.loops.last_mut())
            .map_or(Guard::NEVER, |state| std::mem::replace(&mut state.continued, Guard::NEVER));
        self.worlds.or(after, continued)
    }

    fn leave_iteration(&mut self, breaks: bool, pc: Guard) -> Guard {
        let Some(state) = self.frames.last().and_then(|frame| frame.loops.last()).copied() else {
            return Guard::NEVER;
        };
        let next = if breaks {
            LoopState { broken: self.worlds.or(state.broken, pc), ..state }
        } else {
            LoopState { continued: self.worlds.or(state.continued, pc), ..state }
        };
        if let Some(slot) = self.frames.last_mut().and_then(|frame| frame.loops.last_mut()) {
            *slot = next;
        }
        Guard::NEVER
    }

    fn while_loop(&mut self, s: &ast::StmtWhile, at: At) -> Guard {
        self.enter_loop();
        let mut pc = at.pc;
        let mut done = Guard::NEVER;
        let mut runs = 0;
        loop {
            let holds = self.condition(&s.test, At { pc, ..at });
            let ended = self.worlds.minus(pc, holds);
            done = self.worlds.or(done, ended);
            pc = self.worlds.and(pc, holds);
            if self.worlds.impossible(pc) {
                break;
            }
            let before = self.loop_state(pc);
            runs += 1;
            if runs > self.budget.iterations.min(LONGEST_WHILE) || !self.step(at.span) {
                self.cut_short("loop iterations", at.span);
                done = self.worlds.or(done, pc);
                break;
            }
            pc = self.iteration(&s.body, pc);
            if self.loop_state(pc) == before {
                // Every turn that follows would do the same: what ends it is not seen here.
                let broken = self.broken_so_far();
                let ended = self.worlds.or(done, broken);
                if ended.is_never() {
                    self.cut_short("loop iterations", at.span);
                }
                done = self.worlds.or(done, pc);
                break;
            }
        }
        let broken = self.leave_loop();
        let after = self.block(&s.orelse, done);
        self.worlds.or(after, broken)
    }

    fn broken_so_far(&self) -> Guard {
        let state = self.frames.last().and_then(|frame| frame.loops.last());
        state.map_or(Guard::NEVER, |state| state.broken)
    }

    /// What a turn of a loop can change: the condition, the names around it, objects, exceptions.
    fn loop_state(&self, pc: Guard) -> (Guard, Vec<Val>, u64, usize) {
        let space = self.frames.last().and_then(|frame| self.namespace(frame.ns));
        let names = space.map(|space| space.iter().map(|(_, bound)| bound.val.clone()).collect());
        (pc, names.unwrap_or_default(), self.changes, self.raised.len())
    }

    fn try_block(&mut self, s: &ast::StmtTry, pc: Guard) -> Guard {
        let mark = self.raised.len();
        self.catching.push(!s.handlers.is_empty() || self.in_try());
        let fine = self.block(&s.body, pc);
        self.catching.pop();
        let thrown = self.raised.split_off(mark);
        let mut out = self.block(&s.orelse, fine);
        let mut pending = thrown;
        for handler in &s.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            let names = handler.type_.as_deref().map(exception_names);
            let (caught, rest): (Vec<Raised>, Vec<Raised>) =
                pending.into_iter().partition(|raised| catches(names.as_deref(), &raised.kind));
            pending = rest;
            let after = self.handle(handler, &caught);
            out = self.worlds.or(out, after);
        }
        // What no handler takes goes on, after `finally`.
        self.throw_on(pending);
        if s.finalbody.is_empty() {
            return out;
        }
        let finals = self.block(&s.finalbody, pc);
        self.worlds.and(out, finals)
    }

    fn handle(&mut self, handler: &ast::ExceptHandlerExceptHandler, caught: &[Raised]) -> Guard {
        let pc = caught.iter().fold(Guard::NEVER, |g, raised| self.worlds.or(g, raised.guard));
        if self.worlds.impossible(pc) {
            return Guard::NEVER;
        }
        let at = At { pc, span: self.span(handler) };
        if let (Some(name), Some(first)) = (&handler.name, caught.first()) {
            let message = self.unknown_of(format!("{MESSAGE_OF}{}", first.kind), Type::Str, at);
            self.bind(name.as_str(), message, at);
        }
        self.block(&handler.body, pc)
    }

    fn with_block(&mut self, s: &ast::StmtWith, at: At) -> Guard {
        let mut suppressed: Option<Vec<Arc<str>>> = None;
        for item in &s.items {
            let value = self.expr(&item.context_expr, at);
            if let Expr::Call(call) = &item.context_expr
                && self.names_external(&call.func, "contextlib.suppress", at)
            {
                suppressed = Some(call.arguments.args.iter().flat_map(exception_names).collect());
            }
            if let Some(target) = &item.optional_vars {
                let entered = self.enter_context(&value, at);
                self.assign(target, &entered, at);
            } else {
                self.enter_context(&value, at);
            }
        }
        let mark = self.raised.len();
        self.catching.push(suppressed.is_some() || self.in_try());
        let mut out = self.block(&s.body, at.pc);
        self.catching.pop();
        if let Some(names) = suppressed {
            let thrown = self.raised.split_off(mark);
            for raised in thrown {
                if catches(Some(&names), &raised.kind) {
                    out = self.worlds.or(out, raised.guard);
                } else {
                    self.throw_on(vec![raised]);
                }
            }
        }
        for item in s.items.iter().rev() {
            self.exit_context(&item.context_expr, at);
        }
        out
    }

    fn match_block(&mut self, s: &ast::StmtMatch, at: At) -> Guard {
        let subject = self.expr(&s.subject, at);
        let mut rest = at.pc;
        let mut out = Guard::NEVER;
        for case in &s.cases {
            let here = At { pc: rest, ..at };
            let mut taken = self.pattern(&case.pattern, &subject, here);
            taken = self.worlds.and(taken, rest);
            if let Some(guard) = &case.guard {
                let holds = self.condition(guard, At { pc: taken, ..at });
                taken = self.worlds.and(taken, holds);
            }
            let after = self.block(&case.body, taken);
            out = self.worlds.or(out, after);
            rest = self.worlds.minus(rest, taken);
        }
        self.worlds.or(out, rest)
    }

    fn pattern(&mut self, pattern: &ast::Pattern, subject: &Val, at: At) -> Guard {
        match pattern {
            ast::Pattern::MatchValue(p) => {
                let value = self.expr(&p.value, at);
                self.equal(subject, &value, at)
            }
            ast::Pattern::MatchSingleton(p) => {
                let leaf = match p.value {
                    ast::Singleton::None => Leaf::None,
                    ast::Singleton::True => Leaf::Bool(true),
                    ast::Singleton::False => Leaf::Bool(false),
                };
                self.equal(subject, &Val::of(leaf, None), at)
            }
            ast::Pattern::MatchAs(p) => {
                let matched = match &p.pattern {
                    Some(inner) => self.pattern(inner, subject, at),
                    None => Guard::ALWAYS,
                };
                if let Some(name) = &p.name {
                    let pc = self.worlds.and(at.pc, matched);
                    self.bind(name.as_str(), subject.clone(), At { pc, ..at });
                }
                matched
            }
            ast::Pattern::MatchOr(p) => p.patterns.iter().fold(Guard::NEVER, |g, inner| {
                let matched = self.pattern(inner, subject, at);
                self.worlds.or(g, matched)
            }),
            _ => {
                self.opaque += 1;
                let what: Arc<str> = Arc::from("a structural pattern matches");
                self.worlds.atom(Atom::Unknown(self.opaque, what))
            }
        }
    }

    fn return_value(&mut self, value: Option<&Expr>, at: At) -> Guard {
        let mark = self.raised.len();
        let value = value.map_or_else(|| Val::of(Leaf::None, Some(at.span)), |v| self.expr(v, at));
        let pc = self.without_raised(at.pc, mark);
        if let Some(frame) = self.frames.last_mut() {
            frame.returned.push((pc, value));
            let before = frame.returned_guard;
            let all = self.worlds.or(before, pc);
            if let Some(frame) = self.frames.last_mut() {
                frame.returned_guard = all;
            }
        }
        Guard::NEVER
    }

    fn raise_statement(&mut self, s: &ast::StmtRaise, at: At) -> Guard {
        let (kind, message) = match s.exc.as_deref() {
            Some(Expr::Call(call)) => {
                let message = call.arguments.args.first().map(|arg| self.expr(arg, at));
                let text = message.and_then(|m| m.as_str()).map(|m| m.to_string());
                (last_name(&call.func), text.unwrap_or_default())
            }
            Some(other) => (self.caught_kind(other, at), String::new()),
            None => (Arc::from("Exception"), String::new()),
        };
        self.raise(at.pc, &kind, message, at);
        self.after_raise(at.pc, Guard::NEVER)
    }

    /// The class of a raised name: of what was caught, where `except … as name` made it.
    fn caught_kind(&mut self, expr: &Expr, at: At) -> Arc<str> {
        let caught = matches!(expr, Expr::Name(_)).then(|| self.expr(expr, at));
        let kind = match caught.as_ref().and_then(Val::single) {
            Some(Leaf::Sym(sym)) => match &sym.root {
                Root::Opaque { reason, .. } => reason.strip_prefix(MESSAGE_OF),
                _ => None,
            },
            _ => None,
        };
        kind.map_or_else(|| last_name(expr), Arc::from)
    }

    /// Where control goes on after a statement that raises: nowhere; where the program ends with it,
    /// the worlds no longer count and the condition can stay as simple as it was.
    fn after_raise(&self, pc: Guard, rest: Guard) -> Guard {
        if self.in_try() { rest } else { pc }
    }

    /// Hands on exceptions that no handler here takes.
    fn throw_on(&mut self, pending: Vec<Raised>) {
        for raised in pending {
            let guard = raised.guard;
            self.raised.push(raised);
            self.end_uncaught(guard);
        }
    }

    fn assert_statement(&mut self, s: &ast::StmtAssert, at: At) -> Guard {
        let holds = self.condition(&s.test, at);
        if self.ends_everywhere(holds, at) {
            self.facts.push(Fact::Assertion { span: at.span });
            return at.pc;
        }
        let fails = self.worlds.minus(at.pc, holds);
        self.raise(fails, "AssertionError", String::new(), at);
        let rest = self.worlds.and(at.pc, holds);
        self.after_raise(at.pc, rest)
    }

    /// Whether the program would end here in every world. Production gets past its assertions, so that one which
    /// never holds is one that was misjudged; where all variables are given, it is what happens.
    fn ends_everywhere(&mut self, holds: Guard, at: At) -> bool {
        if self.in_try() || self.environment.closed {
            return false;
        }
        let passes = self.worlds.and(at.pc, holds);
        let elsewhere = self.worlds.not(at.pc);
        self.worlds.impossible(passes) && self.worlds.impossible(elsewhere)
    }

    /// Whether an expression names this external object.
    pub(super) fn names_external(&mut self, expr: &Expr, name: &str, at: At) -> bool {
        let value = self.expr(expr, at);
        matches!(value.single(), Some(Leaf::Ext(found)) if &**found == name)
    }

    /// Elements of a value as a guarded sequence; unknown values give an open, empty one.
    pub fn iterate(&mut self, val: &Val, at: At) -> SeqVal {
        self.elements(val, at)
    }

    /// See [`Interp::iterate`].
    pub(super) fn elements(&mut self, val: &Val, at: At) -> SeqVal {
        let mut out = SeqVal::default();
        for alt in &val.alts {
            let pc = self.worlds.and(alt.guard, at.pc);
            if self.worlds.impossible(pc) {
                continue;
            }
            let part = self.leaf_elements(&alt.leaf, At { pc, ..at });
            out.open |= part.open;
            let single = val.alts.len() == 1;
            for (guard, item) in part.items {
                let guard = if single { guard } else { self.worlds.and(guard, alt.guard) };
                out.items.push((guard, item));
            }
        }
        if out.items.len() > self.budget.elements {
            out.items.truncate(self.budget.elements);
            out.open = true;
            self.exhaust("sequence elements", at.span);
        }
        out
    }

    pub(super) fn delete(&mut self, target: &Expr, at: At) {
        match target {
            Expr::Name(name) => {
                self.bind(name.id.as_str(), Val::of(Leaf::Absent, Some(at.span)), at);
            }
            Expr::Subscript(sub) => {
                let container = self.expr(&sub.value, at);
                let key = self.expr(&sub.slice, at);
                self.remove_key(&container, &key, at);
            }
            Expr::Tuple(t) => {
                for element in &t.elts {
                    self.delete(element, at);
                }
            }
            _ => {}
        }
    }

    /// Runs the body of a whole module in its namespace.
    pub(super) fn run_module(&mut self, body: &[Stmt], at: At) {
        let _ = self.block(body, at.pc);
    }
}

fn exception_names(expr: &Expr) -> Vec<Arc<str>> {
    match expr {
        Expr::Tuple(tuple) => tuple.elts.iter().flat_map(exception_names).collect(),
        other => vec![last_name(other)],
    }
}

/// The last part of a dotted name.
pub(super) fn last_name(expr: &Expr) -> Arc<str> {
    match expr {
        Expr::Name(name) => Arc::from(name.id.as_str()),
        Expr::Attribute(attribute) => Arc::from(attribute.attr.as_str()),
        Expr::Call(call) => last_name(&call.func),
        _ => Arc::from(""),
    }
}

/// Whether a handler for `names` (all, if absent) takes an exception of class `kind`.
fn catches(names: Option<&[Arc<str>]>, kind: &str) -> bool {
    let Some(names) = names else { return true };
    names.iter().any(|name| {
        let name = &**name;
        name == kind
            || matches!(name, "Exception" | "BaseException")
            || parents(kind).contains(&name)
            // An exception class of the project or of a package that wraps the reader's error.
            || (kind == "ImproperlyConfigured" && name.ends_with("Configured"))
    })
}

/// Base classes of the built-in exceptions that settings meet.
fn parents(kind: &str) -> &'static [&'static str] {
    match kind {
        "KeyError" | "IndexError" => &["LookupError"],
        "ModuleNotFoundError" => &["ImportError"],
        "FileNotFoundError" | "PermissionError" => &["OSError", "IOError", "EnvironmentError"],
        "JSONDecodeError" | "UnicodeDecodeError" => &["ValueError"],
        "UndefinedValueError" | "EnvError" => &["ImproperlyConfigured"],
        "EnvValidationError" => &["EnvError", "ValueError"],
        _ => &[],
    }
}
