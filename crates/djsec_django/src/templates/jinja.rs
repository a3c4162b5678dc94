//! What a project adds to Jinja: the function that the settings name as the `environment` of Django's engine for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8Path;
use djsec_base::{Files, last_part};
use djsec_python::code::{Argument, Code, Expr, ExprId, FunctionId, Stmt};
use djsec_python::value::Data;
use djsec_python::{ModuleId, Program, QualifiedName};
use djsec_templates::jinja::{Added, FILTER, FUNCTION};
use djsec_templates::library::Knowledge;
use djsec_templates::page::Tags;

use super::place::Language;
use crate::project::own_modules;
use crate::settings::{SettingRef, Settings};

/// Functions that hand the environment on are read this deep.
const DEEPEST: usize = 4;

/// Decorators that have Jinja give a function something of its own first.
const PASSES: [&str; 8] = [
    "contextfilter",
    "contextfunction",
    "environmentfilter",
    "environmentfunction",
    "evalcontextfilter",
    "pass_context",
    "pass_environment",
    "pass_eval_context",
];

/// What the templates of Jinja find besides what is Jinja's own. Of several engines, what any of them has.
#[derive(Debug)]
pub struct Environment {
    /// Filters by name.
    pub filters: BTreeMap<Arc<str>, Own>,
    /// Functions that every template may call, by name.
    pub functions: BTreeMap<Arc<str>, Own>,
    /// Whether values are escaped where a template says nothing else.
    escapes: bool,
}

/// A function of the project that templates of Jinja call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    /// The module and the function.
    pub function: (ModuleId, FunctionId),
    /// Whether Jinja gives it something of its own first: the context, the environment.
    pub is_passed: bool,
}

impl Default for Environment {
    fn default() -> Self {
        Self { filters: BTreeMap::new(), functions: BTreeMap::new(), escapes: true }
    }
}

impl Added for Environment {
    fn is_filter(&self, name: &str) -> bool {
        self.filters.contains_key(name)
    }

    fn is_function(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }
}

impl Knowledge for Environment {}

impl Tags for Environment {
    fn is_filter(&self, name: &str) -> bool {
        let own = name.strip_prefix(FILTER).is_some_and(|name| self.filters.contains_key(name));
        own || name.strip_prefix(FUNCTION).is_some_and(|name| self.functions.contains_key(name))
    }

    fn escapes(&self) -> bool {
        self.escapes
    }
}

impl Environment {
    /// Reads what the engines of the settings say, and what the project registers with django-jinja.
    pub(super) fn new(
        files: &Files,
        program: &Program,
        settings: &Settings,
        root: &Utf8Path,
    ) -> Self {
        let engines = Language::Jinja.engines(settings);
        let mut this = Self { escapes: escapes(&engines), ..Self::default() };
        if engines.is_empty() {
            return this;
        }
        for (module, found) in own_modules(files, program, root) {
            let Some(code) = found.code() else { continue };
            Reader::new(program, (module, code), &mut this).registrations();
        }
        let near = settings.file.and_then(|file| program.module_of(file));
        for engine in &engines {
            let named = engine.entry("OPTIONS").entry("environment");
            for part in named.alternatives() {
                let name = part.data.as_str().and_then(|path| path.rsplit_once('.'));
                let Some((module, name)) = name else { continue };
                let module = near.and_then(|near| program.imported(near, module));
                let Some(module) = module else { continue };
                let name = program.resolve(module, name);
                let QualifiedName::Project(module, _) = &name else { continue };
                let Some((code, id)) = program.function_code(&name) else { continue };
                Reader::new(program, (*module, code), &mut this).read(id);
            }
        }
        this
    }
}

/// Whether the engines for a language escape: unless there are some, and each of them surely does not.
pub(super) fn escapes(engines: &[SettingRef<'_>]) -> bool {
    let off = |engine: &SettingRef<'_>| {
        let option = engine.entry("OPTIONS").entry("autoescape");
        option.is(|data| Some(*data == Data::Bool(false))).is_always()
    };
    engines.is_empty() || !engines.iter().all(off)
}

