//! Decorators of the project that run before a view: they may fetch and check for it.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, FunctionId, Stmt};
use djsec_python::{BindingKind, ModuleId, QualifiedName};

use super::call::Args;
use super::conditions::is_privilege;
use super::run::{Frame, Run};
use super::value::{Origin, Value, What};
use super::{Check, CheckKind};
use crate::views::effects::Verbs;

/// Makes a decorator of a function that is asked about the user.
const TEST: &str = "django.contrib.auth.decorators.user_passes_test";

impl<'a> Run<'a> {
    /// Runs what the decorators of a function put around it.
    pub(super) fn decorators(&mut self, module: ModuleId, code: &'a Code, id: FunctionId) {
        let Some(function) = code.function(id) else { return };
        let handler = std::mem::replace(&mut self.handler, Arc::from(""));
        for decorator in code.exprs(function.decorators) {
            self.decorator(module, code, *decorator);
        }
        self.handler = handler;
    }

    fn decorator(&mut self, module: ModuleId, code: &'a Code, id: ExprId) {
        let mut frame = Frame::new(module, code);
        // `method_decorator(decorator)` stands for what it is given.
        let id = match code.call(id) {
            Some((callee, arguments))
                if code.dotted(callee).is_some_and(|name| name.ends_with("method_decorator")) =>
            {
                match code.argument(arguments, 0, "decorator") {
                    Some(inner) => inner,
                    None => return,
                }
            }
            _ => id,
        };
        let callee = match code.expr(id) {
            Expr::Call(callee, _) => callee,
            _ => id,
        };
        if let Some((module, code, id)) = self.made_elsewhere(module, code, callee) {
            self.eval(&mut Frame::new(module, code), id);
            return;
        }
        let named = self.eval(&mut frame, callee);
        match &named.what {
            What::Name(QualifiedName::External(name)) => {
                let name = Arc::clone(name);
                self.package_decorator(&name, &frame, id);
                if is_test(&named) {
                    self.eval(&mut frame, id);
                }
            }
            What::Name(QualifiedName::Project(..)) => {
                let decorator = if callee == id { named } else { self.eval(&mut frame, id) };
                let place = self.place(&frame, id);
                let view = Value::new(What::View);
                let wrapper = self.apply(&decorator, Args::of(vec![view]), place);
                self.wrapper(&wrapper);
            }
            _ => {}
        }
    }

    /// A test that a module gives a name: `teachers_only = user_passes_test(…)`.
    fn made_elsewhere(
        &self,
        module: ModuleId,
        code: &Code,
        decorator: ExprId,
    ) -> Option<(ModuleId, &'a Code, ExprId)> {
        let program = self.world.program;
        let name = program.resolve(module, &code.dotted(decorator)?);
        let BindingKind::Call(callee) = &program.binding(&name)?.kind else { return None };
        let QualifiedName::Project(module, path) = &name else { return None };
        if !program.resolve(*module, callee).is_external(TEST) {
            return None;
        }
        let code = program.code(*module)?;
        Some((*module, code, code.module_value(path)?))
    }

    /// What `user_passes_test` asks of who asks. That there is somebody, and that they are logged in, says nothing of
    /// rows.
    pub(super) fn passed_test(&mut self, args: &Args, place: Span) {
        let Some(test) = args.get(0, "test_func").cloned() else { return };
        if self.lets_in_all_others(&test) {
            return;
        }
        let asker = self.asker();
        let value = self.apply(&test, Args::of(vec![asker]), place);
        if value.is(&Origin::User) && value.row().is_none() {
            self.demand_at(&value, place);
        }
    }

    /// Whether a test is passed by whoever has no privilege: `lambda user: not user.is_staff`.
    fn lets_in_all_others(&self, test: &Value) -> bool {
        let found = match &test.what {
            What::Function(module, id, _) => {
                self.world.program.code(*module).map(|code| (code, *id))
            }
            What::Name(name) => self.world.program.function_code(name),
            _ => None,
        };
        let Some((code, function)) = found.and_then(|(code, id)| Some((code, code.function(id)?)))
        else {
            return false;
        };
        let [only] = code.stmts(function.body) else { return false };
        let Stmt::Return(Some(value)) = code.stmt(*only) else { return false };
        matches!(code.expr(value), Expr::Not(asked) if is_privilege(code, asked))
    }

    /// Decorators of packages that check objects by the address.
    fn package_decorator(&mut self, name: &str, frame: &Frame<'a>, id: ExprId) {
        let objects = match frame.code.call(id) {
            Some((_, arguments)) if name.starts_with("guardian.") => arguments.len() > 1,
            Some((_, arguments)) if name.starts_with("rules.") => {
                frame.code.keyword(arguments, "fn").is_some()
            }
            _ => false,
        };
        if !objects {
            return;
        }
        let place = self.place(frame, id);
        let check = Check { kind: CheckKind::Decorator(Arc::from(name)), enforced: true, place };
        let check = self.guard_now(check, Verbs::ALL, None);
        for parameter in self.parameters.clone().unwrap_or_default() {
            self.key_checks.push((Origin::Url(parameter), check.clone()));
        }
    }

    /// Runs the function that a decorator puts in place of the view.
    fn wrapper(&mut self, wrapper: &Value) {
        let What::Function(module, id, around) = &wrapper.what else { return };
        if self.stack.contains(&(*module, *id)) {
            return;
        }
        let Some(code) = self.world.program.code(*module) else { return };
        let mut frame = Frame::new(*module, code);
        frame.env = (**around).clone();
        frame.outermost = true;
        let Some(function) = code.function(*id) else { return };
        // Around a method, the view comes first, under whatever name.
        let named = |at: usize, name: &str| {
            function.parameters.get(at).is_some_and(|one| code.text(one.name) == name)
        };
        let method = named(0, "self") || named(1, "request");
        let this = method.then(|| Value::new(What::This));
        self.bind_entry(&mut frame, *id, this);
        self.enter(frame, *id);
    }
}

fn is_test(named: &Value) -> bool {
    matches!(&named.what, What::Name(name) if name.is_external(TEST))
}
