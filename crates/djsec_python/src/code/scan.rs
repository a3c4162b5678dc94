//! Passes over all code of a module at once, in the order in which it was lowered, which is near that
//! of the source. For questions about few places in much code: they cost no walk over trees.

use djsec_base::TextSize;

use super::{ClassId, Code, Expr, ExprId, FunctionId, Stmt, StmtId, Symbol};

impl Code {
    /// The symbol of a name or text, if the module has it anywhere: most modules do not, and that
    /// ends most questions.
    pub fn symbol(&self, text: &str) -> Option<Symbol> {
        self.texts.position(text).map(Symbol)
    }

    /// Every expression of the module.
    pub fn all_exprs(&self) -> impl Iterator<Item = (ExprId, Expr)> {
        (0..).map(ExprId).zip(self.exprs.iter().copied())
    }

    /// Every statement of the module.
    pub fn all_stmts(&self) -> impl Iterator<Item = (StmtId, Stmt)> {
        (0..).map(StmtId).zip(self.stmts.iter().copied())
    }

    /// The innermost function around a place, lambdas left out.
    pub fn function_around(&self, at: TextSize) -> Option<FunctionId> {
        let around = self.functions().filter(|(_, function)| {
            function.range.contains(at) && self.text(function.name) != "<lambda>"
        });
        around.min_by_key(|(_, function)| function.range.len()).map(|(id, _)| id)
    }

    /// The innermost class around a place.
    pub fn class_around(&self, at: TextSize) -> Option<ClassId> {
        let around = self.classes().filter(|(_, class)| class.range.contains(at));
        around.min_by_key(|(_, class)| class.range.len()).map(|(id, _)| id)
    }
}
