//! Goes through the functions behind a view, with the methods that each statement runs for.

use std::collections::BTreeMap;

use djsec_base::{FileId, Span, TextRange, TextSize};
use djsec_python::code::{Code, ExprId, Function, FunctionId, List, Stmt, StmtId};
use djsec_python::{ModuleId, QualifiedName};
use rustc_hash::FxHashSet;

use super::super::objects::World;
use super::super::{Body, View};
use super::facts::{Called, Facts, Own, Step};
use super::switches::Switches;
use super::test::is_method;
use super::{Effect, EffectKind, Verbs, call, wrapper};
use crate::hierarchy::AttributeValue;
use crate::routes::Target;

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
    seen: FxHashSet<(ModuleId, FunctionId, u8, Switches)>,
    /// For which methods each statement runs, where somebody will ask.
    statements: Option<BTreeMap<(FileId, TextSize, TextSize), Verbs>>,
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
    switches: Switches,
}

impl<'a> Walk<'a> {
    pub(super) fn new(world: World<'a>, answered: Verbs) -> Self {
        Self {
            world,
            answered,
            found: Vec::new(),
            cut: false,
            seen: FxHashSet::default(),
            statements: None,
        }
    }

    /// Keeps for which methods each statement runs, for [`Self::verbs_at`].
    pub(super) fn noting_statements(mut self) -> Self {
        self.statements = Some(BTreeMap::new());
        self
    }

