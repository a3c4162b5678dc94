//! The names bound at module level and in class bodies.

use djsec_base::TextRange;
use djsec_syntax::python::ast;

use super::expression::{dotted, string};
use super::{Binding, BindingKind, ClassSummary, Condition, Exports, ImportTarget, Summary};

/// Fills in the bindings and `__all__` of a module.
pub(super) fn module_level(body: &[ast::Stmt], text: &str, summary: &mut Summary) {
    let mut collector = Collector { text, bindings: Vec::new(), exports: None };
    collector.body(body, Condition::Always);
    summary.bindings = collector.bindings;
    summary.exports = collector.exports;
}

/// The bindings of an import statement.
pub(crate) fn import_bindings(stmt: &ast::Stmt, condition: Condition, out: &mut Vec<Binding>) {
    match stmt {
        ast::Stmt::Import(import) => {
            for alias in &import.names {
                let whole = alias.name.as_str();
                let head = whole.split('.').next().unwrap_or(whole);
                let (name, held) = match &alias.asname {
                    Some(name) => (name.as_str(), whole),
                    None => (head, head),
                };
                let kind = BindingKind::Import(held.into());
                out.push(Binding { name: name.into(), range: alias.range, kind, condition });
            }
        }
        ast::Stmt::ImportFrom(import) => {
            for alias in &import.names {
                let target = ImportTarget {
                    level: import.level,
                    module: import.module.as_ref().map(|module| module.as_str().into()),
                };
                let original = alias.name.as_str();
                let (name, kind) = if original == "*" {
                    ("", BindingKind::Star(target))
                } else {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    (name, BindingKind::From(target, original.into()))
                };
                out.push(Binding { name: name.into(), range: alias.range, kind, condition });
            }
        }
        _ => {}
    }
}

struct Collector<'a> {
    text: &'a str,
    bindings: Vec<Binding>,
    exports: Option<Exports>,
}

