//! What stands at the top of modules, as far as calls depend on it: tables of functions, sets of constants,
//! calls that make objects and classes, and who receives the project's own signals.

use std::sync::Arc;

use djsec_base::{Files, Utf8Path};
use djsec_django::project::own_modules;
use djsec_python::code::{Code, Expr, ExprId, FunctionId, Stmt};
use djsec_python::{ModuleId, Program, QualifiedName};
use rustc_hash::FxHashMap;

use crate::args::{Args, Given};
use crate::value::{Later, Value, What};

/// A table with more entries is not looked at.
const MOST_ENTRIES: usize = 32;

/// What stands at the top of the project's modules.
#[derive(Debug, Default)]
pub(crate) struct Globals {
    tables: FxHashMap<QualifiedName, Value>,
    /// The calls that make what names stand for, where how it is made matters.
    made: FxHashMap<QualifiedName, ExprId>,
    receivers: FxHashMap<QualifiedName, Vec<(ModuleId, FunctionId)>>,
}

impl Globals {
    pub(crate) fn new(files: &Files, program: &Program, root: &Utf8Path) -> Self {
        let mut this = Self::default();
        for (module, found) in own_modules(files, program, root) {
            let Some(code) = found.code() else { continue };
            let reader = Reader { program, module, code };
            for id in code.body() {
                match code.stmt(*id) {
                    Stmt::Assign { targets, value: Some(value), .. } => {
                        let names = code.exprs(targets).iter().filter_map(|id| code.name(*id));
                        let names = names.map(|name| QualifiedName::Project(module, name.into()));
                        if let Some(table) = reader.table(value) {
                            this.tables.extend(names.map(|name| (name, table.clone())));
                        } else if is_made(code, value) {
                            this.made.extend(names.map(|name| (name, value)));
                        }
                    }
                    Stmt::Expr(call) => this.connected(&reader, call),
                    _ => {}
                }
            }
            for (function, found) in code.functions() {
                for decorator in code.exprs(found.decorators) {
                    this.received(&reader, *decorator, function);
                }
                if code.text(found.name) == "ready" {
                    for id in code.stmts(found.body) {
                        if let Stmt::Expr(call) = code.stmt(*id) {
                            this.connected(&reader, call);
                        }
                    }
                }
            }
        }
        this
    }

    /// A table of functions or classes, or a set of constants.
    pub(crate) fn table(&self, name: &QualifiedName) -> Option<&Value> {
        self.tables.get(name)
    }

    /// The call that makes what a name stands for: of a class, or with names for what it is given.
    pub(crate) fn made(&self, name: &QualifiedName) -> Option<ExprId> {
        self.made.get(name).copied()
    }

    /// The functions that receive a signal of the project.
    pub(crate) fn receivers(&self, signal: &QualifiedName) -> &[(ModuleId, FunctionId)] {
        self.receivers.get(signal).map_or(&[], Vec::as_slice)
    }

    /// `@receiver(asked)`, `@receiver([asked, told])`
    fn received(&mut self, reader: &Reader<'_>, decorator: ExprId, function: FunctionId) {
        let code = reader.code;
        let Some((callee, [signal, ..])) = code.call(decorator) else { return };
        let name = reader.named(callee);
        let is_receiver = name.is_some_and(|name| match &name {
            QualifiedName::External(name) => {
                name.starts_with("django.dispatch") && name.ends_with(".receiver")
            }
            _ => false,
        });
        if is_receiver {
            let listed = code.elements(signal.value).unwrap_or(std::slice::from_ref(&signal.value));
            for signal in listed {
                self.receives(reader, *signal, (reader.module, function));
            }
        }
    }

    /// `asked.connect(call)`
    fn connected(&mut self, reader: &Reader<'_>, call: ExprId) {
        let code = reader.code;
        let Some((callee, [receiver, ..])) = code.call(call) else { return };
        let Expr::Attribute(signal, name) = code.expr(callee) else { return };
        if code.text(name) != "connect" {
            return;
        }
        let Some(name @ QualifiedName::Project(module, _)) = reader.named(receiver.value) else {
            return;
        };
        if let Some((_, function)) = reader.program.function_code(&name) {
            self.receives(reader, signal, (module, function));
        }
    }

    fn receives(&mut self, reader: &Reader<'_>, signal: ExprId, by: (ModuleId, FunctionId)) {
        if let Some(signal @ QualifiedName::Project(..)) = reader.named(signal) {
            let all = self.receivers.entry(signal).or_default();
            if !all.contains(&by) {
                all.push(by);
            }
        }
    }
}

/// One module.
struct Reader<'a> {
    program: &'a Program,
    module: ModuleId,
    code: &'a Code,
}

impl Reader<'_> {
    fn named(&self, id: ExprId) -> Option<QualifiedName> {
        Some(self.program.resolve(self.module, &self.code.dotted(id)?))
    }

    /// A function or class of the project that an expression names.
    fn own(&self, id: ExprId) -> Option<Value> {
        let name = self.named(id).filter(|name| matches!(name, QualifiedName::Project(..)))?;
        let known =
            self.program.function_code(&name).is_some() || self.program.class_code(&name).is_some();
        known.then(|| Value::of(What::Name(name)))
    }

    fn table(&self, id: ExprId) -> Option<Value> {
        let code = self.code;
        let mut table = Value::default();
        match code.expr(id) {
            Expr::Set(_) => return Some(Value::of(What::Set)),
            Expr::Dict(entries) if code.entries(entries).len() <= MOST_ENTRIES => {
                for (key, entry) in code.entries(entries) {
                    let key: Arc<str> = code.string((*key)?)?.into();
                    table = table.with_field(&format!("[{key}]"), self.own(*entry)?);
                }
            }
            Expr::List(list) | Expr::Tuple(list) if code.exprs(list).len() <= MOST_ENTRIES => {
                for (at, entry) in code.exprs(list).iter().enumerate() {
                    table = table.with_field(&format!("[{at}]"), self.own(*entry)?);
                }
            }
            Expr::Call(..) => return self.partial(id),
            _ => return None,
        }
        (!table.is_plain()).then_some(table)
    }

    /// `run_here = partial(run, "/srv")`: a function of the project with some of its arguments, as far as these
    /// are written out.
    fn partial(&self, id: ExprId) -> Option<Value> {
        let code = self.code;
        let (callee, arguments) = code.call(id)?;
        if !self.named(callee)?.is_external("functools.partial") {
            return None;
        }
        let (first, rest) = arguments.split_first()?;
        let callee = self.own(first.value)?;
        let mut args = Args::default();
        for argument in rest {
            let value = Value::of(What::constant(code, argument.value));
            // The expression stands in another module than the calls.
            let given = Given { value, expr: code.no_expr() };
            match argument.keyword {
                Some(name) => args.keywords.push((Arc::from(code.text(name)), given)),
                None if argument.spread
                    || matches!(code.expr(argument.value), Expr::Starred(_)) =>
                {
                    return None;
                }
                None => args.positional.push(given),
            }
        }
        Some(Value::of(What::Later(Arc::new(Later { callee, methods: Vec::new(), args }))))
    }
}

/// Whether a call makes something of a class, with names for what it is given, or a class.
fn is_made(code: &Code, value: ExprId) -> bool {
    let Some((callee, arguments)) = code.call(value) else { return false };
    let named = || arguments.iter().any(|argument| argument.keyword.is_some());
    let name = match code.expr(callee) {
        Expr::Name(name) | Expr::Attribute(_, name) => code.text(name),
        _ => return false,
    };
    name.starts_with(|c: char| c.is_ascii_uppercase()) || name.ends_with("_factory") || named()
}
