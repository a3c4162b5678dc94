//! Statements of a syntax tree into the arenas.

use djsec_base::TextRange;
use djsec_syntax::python::{Ranged, ast};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::lower_expr::operator;
use super::{
    Argument, Class, ClassId, Code, Expr, ExprId, Function, FunctionId, List, Parameter,
    ParameterKind, Stmt, StmtId, Symbol, Try,
};
use crate::summary::{Condition, Reader, Visited, import_bindings};

/// Lowers a module.
pub(super) fn lower(tree: &ast::ModModule, text: &str) -> (Code, Visited) {
    let names = text.len() / BYTES_A_NAME;
    let mut lower = Lower {
        code: Code::with_room(text.len()),
        reader: Reader::new(text),
        symbols: FxHashMap::with_capacity_and_hasher(names, FxBuildHasher),
        scopes: Vec::new(),
        functions: 0,
        open: Open::default(),
    };
    lower.code.body = lower.block(&tree.body);
    (lower.code.indexed(), lower.reader.finish())
}

/// Bytes of source for each name that is used for the first time, in code that people write.
const BYTES_A_NAME: usize = 80;

impl Code {
    /// With room for what a source of this many bytes usually has, so that lists seldom have to grow.
    fn with_room(bytes: usize) -> Self {
        let mut code = Self::default();
        code.exprs.reserve(bytes / 12);
        code.expr_ranges.reserve(bytes / 12);
        code.stmts.reserve(bytes / 48);
        code.stmt_ranges.reserve(bytes / 48);
        code.stmt_lists.reserve(bytes / 48);
        code.expr_lists.reserve(bytes / 48);
        code.arguments.reserve(bytes / 48);
        code.texts.reserve(bytes / BYTES_A_NAME);
        code
    }
}

/// What stands around the statement being lowered.
#[derive(Clone, Copy)]
enum Scope {
    Function(FunctionId),
    Class(ClassId),
}

/// Lists that are being filled; inner ones stand above outer ones.
#[derive(Default)]
pub(super) struct Open {
    pub(super) exprs: Vec<ExprId>,
    pub(super) stmts: Vec<StmtId>,
    pub(super) arguments: Vec<Argument>,
    pub(super) entries: Vec<(Option<ExprId>, ExprId)>,
}

/// Moves what stands above `mark` into the arena.
fn close<T>(open: &mut Vec<T>, mark: usize, arena: &mut Vec<T>) -> List {
    let start = length(arena);
    arena.extend(open.drain(mark.min(open.len())..));
    List { start, length: length(arena).saturating_sub(start) }
}

pub(super) struct Lower<'a> {
    pub(super) code: Code,
    pub(super) reader: Reader<'a>,
    symbols: FxHashMap<&'a str, Symbol>,
    scopes: Vec<Scope>,
    /// How many functions stand around the place; lambdas do not count.
    functions: usize,
    pub(super) open: Open,
}

pub(super) fn length<T>(arena: &[T]) -> u32 {
    u32::try_from(arena.len()).unwrap_or(u32::MAX)
}

impl<'a> Lower<'a> {
    pub(super) fn symbol(&mut self, text: &'a str) -> Symbol {
        let texts = &mut self.code.texts;
        *self.symbols.entry(text).or_insert_with(|| Symbol(texts.add(text)))
    }

    pub(super) fn push(&mut self, expr: Expr, range: TextRange) -> ExprId {
        let id = ExprId(length(&self.code.exprs));
        self.code.exprs.push(expr);
        self.code.expr_ranges.push(range);
        id
    }

    /// The list of the expressions opened since `mark`.
    pub(super) fn expr_list(&mut self, mark: usize) -> List {
        close(&mut self.open.exprs, mark, &mut self.code.expr_lists)
    }

    pub(super) fn argument_list(&mut self, mark: usize) -> List {
        close(&mut self.open.arguments, mark, &mut self.code.arguments)
    }

    pub(super) fn entry_list(&mut self, mark: usize) -> List {
        close(&mut self.open.entries, mark, &mut self.code.entries)
    }

    fn push_stmt(&mut self, stmt: Stmt, range: TextRange) -> StmtId {
        let id = StmtId(length(&self.code.stmts));
        self.code.stmts.push(stmt);
        self.code.stmt_ranges.push(range);
        id
    }

