//! Walks over code in source order.

use super::{Code, Expr, ExprId, List, Stmt, StmtId};

impl Code {
    /// Calls `f` with every statement of a block and of the blocks in it, outer ones first. Bodies
    /// of functions and classes are not entered: they run at another time.
    pub fn each_stmt(&self, block: List, f: &mut impl FnMut(StmtId, Stmt)) {
        for id in self.stmts(block) {
            let stmt = self.stmt(*id);
            f(*id, stmt);
            for inner in self.blocks(stmt) {
                self.each_stmt(inner, f);
            }
        }
    }

    /// The blocks that stand directly in a statement and run with it.
    pub fn blocks(&self, stmt: Stmt) -> Vec<List> {
        match stmt {
            Stmt::If { then, otherwise, .. } => vec![then, otherwise],
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                vec![body, otherwise]
            }
            Stmt::With { body, .. } => vec![body],
            Stmt::Try(at) => self.try_parts(at).map_or_else(Vec::new, |parts| {
                let mut all = vec![parts.body];
                all.extend(parts.handlers.iter().map(|handler| handler.2));
                all.extend([parts.otherwise, parts.finally]);
                all
            }),
            Stmt::Match(at) => self
                .match_parts(at)
                .map_or_else(Vec::new, |parts| parts.cases.iter().map(|case| case.2).collect()),
            _ => Vec::new(),
        }
    }

    /// The expressions that stand directly in a statement, not those of the blocks in it.
    pub fn stmt_exprs(&self, stmt: Stmt) -> Vec<ExprId> {
        match stmt {
            Stmt::Expr(e) | Stmt::Assert(e) => vec![e],
            Stmt::Assign { targets, annotation, value } => {
                let mut all: Vec<ExprId> = value.into_iter().chain(annotation).collect();
                all.extend_from_slice(self.exprs(targets));
                all
            }
            Stmt::Augmented(target, _, value) => vec![target, value],
            Stmt::Return(e) | Stmt::Raise(e) => e.into_iter().collect(),
            Stmt::Delete(list) => self.exprs(list).to_vec(),
            Stmt::If { test, .. } | Stmt::While { test, .. } => vec![test],
            Stmt::For { target, iterable, .. } => vec![iterable, target],
            Stmt::With { items, .. } => self
                .with_items(items)
                .iter()
                .flat_map(|(entered, target)| [Some(*entered), *target])
                .flatten()
                .collect(),
            Stmt::Try(at) => self.try_parts(at).map_or_else(Vec::new, |parts| {
                parts.handlers.iter().filter_map(|handler| handler.0).collect()
            }),
            Stmt::Match(at) => self.match_parts(at).map_or_else(Vec::new, |parts| {
                let cases = parts.cases.iter().flat_map(|(values, guard, _)| {
                    self.exprs(*values).iter().copied().chain(*guard)
                });
                std::iter::once(parts.subject).chain(cases).collect()
            }),
            _ => Vec::new(),
        }
    }

    /// Calls `f` with every expression of a block, of the blocks in it, and of the expressions in
    /// them, outer ones first. Bodies of functions and classes are not entered; lambdas are not either.
    pub fn each_expr(&self, block: List, f: &mut impl FnMut(ExprId, Expr)) {
        for id in self.stmts(block) {
            let stmt = self.stmt(*id);
            for expr in self.stmt_exprs(stmt) {
                self.each_inner(expr, f);
            }
            for inner in self.blocks(stmt) {
                self.each_expr(inner, f);
            }
        }
    }

    /// Calls `f` with an expression and every expression in it, outer ones first.
    pub fn each_inner(&self, id: ExprId, f: &mut impl FnMut(ExprId, Expr)) {
        let expr = self.expr(id);
        f(id, expr);
        for child in self.children(expr) {
            self.each_inner(child, f);
        }
    }

    /// The expressions that stand directly in an expression.
    pub fn children(&self, expr: Expr) -> Vec<ExprId> {
        match expr {
            Expr::Attribute(a, _)
            | Expr::Not(a)
            | Expr::Unary(a)
            | Expr::Await(a)
            | Expr::YieldFrom(a)
            | Expr::Starred(a) => vec![a],
            Expr::Subscript(a, b) | Expr::Binary(a, _, b) | Expr::Walrus(a, b) => vec![a, b],
            Expr::Conditional { test, then, otherwise } => vec![test, then, otherwise],
            Expr::Yield(a) => a.into_iter().collect(),
            Expr::Call(callee, arguments) => {
                let arguments = self.arguments(arguments).iter().map(|argument| argument.value);
                std::iter::once(callee).chain(arguments).collect()
            }
            Expr::Format(list)
            | Expr::List(list)
            | Expr::Tuple(list)
            | Expr::Set(list)
            | Expr::And(list)
            | Expr::Or(list)
            | Expr::Slice(list) => self.exprs(list).to_vec(),
            Expr::Dict(list) => self
                .entries(list)
                .iter()
                .flat_map(|(key, value)| [*key, Some(*value)])
                .flatten()
                .collect(),
            Expr::Compare(left, rest) => {
                let rest = self.comparisons(rest).iter().map(|(_, right)| *right);
                std::iter::once(left).chain(rest).collect()
            }
            Expr::Comprehension(at) => self.comprehension(at).map_or_else(Vec::new, |c| {
                let clauses = c.clauses.iter().flat_map(|(target, iterable, conditions)| {
                    [*iterable, *target].into_iter().chain(self.exprs(*conditions).iter().copied())
                });
                clauses.chain(self.exprs(c.element).iter().copied()).collect()
            }),
            _ => Vec::new(),
        }
    }
}
