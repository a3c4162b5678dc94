//! Walks over code in source order. They make no lists on the way: they are taken over every function
//! that an analysis looks at.

use super::{Code, Expr, ExprId, List, Stmt, StmtId};

impl Code {
    /// Calls `f` with every statement of a block and of the blocks in it, outer ones first. Bodies
    /// of functions and classes are not entered: they run at another time.
    pub fn each_stmt(&self, block: List, f: &mut impl FnMut(StmtId, Stmt)) {
        for id in self.stmts(block) {
            let stmt = self.stmt(*id);
            f(*id, stmt);
            self.each_block(stmt, &mut |inner| self.each_stmt(inner, f));
        }
    }

    /// Calls `f` with each statement that runs when the module is imported, branches and loops included.
    pub fn each_module_stmt(&self, f: &mut impl FnMut(StmtId, Stmt)) {
        self.each_stmt(self.body, f);
    }

    /// Calls `f` with the blocks that stand directly in a statement and run with it.
    pub fn each_block(&self, stmt: Stmt, f: &mut impl FnMut(List)) {
        match stmt {
            Stmt::If { then, otherwise, .. } => {
                f(then);
                f(otherwise);
            }
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                f(body);
                f(otherwise);
            }
            Stmt::With { body, .. } => f(body),
            Stmt::Try(at) => {
                let Some(parts) = self.try_parts(at) else { return };
                f(parts.body);
                parts.handlers.iter().for_each(|handler| f(handler.2));
                f(parts.otherwise);
                f(parts.finally);
            }
            Stmt::Match(at) => {
                let Some(parts) = self.match_parts(at) else { return };
                parts.cases.iter().for_each(|case| f(case.2));
            }
            _ => {}
        }
    }

    /// Calls `f` with the expressions that stand directly in a statement, not with those of the blocks
    /// in it.
    pub fn each_stmt_expr(&self, stmt: Stmt, f: &mut impl FnMut(ExprId)) {
        match stmt {
            Stmt::Expr(e) | Stmt::Assert(e) => f(e),
            Stmt::Assign { targets, annotation, value } => {
                value.into_iter().chain(annotation).for_each(&mut *f);
                self.exprs(targets).iter().copied().for_each(f);
            }
            Stmt::Augmented(target, _, value) => {
                f(target);
                f(value);
            }
            Stmt::Return(e) | Stmt::Raise(e) => e.into_iter().for_each(f),
            Stmt::Delete(list) => self.exprs(list).iter().copied().for_each(f),
            Stmt::If { test, .. } | Stmt::While { test, .. } => f(test),
            Stmt::For { target, iterable, .. } => {
                f(iterable);
                f(target);
            }
            Stmt::With { items, .. } => {
                for (entered, target) in self.with_items(items) {
                    f(*entered);
                    target.iter().copied().for_each(&mut *f);
                }
            }
            Stmt::Try(at) => {
                let Some(parts) = self.try_parts(at) else { return };
                parts.handlers.iter().filter_map(|handler| handler.0).for_each(f);
            }
            Stmt::Match(at) => {
                let Some(parts) = self.match_parts(at) else { return };
                f(parts.subject);
                for (values, guard, _) in &parts.cases {
                    self.exprs(*values).iter().copied().chain(*guard).for_each(&mut *f);
                }
            }
            _ => {}
        }
    }

    /// Calls `f` with every expression of a block, of the blocks in it, and of the expressions in
    /// them, outer ones first. Bodies of functions and classes are not entered; lambdas are not either.
    pub fn each_expr(&self, block: List, f: &mut impl FnMut(ExprId, Expr)) {
        for id in self.stmts(block) {
            let stmt = self.stmt(*id);
            self.each_stmt_expr(stmt, &mut |expr| self.each_inner(expr, f));
            self.each_block(stmt, &mut |inner| self.each_expr(inner, f));
        }
    }

    /// Calls `f` with an expression and every expression in it, outer ones first.
    pub fn each_inner(&self, id: ExprId, f: &mut impl FnMut(ExprId, Expr)) {
        let expr = self.expr(id);
        f(id, expr);
        self.each_child(expr, &mut |child| self.each_inner(child, f));
    }

    /// Calls `f` with the expressions that stand directly in an expression.
    pub fn each_child(&self, expr: Expr, f: &mut impl FnMut(ExprId)) {
        match expr {
            Expr::Attribute(a, _)
            | Expr::Not(a)
            | Expr::Unary(a)
            | Expr::Await(a)
            | Expr::YieldFrom(a)
            | Expr::Starred(a) => f(a),
            Expr::Subscript(a, b) | Expr::Binary(a, _, b) | Expr::Walrus(a, b) => {
                f(a);
                f(b);
            }
            Expr::Conditional { test, then, otherwise } => {
                f(test);
                f(then);
                f(otherwise);
            }
            Expr::Yield(a) => a.into_iter().for_each(f),
            Expr::Call(callee, arguments) => {
                f(callee);
                self.arguments(arguments).iter().for_each(|argument| f(argument.value));
            }
            Expr::Format(list)
            | Expr::List(list)
            | Expr::Tuple(list)
            | Expr::Set(list)
            | Expr::And(list)
            | Expr::Or(list)
            | Expr::Slice(list) => self.exprs(list).iter().copied().for_each(f),
            Expr::Dict(list) => {
                for (key, value) in self.entries(list) {
                    key.iter().copied().for_each(&mut *f);
                    f(*value);
                }
            }
            Expr::Compare(left, rest) => {
                f(left);
                self.comparisons(rest).iter().for_each(|(_, right)| f(*right));
            }
            Expr::Comprehension(at) => {
                let Some(comprehension) = self.comprehension(at) else { return };
                for (target, iterable, conditions) in &comprehension.clauses {
                    f(*iterable);
                    f(*target);
                    self.exprs(*conditions).iter().copied().for_each(&mut *f);
                }
                self.exprs(comprehension.element).iter().copied().for_each(f);
            }
            _ => {}
        }
    }
}
