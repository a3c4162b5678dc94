//! Functions that choose by the class of an argument which one of several runs: `functools.singledispatch`.

use djsec_base::{Files, Utf8Path};
use djsec_django::project::own_modules;
use djsec_python::code::{Code, Expr, ExprId, Function, FunctionId};
use djsec_python::{ModuleId, Program, QualifiedName};
use rustc_hash::FxHashMap;

/// A function is given at most this many others.
const MOST: usize = 16;

/// One of the functions that may run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    /// For arguments of which class; unknown for others.
    pub(crate) class: QualifiedName,
    pub(crate) function: (ModuleId, FunctionId),
}

/// The functions that are registered at others.
#[derive(Debug, Default)]
pub(crate) struct Dispatch(FxHashMap<(ModuleId, FunctionId), Vec<Case>>);

impl Dispatch {
    pub(crate) fn new(files: &Files, program: &Program, root: &Utf8Path) -> Self {
        let mut this = Self::default();
        for (module, found) in own_modules(files, program, root) {
            let Some(code) = found.code() else { continue };
            for (id, function) in code.functions() {
                for decorator in code.exprs(function.decorators) {
                    this.registered(program, (module, code), (id, function), *decorator);
                }
            }
        }
        this
    }

    /// What else may run where a function is called.
    pub(crate) fn of(&self, function: (ModuleId, FunctionId)) -> &[Case] {
        if self.0.is_empty() {
            return &[];
        }
        self.0.get(&function).map_or(&[], Vec::as_slice)
    }

    /// `@start.register`, `@start.register(str)`
    fn registered(
        &mut self,
        program: &Program,
        (module, code): (ModuleId, &Code),
        (id, function): (FunctionId, &Function),
        decorator: ExprId,
    ) {
        let (callee, arguments) = code.call(decorator).unwrap_or((decorator, &[]));
        let Expr::Attribute(base, name) = code.expr(callee) else { return };
        if code.text(name) != "register" {
            return;
        }
        let Some(chooser) = chooser(program, (module, code), function, base) else { return };
        let own = usize::from(function.class.is_some());
        let annotated = || function.parameters.get(own)?.annotation;
        let class = arguments.first().map(|argument| argument.value).or_else(annotated);
        let class = class.and_then(|class| code.dotted(class));
        let class = class.map_or(QualifiedName::Unknown, |name| program.resolve(module, &name));
        let cases = self.0.entry(chooser).or_default();
        if cases.len() < MOST {
            cases.push(Case { class, function: (module, id) });
        }
    }
}

/// The function that a name means at a decorator, if it is one that chooses.
fn chooser(
    program: &Program,
    (module, code): (ModuleId, &Code),
    function: &Function,
    name: ExprId,
) -> Option<(ModuleId, FunctionId)> {
    if let Some(class) = function.class {
        // A method of the same class.
        let found = code.method(class, code.name(name)?)?;
        return chooses(code, found).then_some((module, found));
    }
    let name = program.resolve(module, &code.dotted(name)?);
    let QualifiedName::Project(module, _) = &name else { return None };
    let (code, found) = program.function_code(&name)?;
    chooses(code, found).then_some((*module, found))
}

fn chooses(code: &Code, function: FunctionId) -> bool {
    let decorators = code.function(function).map(|found| found.decorators).unwrap_or_default();
    code.exprs(decorators).iter().any(|id| {
        let name = code.dotted(*id).unwrap_or_default();
        name.ends_with("singledispatch") || name.ends_with("singledispatchmethod")
    })
}