/// A function that makes an environment.
struct Reader<'a> {
    program: &'a Program,
    module: ModuleId,
    code: &'a Code,
    found: &'a mut Environment,
    /// The functions that are being read: the one that the settings name, and those that it hands the environment.
    within: Vec<(ModuleId, FunctionId)>,
}

impl<'a> Reader<'a> {
    fn new(
        program: &'a Program,
        (module, code): (ModuleId, &'a Code),
        found: &'a mut Environment,
    ) -> Self {
        Self { program, module, code, found, within: Vec::new() }
    }

    fn read(&mut self, id: FunctionId) {
        let code = self.code;
        let Some(function) = code.function(id) else { return };
        if self.within.len() >= DEEPEST || self.within.contains(&(self.module, id)) {
            return;
        }
        self.within.push((self.module, id));
        code.each_stmt(function.body, &mut |_, stmt| {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt {
                for target in code.exprs(targets) {
                    self.assigned(*target, value);
                }
            }
        });
        code.each_expr(function.body, &mut |_, expr| {
            if let Expr::Call(callee, arguments) = expr {
                let arguments = code.arguments(arguments);
                self.called(callee, arguments);
                self.handed_on(callee, arguments);
            }
        });
        self.within.pop();
    }

    /// `add_filters(env)`: a function of the project that does with the environment what it is handed it for.
    fn handed_on(&mut self, callee: ExprId, arguments: &[Argument]) {
        let is_name = |argument: &Argument| self.code.name(argument.value).is_some();
        if !arguments.iter().any(is_name) {
            return;
        }
        let Some(Own { function: (module, id), .. }) = self.function(callee) else { return };
        let Some(code) = self.program.code(module) else { return };
        let within = std::mem::take(&mut self.within);
        let mut reader = Reader { program: self.program, module, code, found: self.found, within };
        reader.read(id);
        self.within = reader.within;
    }

    /// `@library.filter` and `library.global_function(function)` of django-jinja.
    fn registrations(&mut self) {
        let code = self.code;
        let names = ["filter", "global_function"];
        if !names.iter().any(|name| code.symbol(name).is_some()) {
            return;
        }
        for (id, function) in code.functions() {
            for decorator in code.exprs(function.decorators) {
                let (callee, arguments) = code.call(*decorator).unwrap_or((*decorator, &[]));
                let Some(table) = self.registration(callee) else { continue };
                let given = code.keyword(arguments, "name").and_then(|name| code.string(name));
                let name = given.unwrap_or_else(|| code.text(function.name));
                self.insert(table, name, own(self.module, code, id));
            }
        }
        let mut calls = Vec::new();
        code.each_module_stmt(&mut |_, stmt| {
            if let Stmt::Expr(value) = stmt {
                calls.extend(code.call(value));
            }
        });
        for (callee, arguments) in calls {
            let Some(table) = self.registration(callee) else { continue };
            let function = arguments.iter().find_map(|argument| {
                Some((code.dotted(argument.value)?, self.function(argument.value)?))
            });
            if let Some((name, own)) = function {
                self.insert(table, last_part(&name), own);
            }
        }
    }

    /// The table into which a call of django-jinja puts a function.
    fn registration(&self, callee: ExprId) -> Option<Table> {
        let name = self.program.resolve(self.module, &self.code.dotted(callee)?);
        let QualifiedName::External(name) = name else { return None };
        match &*name {
            "django_jinja.library.filter" => Some(Table::Filters),
            "django_jinja.library.global_function" => Some(Table::Functions),
            _ => None,
        }
    }

    /// `env.filters["name"] = function`, `env.filters = {…}`, `options["autoescape"] = False`.
    fn assigned(&mut self, target: ExprId, value: ExprId) {
        match self.code.expr(target) {
            Expr::Subscript(table, key) => {
                let Some(key) = self.code.string(key) else { return };
                match self.table(table) {
                    Some(table) => self.adds(table, key, value),
                    None => self.says(key, value),
                }
            }
            Expr::Attribute(_, name) => match self.table(target) {
                Some(table) => self.adds_all(table, value),
                None => self.says(self.code.text(name), value),
            },
            _ => {}
        }
    }

    /// `env.globals.update({…}, name=function)`, `options.update(autoescape=False)`, `Environment(autoescape=False)`.
    fn called(&mut self, callee: ExprId, arguments: &[Argument]) {
        let code: &'a Code = self.code;
        let mut table = None;
        match code.expr(callee) {
            Expr::Attribute(of, name) if code.text(name) == "update" => table = self.table(of),
            _ if code.dotted(callee).is_some_and(|name| last_part(&name) == "Environment") => {}
            _ => return,
        }
        for argument in arguments {
            match (table, argument.keyword) {
                (Some(table), Some(name)) => self.adds(table, code.text(name), argument.value),
                (Some(table), None) => self.adds_all(table, argument.value),
                (None, Some(name)) => self.says(code.text(name), argument.value),
                (None, None) => self.says_all(argument.value),
            }
        }
    }

    /// Which table of an environment an expression is.
    fn table(&self, id: ExprId) -> Option<Table> {
        let Expr::Attribute(_, name) = self.code.expr(id) else { return None };
        match self.code.text(name) {
            "filters" => Some(Table::Filters),
            "globals" => Some(Table::Functions),
            _ => None,
        }
    }

    fn adds_all(&mut self, table: Table, values: ExprId) {
        for (key, value) in entries(self.code, values) {
            self.adds(table, key, value);
        }
    }

    fn adds(&mut self, table: Table, name: &str, value: ExprId) {
        if let Some(own) = self.function(value) {
            self.insert(table, name, own);
        }
    }

    fn insert(&mut self, table: Table, name: &str, own: Own) {
        let table = match table {
            Table::Filters => &mut self.found.filters,
            Table::Functions => &mut self.found.functions,
        };
        table.insert(Arc::from(name), own);
    }

    fn says_all(&mut self, values: ExprId) {
        for (key, value) in entries(self.code, values) {
            self.says(key, value);
        }
    }

    /// An option of the environment.
    fn says(&mut self, name: &str, value: ExprId) {
        let off = name == "autoescape" && self.code.bool(value) == Some(false);
        self.found.escapes &= !off;
    }

    /// The function that stands in the one that is read under this name.
    fn inner(&self, value: ExprId) -> Option<FunctionId> {
        let name = self.code.name(value)?;
        let (_, around) = self.within.last()?;
        let path = &self.code.function(*around)?.path;
        self.code.function_at(&format!("{path}.{name}"))
    }

    /// The function of the project that an expression names or is.
    fn function(&self, value: ExprId) -> Option<Own> {
        if let Expr::Lambda(id) = self.code.expr(value) {
            return Some(own(self.module, self.code, id));
        }
        if let Some(id) = self.inner(value) {
            return Some(own(self.module, self.code, id));
        }
        let name = self.program.resolve(self.module, &self.code.dotted(value)?);
        let QualifiedName::Project(module, _) = &name else { return None };
        let (code, id) = self.program.function_code(&name)?;
        Some(own(*module, code, id))
    }
}

fn own(module: ModuleId, code: &Code, id: FunctionId) -> Own {
    let decorators = code.function(id).map(|function| function.decorators).unwrap_or_default();
    let is_passed = code.exprs(decorators).iter().any(|decorator| {
        code.dotted(*decorator).is_some_and(|name| PASSES.contains(&last_part(&name)))
    });
    Own { function: (module, id), is_passed }
}

/// What a dictionary has under constant keys.
fn entries(code: &Code, table: ExprId) -> impl Iterator<Item = (&str, ExprId)> {
    let list = match code.expr(table) {
        Expr::Dict(list) => code.entries(list),
        _ => &[],
    };
    list.iter().filter_map(|(key, value)| Some((code.string((*key)?)?, *value)))
}

/// What is kept by name in an environment.
#[derive(Clone, Copy)]
enum Table {
    Filters,
    Functions,
}
