//! What stands in functions, whoever calls them: kept, as many views run the same code.

use std::sync::Arc;

use djsec_python::code::{Code, Expr, ExprId, FunctionId, List, Stmt, StmtId, Symbol};
use djsec_python::{Kept, ModuleId, QualifiedName};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::objects::World;
use super::test::{Locals, Split, split, takes_sent};
use super::{EffectKind, call};

/// What is known of the functions that were gone through so far; may be asked from several threads.
#[derive(Debug, Default)]
pub struct Known(Kept<(ModuleId, FunctionId), Arc<Facts>>);

/// What stands in one function.
#[derive(Debug, Default)]
pub(super) struct Facts {
    steps: FxHashMap<StmtId, Vec<Step>>,
    splits: FxHashMap<StmtId, Split>,
    sent: FxHashSet<StmtId>,
}

/// Something that an expression of a statement does.
#[derive(Debug)]
pub(super) enum Step {
    /// It has an effect; what says so, and where.
    Does(EffectKind, Box<str>, ExprId),
    /// It calls something that may be followed.
    Calls(Called),
}

/// What a call may call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called {
    /// The call.
    pub(super) call: ExprId,
    /// A method of the same object.
    pub(super) own: Option<Own>,
    /// A function of the project, where there is no such method.
    pub(super) function: Option<(ModuleId, FunctionId)>,
}

/// A method of the same object.
#[derive(Debug, Clone, Copy)]
pub(super) enum Own {
    /// `self.name()`
    Itself(Symbol),
    /// `super().name()`
    Above(Symbol),
}

impl Known {
    /// What stands in a function, gathered when it is asked for the first time.
    pub(super) fn of(
        &self,
        world: &World<'_>,
        module: ModuleId,
        function: FunctionId,
    ) -> Arc<Facts> {
        let gather = || Arc::new(Facts::gather(world, module, function));
        self.0.get_or(&(module, function), gather)
    }
}

impl Facts {
    /// What the expressions that stand directly in a statement do, in order.
    pub(super) fn steps(&self, stmt: StmtId) -> &[Step] {
        self.steps.get(&stmt).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a statement only gets to its end where a form was sent.
    pub(super) fn takes_sent(&self, stmt: StmtId) -> bool {
        self.sent.contains(&stmt)
    }

    /// For which methods the branches of an `if` run.
    pub(super) fn split(&self, stmt: StmtId) -> Split {
        self.splits.get(&stmt).copied().unwrap_or(super::test::EITHER)
    }

    fn gather(world: &World<'_>, module: ModuleId, function: FunctionId) -> Self {
        let mut facts = Self::default();
        let Some(code) = world.program.code(module) else { return facts };
        let Some(function) = code.function(function) else { return facts };
        let locals = locals(code, function.body);
        code.each_stmt(function.body, &mut |id, stmt| {
            let mut steps = Vec::new();
            code.each_stmt_expr(stmt, &mut |expr| {
                if takes_sent(code, expr) {
                    facts.sent.insert(id);
                }
                gather_expr(world, module, code, expr, &mut steps);
            });
            if !steps.is_empty() {
                facts.steps.insert(id, steps);
            }
            if let Stmt::If { test, .. } = stmt {
                facts.splits.insert(id, split(code, &locals, test, 0));
            }
        });
        facts
    }
}

/// What an expression has an effect on comes before what its calls lead to.
fn gather_expr(
    world: &World<'_>,
    module: ModuleId,
    code: &Code,
    expr: ExprId,
    steps: &mut Vec<Step>,
) {
    let mut calls = Vec::new();
    code.each_inner(expr, &mut |id, inner| {
        if let Some((kind, words)) = call::effect(world, module, code, inner) {
            steps.push(Step::Does(kind, words.into(), id));
        }
        if let Expr::Call(callee, _) = inner {
            calls.extend(called(world, module, code, (id, callee)).map(Step::Calls));
        }
    });
    steps.append(&mut calls);
}

fn called(
    world: &World<'_>,
    module: ModuleId,
    code: &Code,
    (call, callee): (ExprId, ExprId),
) -> Option<Called> {
    let own = match code.expr(callee) {
        Expr::Attribute(value, name) if code.name(value) == Some("self") => Some(Own::Itself(name)),
        Expr::Attribute(value, name) if is_super(code, value) => Some(Own::Above(name)),
        _ => None,
    };
    let function = code.dotted(callee).and_then(|dotted| {
        let name = world.program.resolve(module, &dotted);
        let QualifiedName::Project(module, _) = &name else { return None };
        world.program.function_code(&name).map(|(_, id)| (*module, id))
    });
    (own.is_some() || function.is_some()).then_some(Called { call, own, function })
}

fn is_super(code: &Code, id: ExprId) -> bool {
    code.call(id).is_some_and(|(callee, _)| code.name(callee) == Some("super"))
}

/// The names that a block assigns, with the value of those that it assigns once.
fn locals(code: &Code, block: List) -> Locals {
    let mut locals = Locals::default();
    code.each_stmt(block, &mut |_, stmt| {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
        for target in code.exprs(targets) {
            if let Expr::Name(name) = code.expr(*target) {
                locals.entry(name).and_modify(|known| *known = None).or_insert(Some(value));
            }
        }
    });
    locals
}
