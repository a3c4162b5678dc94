//! Goes through the functions behind a view, with the methods that each statement runs for.

use std::collections::BTreeMap;

use djsec_base::{FileId, Span, TextRange, TextSize};
use djsec_python::code::{Code, Expr, ExprId, Function, FunctionId, List, Stmt, StmtId};
use djsec_python::{ModuleId, QualifiedName};
use rustc_hash::FxHashSet;

use super::super::Body;
use super::super::objects::World;
use super::test::{Locals, is_method, split};
use super::{Effect, EffectKind, Verbs, call};
use crate::hierarchy::AttributeValue;

/// Calls are followed this deep.
const DEEPEST: u8 = 4;
/// Functions that are gone through for one view at most.
const MOST: usize = 400;

/// One view being gone through.
pub(super) struct Walk<'a> {
    pub(super) world: World<'a>,
    answered: Verbs,
    pub(super) found: Vec<Effect>,
    pub(super) cut: bool,
    seen: FxHashSet<(ModuleId, FunctionId, u8)>,
    statements: BTreeMap<(FileId, TextSize, TextSize), Verbs>,
}

/// One function being gone through.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) module: ModuleId,
    pub(super) code: &'a Code,
    pub(super) function: &'a Function,
    id: FunctionId,
    owner: Option<&'a QualifiedName>,
    receiver: Option<&'a QualifiedName>,
    depth: u8,
}

impl<'a> Walk<'a> {
    pub(super) fn new(world: World<'a>, answered: Verbs) -> Self {
        Self {
            world,
            answered,
            found: Vec::new(),
            cut: false,
            seen: FxHashSet::default(),
            statements: BTreeMap::new(),
        }
    }

    /// A function that runs for the view.
    pub(super) fn body(&mut self, body: &Body) {
        if let Some((at, verbs)) = self.decorators(body) {
            self.function(at, verbs);
        }
    }