    /// Everything that runs for the view.
    pub(super) fn view(&mut self, view: &View, target: &Target) {
        if let Target::Class { class, .. } | Target::ViewSet { class, .. } = target {
            self.class(class);
        }
        for body in &view.bodies {
            self.body(body);
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
            switches: Switches::default(),
        };
        let verbs = own.and(self.answered);
        let mut passed = verbs;
        for decorator in code.exprs(function.decorators) {
            self.decorated(at, *decorator, verbs);
            passed = passed.and(wrapper::passes(self.world, body.module, code, *decorator));
        }
        Some((at, passed))
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
                    self.put(*module, kind, &words, code.expr_range(id), self.answered);
                }
                let arguments = code.call(*decorator).map(|(_, arguments)| arguments);
                let method = arguments.and_then(|all| code.keyword(all, "name"));
                if method.and_then(|name| code.string(name)) == Some("dispatch") {
                    let passed = wrapper::passes(self.world, *module, code, *decorator);
                    self.answered = self.answered.and(passed);
                }
            }
        }
    }

    fn decorated(&mut self, at: At<'_>, decorator: ExprId, verbs: Verbs) {
        for (kind, words, id) in call::decorated(&self.world, at.module, at.code, decorator) {
            self.add(at, kind, &words, id, verbs);
        }
    }

    /// The methods for which the innermost statement around a place runs, if it was gone through.
    pub(super) fn verbs_at(&self, place: Span) -> Option<Verbs> {
        let (first, last) = (place.range.start(), place.range.end());
        let around = self.statements.as_ref()?.iter().filter(|((file, start, end), _)| {
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
        if self.seen.insert((at.module, at.id, verbs.0, at.switches)) {
            let facts = self.world.known.of(&self.world, at.module, at.id);
            self.block(at, &facts, at.function.body, verbs);
        }
    }

    /// A block; gives the methods for which what follows it runs.
    fn block(&mut self, at: At<'_>, facts: &Facts, block: List, verbs: Verbs) -> Verbs {
        let mut verbs = verbs;
        for id in at.code.stmts(block) {
            if verbs.is_empty() {
                break;
            }
            verbs = self.stmt(at, facts, *id, verbs);
        }
        verbs
    }

    fn stmt(&mut self, at: At<'_>, facts: &Facts, id: StmtId, verbs: Verbs) -> Verbs {
        let code = at.code;
        self.note(at, id, verbs);
        let verbs = if facts.takes_sent(id) { verbs.and(Verbs::WRITING) } else { verbs };
        for step in facts.steps(id) {
            match step {
                Step::Does(kind, words, id) => self.add(at, *kind, words, *id, verbs),
                Step::Calls(called) => self.follow(at, *called, verbs),
            }
        }
        match code.stmt(id) {
            Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break | Stmt::Continue => Verbs::NONE,
            Stmt::If { test, then, otherwise } => {
                let (mut yes, mut no) = facts.split(id);
                match at.switches.decide(code, at.function, test) {
                    Some(true) => no = Verbs::NONE,
                    Some(false) => yes = Verbs::NONE,
                    None => {}
                }
                let then = self.block(at, facts, then, verbs.and(yes));
                then.or(self.block(at, facts, otherwise, verbs.and(no)))
            }
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                self.block(at, facts, body, verbs);
                self.block(at, facts, otherwise, verbs);
                verbs
            }
            Stmt::With { body, .. } => self.block(at, facts, body, verbs),
            Stmt::Try(parts) => {
                let Some(parts) = code.try_parts(parts) else { return verbs };
                let mut after = self.block(at, facts, parts.body, verbs);
                after = self.block(at, facts, parts.otherwise, after);
                for (_, _, handler) in &parts.handlers {
                    after = after.or(self.block(at, facts, *handler, verbs));
                }
                self.block(at, facts, parts.finally, verbs);
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
                    after = after.or(self.block(at, facts, *block, own));
                }
                if asks { verbs } else { after.or(verbs) }
            }
            _ => verbs,
        }
    }

    fn note(&mut self, at: At<'_>, id: StmtId, verbs: Verbs) {
        let Some(statements) = &mut self.statements else { return };
        let Some(module) = self.world.program.module(at.module) else { return };
        let range = at.code.stmt_range(id);
        let known =
            statements.entry((module.file, range.start(), range.end())).or_insert(Verbs::NONE);
        *known = known.or(verbs);
    }

    fn add(&mut self, at: At<'_>, kind: EffectKind, words: &str, id: ExprId, verbs: Verbs) {
        self.put(at.module, kind, words, at.code.expr_range(id), verbs);
    }

    fn put(
        &mut self,
        module: ModuleId,
        kind: EffectKind,
        words: &str,
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
            None => self.found.push(Effect { kind, words: words.to_owned(), place, verbs }),
        }
    }

    /// Goes through the function that a call calls, if it is one of the project's.
    fn follow(&mut self, at: At<'_>, called: Called, verbs: Verbs) {
        let world = self.world;
        let own = called.own.and_then(|own| match own {
            Own::Itself(name) => {
                let found = world.hierarchy.attribute(at.receiver?, at.code.text(name))?;
                Some((found.owner, found.value))
            }
            Own::Above(name) => above(&world, at, at.code.text(name)),
        });
        let depth = at.depth + 1;
        if let Some((owner, AttributeValue::Method(module, code, id))) = own {
            let Some(function) = code.function(id) else { return };
            let (owner, receiver) = (Some(&owner), at.receiver);
            let switches = Switches::of(at.code, called.call, code, function);
            let next = At { module, code, function, id, owner, receiver, depth, switches };
            self.function(next, verbs);
            return;
        }
        let Some((module, id)) = called.function else { return };
        let Some(code) = world.program.code(module) else { return };
        let Some(function) = code.function(id) else { return };
        let switches = Switches::of(at.code, called.call, code, function);
        let (owner, receiver) = (None, None);
        let next = At { module, code, function, id, owner, receiver, depth, switches };
        self.function(next, verbs);
    }
}

/// What `super()` of the function at hand has under a name.
fn above<'a>(
    world: &World<'a>,
    at: At<'_>,
    name: &str,
) -> Option<(QualifiedName, AttributeValue<'a>)> {
    let found = world.hierarchy.attribute_behind(at.receiver?, at.owner?, name)?;
    Some((found.owner, found.value))
}
