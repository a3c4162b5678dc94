//! Where a `def` or `class` statement stands. Trees are shared: a copy of every definition, with the methods in
//! it once more, took a third of the time in which a URLconf runs.

use std::fmt;
use std::rc::Rc;

use djsec_base::TextRange;
use djsec_syntax::python::{Ranged, ast};

/// A definition in the tree of its file.
#[derive(Clone)]
pub struct Definition {
    tree: Rc<ast::ModModule>,
    range: TextRange,
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Definition").field(&self.range).finish()
    }
}

impl Ranged for Definition {
    fn range(&self) -> TextRange {
        self.range
    }
}

impl Definition {
    pub(super) fn new(tree: Rc<ast::ModModule>, statement: &impl Ranged) -> Self {
        Self { tree, range: statement.range() }
    }

    /// The function, where it is one.
    pub fn function(&self) -> Option<&ast::StmtFunctionDef> {
        find(&self.tree.body, self.range)?.as_function_def_stmt()
    }

    /// The class, where it is one.
    pub fn class(&self) -> Option<&ast::StmtClassDef> {
        find(&self.tree.body, self.range)?.as_class_def_stmt()
    }
}

/// The definition with a range in a block, or in a block in it.
fn find(mut block: &[ast::Stmt], range: TextRange) -> Option<&ast::Stmt> {
    loop {
        // Statements stand one after the other, but perhaps in a file with mistakes.
        let at = block.partition_point(|stmt| stmt.end() < range.end());
        let covers_it = |stmt: &&ast::Stmt| stmt.range().contains_range(range);
        let stmt = block.get(at).filter(covers_it).or_else(|| block.iter().find(covers_it))?;
        if stmt.range() == range && (stmt.is_function_def_stmt() || stmt.is_class_def_stmt()) {
            return Some(stmt);
        }
        block = blocks(stmt).into_iter().find(|block| covers(block, range))?;
    }
}

fn covers(block: &[ast::Stmt], range: TextRange) -> bool {
    block.first().zip(block.last()).is_some_and(|(first, last)| {
        TextRange::new(first.start(), last.end().max(first.start())).contains_range(range)
    })
}

/// The blocks of a statement.
fn blocks(stmt: &ast::Stmt) -> Vec<&[ast::Stmt]> {
    match stmt {
        ast::Stmt::FunctionDef(it) => vec![&it.body],
        ast::Stmt::ClassDef(it) => vec![&it.body],
        ast::Stmt::For(it) => vec![&it.body, &it.orelse],
        ast::Stmt::While(it) => vec![&it.body, &it.orelse],
        ast::Stmt::With(it) => vec![&it.body],
        ast::Stmt::If(it) => {
            let others = it.elif_else_clauses.iter().map(|clause| &*clause.body);
            std::iter::once(&*it.body).chain(others).collect()
        }
        ast::Stmt::Match(it) => it.cases.iter().map(|case| &*case.body).collect(),
        ast::Stmt::Try(it) => {
            let handlers = it.handlers.iter().map(|handler| match handler {
                ast::ExceptHandler::ExceptHandler(handler) => &*handler.body,
            });
            let own: [&[ast::Stmt]; 3] = [&it.body, &it.orelse, &it.finalbody];
            own.into_iter().chain(handlers).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use djsec_syntax::python;

    use super::*;

    /// Every definition of a file is found where it stands, however deep.
    #[test]
    fn definitions_are_found_in_every_block() {
        let text = "
@wrap
def first(): pass
class A(B):
    x = 1
    def second(self):
        for a in b:
            def third(): pass
        else:
            def fourth(): pass
if a:
    def fifth(): pass
elif b:
    def sixth(): pass
else:
    class C: pass
try:
    def seventh(): pass
except E:
    def eighth(): pass
else:
    def ninth(): pass
finally:
    def tenth(): pass
while a:
    with b: 
        match c:
            case 1: 
                def eleventh(): pass
            case _:
                async def twelfth(): pass
def f(): pass; x = 2
";
        let tree = Rc::new(python::parse(text).tree);
        let mut found = Vec::new();
        each(&tree.body, &mut |stmt| {
            let definition = Definition::new(Rc::clone(&tree), stmt);
            match stmt {
                ast::Stmt::FunctionDef(own) => {
                    assert_eq!(definition.function(), Some(own));
                    assert_eq!(definition.class(), None);
                    found.push(own.name.as_str());
                }
                ast::Stmt::ClassDef(own) => {
                    assert_eq!(definition.class(), Some(own));
                    assert_eq!(definition.function(), None);
                    found.push(own.name.as_str());
                }
                _ => assert_eq!((definition.function(), definition.class()), (None, None)),
            }
        });
        assert_eq!(found.len(), 15, "{found:?}");
    }

    /// Another tree has nothing there.
    #[test]
    fn nothing_is_found_in_another_tree() {
        let one = python::parse("def first(): pass\n").tree;
        let other = Rc::new(python::parse("x = 1\n").tree);
        let stmt = one.body.first().expect("a statement");
        let definition = Definition::new(other, stmt);
        assert_eq!(definition.function(), None);
    }

    fn each<'t>(block: &'t [ast::Stmt], look: &mut dyn FnMut(&'t ast::Stmt)) {
        for stmt in block {
            look(stmt);
            for inner in blocks(stmt) {
                each(inner, look);
            }
        }
    }
}