    /// What stands on such a function; gives the function with the methods that it runs for.
    pub(super) fn decorators<'b>(&mut self, body: &'b Body) -> Option<(At<'b>, Verbs)>
    where
        'a: 'b,
    {
        let own = match &body.methods {
            Some(methods) => Verbs::of(methods.iter().map(|method| &**method)),
            None => Verbs::ALL,
        };
        let code = self.world.program.code(body.module);
        let function = code.and_then(|code| code.function(body.function));
        let (Some(code), Some(function)) = (code, function) else {
            self.cut = true;
            return None;
        };
        let at = At {
            module: body.module,
            code,
            function,
            id: body.function,
            owner: body.owner.as_ref(),
            receiver: body.receiver.as_ref(),
            depth: 0,
        };
        let verbs = own.and(self.answered);
        for decorator in code.exprs(function.decorators) {
            self.decorated(at, *decorator, verbs);
        }
        Some((at, verbs))
    }

    /// What stands on the class of the view.
    pub(super) fn class(&mut self, class: &QualifiedName) {
        let order = self.world.hierarchy.order(class);
        for name in order.iter() {
            let QualifiedName::Project(module, _) = name else { continue };
            let Some((code, id)) = self.world.program.class_code(name) else { continue };
            let Some(class) = code.class(id) else { continue };
            for decorator in code.exprs(class.decorators) {
                for (kind, words, id) in call::decorated(&self.world, *module, code, *decorator) {
                    self.put(*module, kind, words, code.expr_range(id), self.answered);
                }
            }
        }
    }

    fn decorated(&mut self, at: At<'_>, decorator: ExprId, verbs: Verbs) {
        for (kind, words, id) in call::decorated(&self.world, at.module, at.code, decorator) {
            self.add(at, kind, words, id, verbs);
        }
    }

    /// The methods for which the innermost statement around a place runs, if it was gone through.
    pub(super) fn verbs_at(&self, place: Span) -> Option<Verbs> {
        let (first, last) = (place.range.start(), place.range.end());
        let around = self.statements.iter().filter(|((file, start, end), _)| {
            *file == place.file && *start <= first && last <= *end
        });
        around.min_by_key(|((_, start, end), _)| *end - *start).map(|(_, verbs)| *verbs)
    }

    fn function(&mut self, at: At<'_>, verbs: Verbs) {
        if verbs.is_empty() {
            return;
        }
        if self.seen.len() >= MOST || at.depth > DEEPEST {
            self.cut = true;
            return;
        }
        let bits = verbs.names().fold(0u8, |bits, verb| bits | Verbs::one(verb).0);
        if self.seen.insert((at.module, at.id, bits)) {
            let locals = locals(at.code, at.function.body);
            self.block(at, &locals, at.function.body, verbs);
        }
    }

    /// A block; gives the methods for which what follows it runs.
    fn block(&mut self, at: At<'_>, locals: &Locals<'_>, block: List, verbs: Verbs) -> Verbs {
        let mut verbs = verbs;
        for id in at.code.stmts(block) {
            if verbs.is_empty() {
                break;
            }
            verbs = self.stmt(at, locals, *id, verbs);
        }
        verbs
    }

    fn stmt(&mut self, at: At<'_>, locals: &Locals<'_>, id: StmtId, verbs: Verbs) -> Verbs {
        let code = at.code;
        if let Some(span) = self.span(at, code.stmt_range(id)) {
            let key = (span.file, span.range.start(), span.range.end());
            let known = self.statements.entry(key).or_insert(Verbs::NONE);
            *known = known.or(verbs);
        }
        let stmt = code.stmt(id);
        for expr in code.stmt_exprs(stmt) {
            self.expr(at, expr, verbs);
        }
        match stmt {
            Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break | Stmt::Continue => Verbs::NONE,
            Stmt::If { test, then, otherwise } => {
                let (yes, no) = split(code, locals, test, 0);
                let then = self.block(at, locals, then, verbs.and(yes));
                then.or(self.block(at, locals, otherwise, verbs.and(no)))
            }
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                self.block(at, locals, body, verbs);
                self.block(at, locals, otherwise, verbs);
                verbs
            }
            Stmt::With { body, .. } => self.block(at, locals, body, verbs),
            Stmt::Try(parts) => {
                let Some(parts) = code.try_parts(parts) else { return verbs };
                let mut after = self.block(at, locals, parts.body, verbs);
                after = self.block(at, locals, parts.otherwise, after);
                for (_, _, handler) in &parts.handlers {
                    after = after.or(self.block(at, locals, *handler, verbs));
                }
                self.block(at, locals, parts.finally, verbs);
                after
            }
            Stmt::Match(parts) => {
                let Some(parts) = code.match_parts(parts) else { return verbs };
                let asks = is_method(code, parts.subject);
                let mut after = Verbs::NONE;
                for (values, _, block) in &parts.cases {
                    let named = code.exprs(*values).iter().filter_map(|id| code.string(*id));
                    let named = if asks { Verbs::of(named) } else { Verbs::NONE };
                    let own = if named.is_empty() { verbs } else { verbs.and(named) };
                    after = after.or(self.block(at, locals, *block, own));
                }
                if asks { verbs } else { after.or(verbs) }
            }
            _ => verbs,
        }
    }

    fn expr(&mut self, at: At<'_>, expr: ExprId, verbs: Verbs) {
        let mut calls = Vec::new();
        at.code.each_inner(expr, &mut |id, inner| {
            if let Some((kind, words)) = call::effect(&self.world, at, inner) {
                self.add(at, kind, words, id, verbs);
            }
            if matches!(inner, Expr::Call(..)) {
                calls.push(id);
            }
        });
        for call in calls {
            self.follow(at, call, verbs);
        }
    }

    fn add(&mut self, at: At<'_>, kind: EffectKind, words: String, id: ExprId, verbs: Verbs) {
        self.put(at.module, kind, words, at.code.expr_range(id), verbs);
    }

    fn put(
        &mut self,
        module: ModuleId,
        kind: EffectKind,
        words: String,
        range: TextRange,
        verbs: Verbs,
    ) {
        let Some(file) = self.world.program.module(module).map(|module| module.file) else {
            return;
        };
        let place = Span::new(file, range);
        let known = self.found.iter_mut().find(|one| one.kind == kind && one.place == place);
        match known {
            Some(known) => known.verbs = known.verbs.or(verbs),
            None => self.found.push(Effect { kind, words, place, verbs }),
        }
    }

    fn span(&self, at: At<'_>, range: TextRange) -> Option<Span> {
        Some(Span::new(self.world.program.module(at.module)?.file, range))
    }

    /// Goes through the function that a call calls, if it is one of the project's.
    fn follow(&mut self, at: At<'_>, call: ExprId, verbs: Verbs) {
        let Some((callee, _)) = at.code.call(call) else { return };
        let world = self.world;
        let own = match at.code.expr(callee) {
            Expr::Attribute(value, name) => {
                let name = at.code.text(name);
                if at.code.name(value) == Some("self") {
                    at.receiver.and_then(|class| {
                        world
                            .hierarchy
                            .attribute(class, name)
                            .map(|found| (found.owner, found.value))
                    })
                } else if is_super(at.code, value) {
                    above(&world, at, name)
                } else {
                    None
                }
            }
            _ => None,
        };
        if let Some((owner, AttributeValue::Method(module, code, id))) = own {
            let Some(function) = code.function(id) else { return };
            let depth = at.depth + 1;
            let next = At {
                module,
                code,
                function,
                id,
                owner: Some(&owner),
                depth,
                receiver: at.receiver,
            };
            self.function(next, verbs);
            return;
        }
        let Some(dotted) = at.code.dotted(callee) else { return };
        let name = world.program.resolve(at.module, &dotted);
        let QualifiedName::Project(module, _) = &name else { return };
        let Some((code, id)) = world.program.function_code(&name) else { return };
        let Some(function) = code.function(id) else { return };
        let depth = at.depth + 1;
        let next = At { module: *module, code, function, id, owner: None, receiver: None, depth };
        self.function(next, verbs);
    }
}

fn is_super(code: &Code, id: ExprId) -> bool {
    code.call(id).is_some_and(|(callee, _)| code.name(callee) == Some("super"))
}

/// What `super()` of the function at hand has under a name.
fn above<'a>(
    world: &World<'a>,
    at: At<'_>,
    name: &str,
) -> Option<(QualifiedName, AttributeValue<'a>)> {
    let order = world.hierarchy.order(at.receiver?);
    let mut rest = order.iter().skip_while(|class| Some(*class) != at.owner).skip(1);
    rest.find_map(|class| world.hierarchy.own(class, name).map(|found| (found.owner, found.value)))
}

/// The names that a block assigns, with the value of those that it assigns once.
fn locals(code: &Code, block: List) -> Locals<'_> {
    let mut locals = Locals::default();
    code.each_stmt(block, &mut |_, stmt| {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
        for target in code.exprs(targets) {
            if let Some(name) = code.name(*target) {
                locals.entry(name).and_modify(|known| *known = None).or_insert(Some(value));
            }
        }
    });
    locals
}