impl Collector<'_> {
    fn body(&mut self, body: &[ast::Stmt], condition: Condition) {
        for stmt in body {
            self.stmt(stmt, condition);
        }
    }

    fn bind(&mut self, name: &str, range: TextRange, kind: BindingKind, condition: Condition) {
        self.bindings.push(Binding { name: name.into(), range, kind, condition });
    }

    fn stmt(&mut self, stmt: &ast::Stmt, condition: Condition) {
        let branch = condition.max(Condition::Branch);
        match stmt {
            ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_) => {
                import_bindings(stmt, condition, &mut self.bindings);
            }
            ast::Stmt::FunctionDef(def) => {
                let kind = BindingKind::Function(self.decorators(&def.decorator_list).into());
                self.bind(&def.name, def.range, kind, condition);
            }
            ast::Stmt::ClassDef(def) => {
                let kind = BindingKind::Class(Box::new(self.class(def)));
                self.bind(&def.name, def.range, kind, condition);
            }
            ast::Stmt::Assign(_) | ast::Stmt::AnnAssign(_) | ast::Stmt::AugAssign(_) => {
                self.assignment(stmt, condition);
            }
            ast::Stmt::Expr(stmt) => self.edit_exports(&stmt.value),
            ast::Stmt::If(stmt) => self.branches(stmt, condition),
            ast::Stmt::Try(stmt) => self.attempt(stmt, condition),
            ast::Stmt::With(stmt) => {
                for target in stmt.items.iter().filter_map(|item| item.optional_vars.as_ref()) {
                    self.target(target, None, stmt.range, condition);
                }
                self.body(&stmt.body, condition);
            }
            ast::Stmt::For(stmt) => {
                self.target(&stmt.target, None, stmt.range, branch);
                self.body(&stmt.body, branch);
                self.body(&stmt.orelse, branch);
            }
            ast::Stmt::While(stmt) => {
                self.body(&stmt.body, branch);
                self.body(&stmt.orelse, branch);
            }
            ast::Stmt::Match(stmt) => {
                for case in &stmt.cases {
                    self.body(&case.body, branch);
                }
            }
            _ => {}
        }
    }

    fn branches(&mut self, stmt: &ast::StmtIf, condition: Condition) {
        let typing = |test: &ast::Expr| {
            dotted(test, self.text)
                .is_some_and(|name| name.rsplit('.').next() == Some("TYPE_CHECKING"))
        };
        let (first, rest) = match &*stmt.test {
            test if typing(test) => (condition.max(Condition::TypeChecking), condition),
            ast::Expr::UnaryOp(not) if not.op == ast::UnaryOp::Not && typing(&not.operand) => {
                (condition, condition.max(Condition::TypeChecking))
            }
            _ => (condition.max(Condition::Branch), condition.max(Condition::Branch)),
        };
        self.body(&stmt.body, first);
        for clause in &stmt.elif_else_clauses {
            self.body(&clause.body, rest);
        }
    }

    fn attempt(&mut self, stmt: &ast::StmtTry, condition: Condition) {
        let expects_import_error =
            stmt.handlers.iter().any(|handler| self.catches_import_error(handler));
        let body =
            if expects_import_error { condition.max(Condition::TryImport) } else { condition };
        self.body(&stmt.body, body);
        for handler in &stmt.handlers {
            let caught = if self.catches_import_error(handler) {
                Condition::ImportFailed
            } else {
                Condition::Branch
            };
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.body(&handler.body, condition.max(caught));
        }
        self.body(&stmt.orelse, body);
        self.body(&stmt.finalbody, condition);
    }

    fn catches_import_error(&self, handler: &ast::ExceptHandler) -> bool {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        let catches = |expr: &ast::Expr| {
            dotted(expr, self.text).is_some_and(|name| {
                matches!(
                    name.rsplit('.').next(),
                    Some("ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException")
                )
            })
        };
        match handler.type_.as_deref() {
            None => true,
            Some(ast::Expr::Tuple(tuple)) => tuple.elts.iter().any(catches),
            Some(expr) => catches(expr),
        }
    }

    fn assignment(&mut self, stmt: &ast::Stmt, condition: Condition) {
        match stmt {
            ast::Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if is_all(target) {
                        self.exports = Some(Exports::default());
                        self.add_exports(&assign.value);
                    }
                    self.target(target, Some(&assign.value), assign.range, condition);
                }
            }
            ast::Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    if is_all(&assign.target) {
                        self.exports = Some(Exports::default());
                        self.add_exports(value);
                    }
                    self.target(&assign.target, Some(value), assign.range, condition);
                }
            }
            ast::Stmt::AugAssign(assign) if is_all(&assign.target) => {
                self.add_exports(&assign.value);
            }
            _ => {}
        }
    }

    /// Binds the names of an assignment target.
    fn target(
        &mut self,
        target: &ast::Expr,
        value: Option<&ast::Expr>,
        range: TextRange,
        condition: Condition,
    ) {
        match target {
            ast::Expr::Name(name) => {
                let kind = value.map_or(BindingKind::Other, |value| self.kind_of(value));
                self.bind(&name.id, range, kind, condition);
            }
            ast::Expr::Starred(starred) => self.target(&starred.value, None, range, condition),
            ast::Expr::Tuple(ast::ExprTuple { elts, .. })
            | ast::Expr::List(ast::ExprList { elts, .. }) => {
                let values = match value {
                    Some(
                        ast::Expr::Tuple(ast::ExprTuple { elts: values, .. })
                        | ast::Expr::List(ast::ExprList { elts: values, .. }),
                    ) if values.len() == elts.len()
                        && !values.iter().chain(elts).any(ast::Expr::is_starred_expr) =>
                    {
                        values.as_slice()
                    }
                    _ => &[],
                };
                for (at, element) in elts.iter().enumerate() {
                    self.target(element, values.get(at), range, condition);
                }
            }
            _ => {}
        }
    }

    fn kind_of(&self, value: &ast::Expr) -> BindingKind {
        match value {
            ast::Expr::StringLiteral(literal) => BindingKind::Text(literal.value.to_str().into()),
            ast::Expr::Call(call) => dotted(&call.func, self.text)
                .map_or(BindingKind::Other, |name| BindingKind::Call(name.into())),
            _ => dotted(value, self.text)
                .map_or(BindingKind::Other, |name| BindingKind::Alias(name.into())),
        }
    }

    fn class(&self, def: &ast::StmtClassDef) -> ClassSummary {
        let mut inside = Collector { text: self.text, bindings: Vec::new(), exports: None };
        inside.body(&def.body, Condition::Always);
        let bases = def.arguments.as_ref().map_or(&[][..], |arguments| &arguments.args);
        ClassSummary {
            bases: bases.iter().flat_map(|base| self.bases(base)).collect(),
            decorators: self.decorators(&def.decorator_list),
            attributes: inside.bindings,
        }
    }

    /// The dotted names behind one base: `Base`, `Base[T]`, `with_metaclass(Meta, Base)`, and of a manager that has the
    /// methods of a query (`Manager.from_queryset(Query)`) both.
    fn bases(&self, base: &ast::Expr) -> Vec<Box<str>> {
        let base = match base {
            ast::Expr::Subscript(subscript) => &*subscript.value,
            _ => base,
        };
        if let ast::Expr::Call(call) = base {
            let function = dotted(&call.func, self.text).unwrap_or_default();
            if function.rsplit('.').next() == Some("with_metaclass") {
                let bases = call.arguments.args.iter().skip(1);
                return bases.map(|base| self.name_or_empty(base)).collect();
            }
            if let (Some(manager), Some(query)) =
                (function.strip_suffix(".from_queryset"), call.arguments.args.first())
            {
                return vec![manager.into(), self.name_or_empty(query)];
            }
        }
        vec![self.name_or_empty(base)]
    }

    fn name_or_empty(&self, expr: &ast::Expr) -> Box<str> {
        dotted(expr, self.text).unwrap_or_default().into()
    }

    fn decorators(&self, decorators: &[ast::Decorator]) -> Vec<Box<str>> {
        let name = |decorator: &ast::Decorator| match &decorator.expression {
            ast::Expr::Call(call) => self.name_or_empty(&call.func),
            expression => self.name_or_empty(expression),
        };
        decorators.iter().map(name).collect()
    }

    /// `__all__.extend(…)`, `.append(…)`, `.remove(…)`.
    fn edit_exports(&mut self, expr: &ast::Expr) {
        let ast::Expr::Call(call) = expr else { return };
        let ast::Expr::Attribute(method) = &*call.func else { return };
        let ([argument], true) = (&*call.arguments.args, is_all(&method.value)) else { return };
        match method.attr.as_str() {
            "extend" => self.add_exports(argument),
            "append" => {
                let exports = self.exports.get_or_insert_default();
                match string(argument) {
                    Some(name) => exports.names.push(name.into()),
                    None => exports.partial = true,
                }
            }
            "remove" => {
                let exports = self.exports.get_or_insert_default();
                exports.names.retain(|name| Some(&**name) != string(argument));
            }
            _ => {}
        }
    }

    fn add_exports(&mut self, value: &ast::Expr) {
        let mut exports = self.exports.take().unwrap_or_default();
        let mut rest = vec![value];
        while let Some(expr) = rest.pop() {
            match expr {
                ast::Expr::List(ast::ExprList { elts, .. })
                | ast::Expr::Tuple(ast::ExprTuple { elts, .. }) => {
                    for element in elts {
                        match element {
                            ast::Expr::Starred(starred) => rest.push(&starred.value),
                            _ => match string(element) {
                                Some(name) => exports.names.push(name.into()),
                                None => exports.partial = true,
                            },
                        }
                    }
                }
                ast::Expr::BinOp(sum) if sum.op == ast::Operator::Add => {
                    rest.push(&sum.right);
                    rest.push(&sum.left);
                }
                ast::Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
                    (ast::Expr::Name(name), [argument])
                        if matches!(name.id.as_str(), "list" | "tuple" | "sorted") =>
                    {
                        rest.push(argument);
                    }
                    _ => exports.partial = true,
                },
                ast::Expr::Attribute(attribute) if attribute.attr.as_str() == "__all__" => {
                    match dotted(&attribute.value, self.text) {
                        Some(module) => exports.included.push(module.into()),
                        None => exports.partial = true,
                    }
                }
                ast::Expr::Name(name) if name.id.as_str() == "__all__" => {}
                _ => exports.partial = true,
            }
        }
        self.exports = Some(exports);
    }
}

fn is_all(expr: &ast::Expr) -> bool {
    matches!(expr, ast::Expr::Name(name) if name.id.as_str() == "__all__")
}
