//! The walk over a tree whose code nobody asks for yet: takes notes, and keeps nothing else.

use djsec_syntax::python::ast;
use djsec_syntax::python::ast::visitor::{Visitor, walk_expr, walk_stmt};

use crate::summary::{Reader, Visited};

/// What is noted of a tree, without its calls.
pub(crate) fn glance(tree: &ast::ModModule, text: &str) -> Visited {
    let mut glance = Glance { reader: Reader::without_calls(text), functions: 0 };
    glance.visit_body(&tree.body);
    glance.reader.finish()
}

struct Glance<'a> {
    reader: Reader<'a>,
    /// How many functions stand around the place.
    functions: usize,
}

impl<'a> Visitor<'a> for Glance<'a> {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        match stmt {
            ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_) => {
                self.reader.import(stmt, self.functions > 0);
            }
            ast::Stmt::FunctionDef(_) => {
                // Decorators and parameters are no statements: what is imported is in the body.
                self.functions += 1;
                walk_stmt(self, stmt);
                self.functions -= 1;
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        match expr {
            ast::Expr::Name(name) => {
                if name.ctx.is_load() {
                    self.reader.mention(name.id.as_str());
                }
            }
            ast::Expr::StringLiteral(text) => self.reader.text(text.value.to_str()),
            ast::Expr::Attribute(attribute) => {
                self.reader.attribute(attribute);
                self.visit_expr(&attribute.value);
            }
            ast::Expr::Call(call) => {
                self.reader.call(call);
                walk_expr(self, expr);
            }
            _ => walk_expr(self, expr),
        }
    }
}
