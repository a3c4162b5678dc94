//! For which methods a decorator of the project calls what it stands on.

use djsec_python::code::{Code, Expr, ExprId, Function, FunctionId, List, Stmt, StmtId};
use djsec_python::{ModuleId, QualifiedName};

use super::super::objects::World;
use super::Verbs;
use super::facts::Facts;

/// Functions are nested this deep in a decorator.
const DEEPEST: u8 = 4;

/// The methods that get through; all of them where that is not seen.
pub(super) fn passes(world: World<'_>, module: ModuleId, code: &Code, decorator: ExprId) -> Verbs {
    let callee = code.call(decorator).map_or(decorator, |(callee, _)| callee);
    let Some(dotted) = code.dotted(callee) else { return Verbs::ALL };
    let name = world.program.resolve(module, &dotted);
    if name.is_external("django.utils.decorators.method_decorator") {
        let arguments = code.call(decorator).map(|(_, arguments)| arguments).unwrap_or_default();
        let Some(first) = arguments.first().map(|argument| argument.value) else {
            return Verbs::ALL;
        };
        let all = code.elements(first).unwrap_or(std::slice::from_ref(&first)).iter();
        let inner = all.filter(|one| **one != decorator);
        return inner.fold(Verbs::ALL, |verbs, one| verbs.and(passes(world, module, code, *one)));
    }
    let QualifiedName::Project(module, _) = &name else { return Verbs::ALL };
    let Some((code, maker)) = world.program.function_code(&name) else { return Verbs::ALL };
    let mut passed = None;
    for (id, wrapper) in code.functions().filter(|(_, it)| is_within(code, it, maker)) {
        let calls = Calls { code, wrapper, facts: &world.known.of(&world, *module, id) };
        let (_, called) = calls.block(wrapper.body, Verbs::ALL);
        if !called.is_empty() {
            passed = Some(passed.map_or(called, |all: Verbs| all.or(called)));
        }
    }
    passed.unwrap_or(Verbs::ALL)
}

/// Whether a function stands in another.
fn is_within(code: &Code, inner: &Function, outer: FunctionId) -> bool {
    let mut parent = inner.parent;
    for _ in 0..DEEPEST {
        match parent {
            Some(id) if id == outer => return true,
            Some(id) => parent = code.function(id).and_then(|function| function.parent),
            None => return false,
        }
    }
    false
}

/// A wrapper in which the calls of what it wraps are looked for.
struct Calls<'a> {
    code: &'a Code,
    wrapper: &'a Function,
    facts: &'a Facts,
}

impl Calls<'_> {
    /// The methods for which what follows a block runs, and those for which it calls what is wrapped.
    fn block(&self, block: List, verbs: Verbs) -> (Verbs, Verbs) {
        let (mut verbs, mut called) = (verbs, Verbs::NONE);
        for id in self.code.stmts(block) {
            let (after, here) = self.stmt(*id, verbs);
            called = called.or(here);
            verbs = after;
        }
        (verbs, called)
    }

    fn stmt(&self, id: StmtId, verbs: Verbs) -> (Verbs, Verbs) {
        let stmt = self.code.stmt(id);
        let own = if self.calls(stmt) { verbs } else { Verbs::NONE };
        match stmt {
            Stmt::Return(_) | Stmt::Raise(_) => (Verbs::NONE, own),
            Stmt::If { then, otherwise, .. } => {
                let (yes, no) = self.facts.split(id);
                let (then, one) = self.block(then, verbs.and(yes));
                let (otherwise, other) = self.block(otherwise, verbs.and(no));
                (then.or(otherwise), own.or(one).or(other))
            }
            Stmt::With { body, .. } => {
                let (after, called) = self.block(body, verbs);
                (after, own.or(called))
            }
            // What runs when in these is not told apart.
            Stmt::For { .. } | Stmt::While { .. } | Stmt::Try(_) | Stmt::Match(_) => (verbs, verbs),
            _ => (verbs, own),
        }
    }

    /// Whether an expression of a statement calls a parameter of a function around the wrapper, or hands it to
    /// something that may: `run(view, request)`.
    fn calls(&self, stmt: Stmt) -> bool {
        let code = self.code;
        let mut found = false;
        code.each_stmt_expr(stmt, &mut |expr| {
            code.each_inner(expr, &mut |_, inner| {
                if let Expr::Call(callee, arguments) = inner {
                    let mut given = code.arguments(arguments).iter().map(|one| one.value);
                    found = found
                        || code.name(callee).is_some_and(|name| self.is_wrapped(name, DEEPEST))
                        || given
                            .any(|one| code.name(one).is_some_and(|name| self.is_wrapped(name, 1)));
                }
            });
        });
        found
    }

    /// Whether one of that many functions around the wrapper has a parameter of this name.
    fn is_wrapped(&self, name: &str, depth: u8) -> bool {
        let code = self.code;
        let mut around = self.wrapper.parent;
        for _ in 0..depth {
            let Some(function) = around.and_then(|id| code.function(id)) else { return false };
            if function.parameters.iter().any(|parameter| code.text(parameter.name) == name) {
                return true;
            }
            around = function.parent;
        }
        false
    }
}
