//! Functions and classes that modules hand over while they are imported: `registry.register("csv", Export)`,
//! `HOOKS.append(clean)`, `EXPORTS["csv"] = Export`, `@bus.on("saved")`.

use djsec_base::{Files, Utf8Path};
use djsec_django::project::own_modules;
use djsec_python::code::{Code, Expr, ExprId, Function, List, Stmt, Symbol};
use djsec_python::{ModuleId, Program, QualifiedName};

/// Of a module at most this many are looked at.
const MOST: usize = 64;

/// Methods that put something into a list or a table.
const PUTTING: &[&str] = &["add", "append", "insert", "register", "setdefault", "update"];

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Handed {
    /// A call.
    Call(ExprId),
    /// What is assigned to one of the targets.
    Put(List, ExprId),
    /// A decorator, and the name of what it stands at.
    Decorated(ExprId, Symbol),
}

/// By module.
#[derive(Debug, Default)]
pub(crate) struct Registered {
    pub(crate) modules: Vec<(ModuleId, Vec<Handed>)>,
    /// Stands for the function that is run where a module is.
    pub(crate) nobody: Option<Function>,
}

impl Registered {
    pub(crate) fn new(files: &Files, program: &Program, root: &Utf8Path) -> Self {
        let mut this = Self::default();
        for (module, found) in own_modules(files, program, root) {
            let Some(code) = found.code() else { continue };
            let reader = Reader { program, module, code };
            let mut all = Vec::new();
            code.each_module_stmt(&mut |_, stmt| reader.look(stmt, &mut all));
            if !all.is_empty() {
                all.truncate(MOST);
                this.modules.push((module, all));
            }
            if let (None, Some((_, function))) = (&this.nobody, code.functions().next()) {
                let none = List::default();
                let (parameters, imports) = (Vec::new(), Vec::new());
                let (decorators, body, class, parent) = (none, none, None, None);
                let function = function.clone();
                this.nobody = Some(Function {
                    parameters,
                    imports,
                    decorators,
                    body,
                    class,
                    parent,
                    ..function
                });
            }
        }
        this
    }
}

/// One module.
struct Reader<'a> {
    program: &'a Program,
    module: ModuleId,
    code: &'a Code,
}

impl Reader<'_> {
    fn look(&self, stmt: Stmt, all: &mut Vec<Handed>) {
        let code = self.code;
        match stmt {
            Stmt::Expr(call) => {
                let Some((callee, arguments)) = code.call(call) else { return };
                let hands = arguments.iter().any(|argument| self.is_handed(argument.value));
                if hands && (self.is_method(callee) || self.puts(callee)) {
                    all.push(Handed::Call(call));
                }
            }
            Stmt::Assign { targets, value: Some(value), .. } if self.is_handed(value) => {
                let mut targets_of = code.exprs(targets).iter();
                if targets_of.any(|target| matches!(code.expr(*target), Expr::Subscript(..))) {
                    all.push(Handed::Put(targets, value));
                }
            }
            Stmt::Function(id) => {
                let Some(function) = code.function(id) else { return };
                self.decorated(function.decorators, function.name, all);
            }
            Stmt::Class(id) => {
                let Some(class) = code.class(id) else { return };
                self.decorated(class.decorators, class.name, all);
            }
            _ => {}
        }
    }

    fn decorated(&self, decorators: List, name: Symbol, all: &mut Vec<Handed>) {
        for decorator in self.code.exprs(decorators) {
            let callee = self.code.call(*decorator).map_or(*decorator, |(callee, _)| callee);
            if self.is_method(callee) || self.puts(callee) {
                all.push(Handed::Decorated(*decorator, name));
            }
        }
    }

    fn named(&self, id: ExprId) -> Option<QualifiedName> {
        Some(self.program.resolve(self.module, &self.code.dotted(id)?))
    }

    /// Whether an expression names a function or a class of the project.
    fn is_handed(&self, id: ExprId) -> bool {
        let Some(name @ QualifiedName::Project(..)) = self.named(id) else { return false };
        self.program.function_code(&name).is_some() || self.program.class_code(&name).is_some()
    }

    /// Whether something is a method of what a name of a module of the project stands for, no class or function.
    fn is_method(&self, callee: ExprId) -> bool {
        let Expr::Attribute(base, _) = self.code.expr(callee) else { return false };
        let Some(name @ QualifiedName::Project(module, _)) = self.named(base) else { return false };
        let QualifiedName::Project(_, path) = &name else { return false };
        let value = self.program.code(module).and_then(|code| code.module_value(path));
        value.is_some()
    }

    /// Whether something is a function or a method of the project that puts what it is given somewhere.
    fn puts(&self, callee: ExprId) -> bool {
        let Some(name @ QualifiedName::Project(module, _)) = self.named(callee) else {
            return false;
        };
        let Some(code) = self.program.code(module) else { return false };
        let Some((_, found)) = self.program.function_code(&name) else { return false };
        let inner = code.functions().filter(|(_, function)| function.parent == Some(found));
        let bodies = code.function(found).into_iter().chain(inner.map(|(_, function)| function));
        let mut puts = false;
        for function in bodies {
            code.each_stmt(function.body, &mut |_, stmt| puts |= is_putting(code, stmt));
        }
        puts
    }
}

/// Whether a statement puts something into a list or a table, or hands it on to what does.
fn is_putting(code: &Code, stmt: Stmt) -> bool {
    match stmt {
        Stmt::Assign { targets, .. } => {
            let mut targets = code.exprs(targets).iter();
            targets.any(|target| matches!(code.expr(*target), Expr::Subscript(..)))
        }
        Stmt::Expr(call) => match code.call(call).map(|(callee, _)| code.expr(callee)) {
            Some(Expr::Attribute(_, name)) => PUTTING.contains(&code.text(name)),
            _ => false,
        },
        _ => false,
    }
}