    pub(super) fn block(&mut self, body: &'a [ast::Stmt]) -> List {
        let mark = self.open.stmts.len();
        for stmt in body {
            let id = self.stmt(stmt);
            self.open.stmts.push(id);
        }
        close(&mut self.open.stmts, mark, &mut self.code.stmt_lists)
    }

    /// A block of one statement.
    fn stmt_list(&mut self, id: StmtId) -> List {
        let start = length(&self.code.stmt_lists);
        self.code.stmt_lists.push(id);
        List { start, length: 1 }
    }

    fn stmt(&mut self, stmt: &'a ast::Stmt) -> StmtId {
        let lowered = match stmt {
            ast::Stmt::Expr(s) => Stmt::Expr(self.expr(&s.value)),
            ast::Stmt::Assign(s) => {
                let value = Some(self.expr(&s.value));
                let targets = self.exprs(&s.targets);
                Stmt::Assign { targets, annotation: None, value }
            }
            ast::Stmt::AnnAssign(s) => {
                let value = s.value.as_deref().map(|value| self.expr(value));
                let target = self.expr(&s.target);
                let annotation = Some(self.expr(&s.annotation));
                let mark = self.open.exprs.len();
                self.open.exprs.push(target);
                Stmt::Assign { targets: self.expr_list(mark), annotation, value }
            }
            ast::Stmt::AugAssign(s) => {
                let target = self.expr(&s.target);
                Stmt::Augmented(target, operator(s.op), self.expr(&s.value))
            }
            ast::Stmt::Return(s) => Stmt::Return(s.value.as_deref().map(|v| self.expr(v))),
            ast::Stmt::Raise(s) => {
                let raised = s.exc.as_deref().map(|v| self.expr(v));
                self.walk(s.cause.as_deref());
                Stmt::Raise(raised)
            }
            ast::Stmt::Assert(s) => {
                let test = self.expr(&s.test);
                self.walk(s.msg.as_deref());
                Stmt::Assert(test)
            }
            ast::Stmt::Delete(s) => Stmt::Delete(self.exprs(&s.targets)),
            ast::Stmt::FunctionDef(s) => Stmt::Function(self.function(s)),
            ast::Stmt::ClassDef(s) => Stmt::Class(self.class(s)),
            ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_) => self.import(stmt),
            ast::Stmt::Global(s) => {
                let names = self.names(&s.names);
                self.note_globals(names);
                Stmt::Global(names)
            }
            ast::Stmt::Nonlocal(s) => Stmt::Nonlocal(self.names(&s.names)),
            ast::Stmt::Break(_) => Stmt::Break,
            ast::Stmt::Continue(_) => Stmt::Continue,
            _ => self.compound(stmt),
        };
        self.push_stmt(lowered, stmt.range())
    }

    fn compound(&mut self, stmt: &'a ast::Stmt) -> Stmt {
        match stmt {
            ast::Stmt::If(s) => {
                let test = self.expr(&s.test);
                let then = self.block(&s.body);
                Stmt::If { test, then, otherwise: self.otherwise(&s.elif_else_clauses) }
            }
            ast::Stmt::For(s) => {
                let iterable = self.expr(&s.iter);
                let target = self.expr(&s.target);
                let body = self.block(&s.body);
                Stmt::For { target, iterable, body, otherwise: self.block(&s.orelse) }
            }
            ast::Stmt::While(s) => {
                let test = self.expr(&s.test);
                let body = self.block(&s.body);
                Stmt::While { test, body, otherwise: self.block(&s.orelse) }
            }
            ast::Stmt::With(s) => self.with(s),
            ast::Stmt::Try(s) => self.try_statement(s),
            ast::Stmt::Match(s) => self.match_statement(s),
            ast::Stmt::TypeAlias(s) => {
                self.type_parameters(s.type_params.as_deref());
                self.walk(Some(&s.value));
                Stmt::Pass
            }
            _ => Stmt::Pass,
        }
    }

    /// `elif` and `else`: an `if` in the other branch, as Python's own grammar has it.
    fn otherwise(&mut self, clauses: &'a [ast::ElifElseClause]) -> List {
        let Some((first, rest)) = clauses.split_first() else { return List::default() };
        let Some(test) = &first.test else { return self.block(&first.body) };
        let test = self.expr(test);
        let then = self.block(&first.body);
        let otherwise = self.otherwise(rest);
        let id = self.push_stmt(Stmt::If { test, then, otherwise }, first.range);
        self.stmt_list(id)
    }

    fn with(&mut self, s: &'a ast::StmtWith) -> Stmt {
        let items: Vec<_> = s
            .items
            .iter()
            .map(|item| {
                let entered = self.expr(&item.context_expr);
                (entered, item.optional_vars.as_deref().map(|target| self.expr(target)))
            })
            .collect();
        let start = length(&self.code.with_items);
        self.code.with_items.extend_from_slice(&items);
        let items = List { start, length: length(&items) };
        Stmt::With { items, body: self.block(&s.body) }
    }

    fn try_statement(&mut self, s: &'a ast::StmtTry) -> Stmt {
        let body = self.block(&s.body);
        let handlers = s
            .handlers
            .iter()
            .map(|ast::ExceptHandler::ExceptHandler(handler)| {
                let kind = handler.type_.as_deref().map(|kind| self.expr(kind));
                let name = handler.name.as_ref().map(|name| self.symbol(name.as_str()));
                (kind, name, self.block(&handler.body))
            })
            .collect();
        let otherwise = self.block(&s.orelse);
        let parts = Try { body, handlers, otherwise, finally: self.block(&s.finalbody) };
        self.code.tries.push(parts);
        Stmt::Try(length(&self.code.tries) - 1)
    }

    /// Walks over an expression that the code has no place for.
    pub(super) fn walk(&mut self, expr: Option<&'a ast::Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn type_parameters(&mut self, parameters: Option<&'a ast::TypeParams>) {
        for parameter in parameters.into_iter().flat_map(|all| &all.type_params) {
            if let ast::TypeParam::TypeVar(variable) = parameter {
                self.walk(variable.bound.as_deref());
            }
            let default = match parameter {
                ast::TypeParam::TypeVar(p) => p.default.as_deref(),
                ast::TypeParam::TypeVarTuple(p) => p.default.as_deref(),
                ast::TypeParam::ParamSpec(p) => p.default.as_deref(),
            };
            self.walk(default);
        }
    }

    /// Imports of functions are kept with them; those of modules stand in the summary. A name that is
    /// imported under another one is a name of the module, too: whoever asks for it has to be led here.
    fn import(&mut self, stmt: &'a ast::Stmt) -> Stmt {
        self.reader.import(stmt, self.functions > 0);
        if let ast::Stmt::ImportFrom(import) = stmt {
            for alias in import.names.iter().filter(|alias| alias.asname.is_some()) {
                self.symbol(alias.name.as_str());
            }
        }
        let (_, around) = self.around();
        if let Some(function) = around.and_then(|id| self.code.functions.get_mut(id.0 as usize)) {
            import_bindings(stmt, Condition::Always, &mut function.imports);
        }
        Stmt::Import
    }

    fn around(&self) -> (Option<ClassId>, Option<FunctionId>) {
        let class = match self.scopes.last() {
            Some(Scope::Class(id)) => Some(*id),
            _ => None,
        };
        let function = self.scopes.iter().rev().find_map(|scope| match scope {
            Scope::Function(id) => Some(*id),
            Scope::Class(_) => None,
        });
        (class, function)
    }

    fn path(&self, name: &str) -> Box<str> {
        let outer = match self.scopes.last() {
            Some(Scope::Class(id)) => self.code.class(*id).map(|class| &class.path),
            Some(Scope::Function(id)) => self.code.function(*id).map(|function| &function.path),
            None => None,
        };
        outer.map_or_else(|| name.into(), |outer| format!("{outer}.{name}").into())
    }

    fn function(&mut self, s: &'a ast::StmtFunctionDef) -> FunctionId {
        let decorators = self.decorators(&s.decorator_list);
        self.type_parameters(s.type_params.as_deref());
        let parameters = self.parameters(&s.parameters);
        let returns = s.returns.as_deref().map(|returns| self.expr(returns));
        let path = self.path(s.name.as_str());
        let (class, parent) = self.around();
        let id = FunctionId(length(&self.code.functions));
        let function = Function {
            name: self.symbol(s.name.as_str()),
            path,
            parameters,
            decorators,
            returns,
            body: List::default(),
            imports: Vec::new(),
            is_async: s.is_async,
            is_generator: false,
            class,
            parent,
            range: s.range,
            name_range: s.name.range,
        };
        self.code.functions.push(function);
        self.scopes.push(Scope::Function(id));
        self.functions += 1;
        let outside = self.reader.enter(s.name.as_str());
        let body = self.block(&s.body);
        self.reader.leave(&outside);
        self.functions -= 1;
        self.scopes.pop();
        if let Some(function) = self.code.functions.get_mut(id.0 as usize) {
            function.body = body;
        }
        id
    }

    /// A lambda is a function that returns.
    pub(super) fn lambda(&mut self, e: &'a ast::ExprLambda) -> FunctionId {
        let parameters = e.parameters.as_deref().map(|p| self.parameters(p)).unwrap_or_default();
        let path = self.path("<lambda>");
        let (class, parent) = self.around();
        let id = FunctionId(length(&self.code.functions));
        let function = Function {
            name: self.symbol("<lambda>"),
            path,
            parameters,
            decorators: List::default(),
            returns: None,
            body: List::default(),
            imports: Vec::new(),
            is_async: false,
            is_generator: false,
            class,
            parent,
            range: e.range,
            name_range: e.range,
        };
        self.code.functions.push(function);
        self.scopes.push(Scope::Function(id));
        let value = self.expr(&e.body);
        self.scopes.pop();
        let returned = self.push_stmt(Stmt::Return(Some(value)), e.body.range());
        let body = self.stmt_list(returned);
        if let Some(function) = self.code.functions.get_mut(id.0 as usize) {
            function.body = body;
        }
        id
    }

    /// Something is yielded here: the function around it is a generator.
    pub(super) fn yields(&mut self) {
        if let Some(Scope::Function(id)) = self.scopes.last()
            && let Some(function) = self.code.functions.get_mut(id.0 as usize)
        {
            function.is_generator = true;
        }
    }

    fn decorators(&mut self, decorators: &'a [ast::Decorator]) -> List {
        let mark = self.open.exprs.len();
        for decorator in decorators {
            let id = self.expr(&decorator.expression);
            self.open.exprs.push(id);
        }
        self.expr_list(mark)
    }

    fn parameters(&mut self, parameters: &'a ast::Parameters) -> Vec<Parameter> {
        let mut all = Vec::with_capacity(parameters.len());
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        for parameter in positional {
            all.push(self.parameter(parameter, ParameterKind::Positional));
        }
        if let Some(rest) = &parameters.vararg {
            all.push(self.plain_parameter(rest, ParameterKind::Variadic, None));
        }
        for parameter in &parameters.kwonlyargs {
            all.push(self.parameter(parameter, ParameterKind::Keyword));
        }
        if let Some(rest) = &parameters.kwarg {
            all.push(self.plain_parameter(rest, ParameterKind::VariadicKeyword, None));
        }
        all
    }

    fn parameter(&mut self, p: &'a ast::ParameterWithDefault, kind: ParameterKind) -> Parameter {
        let default = p.default.as_deref().map(|default| self.expr(default));
        self.plain_parameter(&p.parameter, kind, default)
    }

    fn plain_parameter(
        &mut self,
        p: &'a ast::Parameter,
        kind: ParameterKind,
        default: Option<ExprId>,
    ) -> Parameter {
        let annotation = p.annotation.as_deref().map(|annotation| self.expr(annotation));
        Parameter { name: self.symbol(p.name.as_str()), kind, annotation, default }
    }

    fn class(&mut self, s: &'a ast::StmtClassDef) -> ClassId {
        let decorators = self.decorators(&s.decorator_list);
        self.type_parameters(s.type_params.as_deref());
        let (bases, keywords) = match s.arguments.as_deref() {
            Some(arguments) => (self.exprs(&arguments.args), self.keywords(arguments)),
            None => (List::default(), List::default()),
        };
        let path = self.path(s.name.as_str());
        let (class, parent) = self.around();
        let id = ClassId(length(&self.code.classes));
        let lowered = Class {
            name: self.symbol(s.name.as_str()),
            path,
            bases,
            keywords,
            decorators,
            body: List::default(),
            class,
            parent,
            range: s.range,
            name_range: s.name.range,
        };
        self.code.classes.push(lowered);
        self.scopes.push(Scope::Class(id));
        let outside = self.reader.enter(s.name.as_str());
        let body = self.block(&s.body);
        self.reader.leave(&outside);
        self.scopes.pop();
        if let Some(class) = self.code.classes.get_mut(id.0 as usize) {
            class.body = body;
        }
        id
    }
}
