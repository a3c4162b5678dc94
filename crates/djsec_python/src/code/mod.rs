//! The code of one module in a compact form that outlives its syntax tree.
//!
//! Expressions, statements and lists of them stand in arenas and are named by small ids; names and
//! texts are interned per module. Nothing is lost that an analysis asks for, and nothing is decided:
//! names are as written, to be resolved through [`crate::Program`]. Ids are only good in the
//! [`Code`] that gave them; an id from elsewhere gives [`Expr::Other`] or [`Stmt::Pass`].

mod ask;
mod glance;
mod lower;
mod lower_expr;
mod lower_pattern;
mod pattern;
mod scan;
#[cfg(test)]
mod tests;
mod walk;

use djsec_base::TextRange;
use djsec_syntax::python::ast;

pub(crate) use self::glance::glance;
pub use self::pattern::{Bind, Part, Pattern};
use crate::names::Names;
use crate::summary::Visited;

/// An expression of a [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(u32);

impl ExprId {
    /// An expression that stands nowhere, in no [`Code`].
    pub const NOWHERE: Self = Self(u32::MAX);
}

/// A statement of a [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StmtId(u32);

/// A function, method or lambda of a [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// A class of a [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u32);

/// An interned name or text of a [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

/// A run of entries in one of the arenas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct List {
    start: u32,
    length: u32,
}

impl List {
    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.length == 0
    }

    fn of<T>(self, arena: &[T]) -> &[T] {
        let start = self.start as usize;
        arena.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// One expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expr {
    /// A name.
    Name(Symbol),
    /// `value.name`.
    Attribute(ExprId, Symbol),
    /// `callee(arguments)`; see [`Code::arguments`].
    Call(ExprId, List),
    /// `value[index]`.
    Subscript(ExprId, ExprId),
    /// A text.
    Str(Symbol),
    /// A byte string; what is in it is not kept.
    Bytes,
    /// An integer that fits; others are [`Expr::Other`].
    Int(i64),
    /// A float or complex number.
    Float(f64),
    /// `True` or `False`.
    Bool(bool),
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// An f-string or t-string: its parts, texts and values, in order; see [`Code::exprs`].
    Format(List),
    /// `[a, b]`.
    List(List),
    /// `(a, b)`.
    Tuple(List),
    /// `{a, b}`.
    Set(List),
    /// `{a: b, **c}`; see [`Code::entries`].
    Dict(List),
    /// `a and b and c`.
    And(List),
    /// `a or b or c`.
    Or(List),
    /// `not a`.
    Not(ExprId),
    /// `-a`, `+a`, `~a`.
    Unary(ExprId),
    /// `a + b` and other arithmetic.
    Binary(ExprId, Operator, ExprId),
    /// `a < b < c`: the first operand and what follows; see [`Code::comparisons`].
    Compare(ExprId, List),
    /// `then if test else otherwise`.
    Conditional {
        /// What decides.
        test: ExprId,
        /// The value if it is true.
        then: ExprId,
        /// The value if it is false.
        otherwise: ExprId,
    },
    /// A lambda.
    Lambda(FunctionId),
    /// A comprehension or generator expression; see [`Code::comprehension`].
    Comprehension(u32),
    /// `await a`.
    Await(ExprId),
    /// `yield a` or `yield`.
    Yield(Option<ExprId>),
    /// `yield from a`.
    YieldFrom(ExprId),
    /// `*a`.
    Starred(ExprId),
    /// `a := b`.
    Walrus(ExprId, ExprId),
    /// `a:b:c`; the parts that are there.
    Slice(List),
    /// Something of no interest to any analysis.
    Other,
}

/// An arithmetic operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `%`
    Mod,
    /// `|`
    BitOr,
    /// `&`
    BitAnd,
    /// `/`
    Div,
    /// `*`
    Mult,
    /// `**`, `<<`
    Power,
    /// Any other.
    Other,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `<`, `<=`, `>`, `>=`
    Order,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

/// An argument of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Argument {
    /// The keyword; absent for a positional argument and for `**value`.
    pub keyword: Option<Symbol>,
    /// The value; [`Expr::Starred`] for `*value`.
    pub value: ExprId,
    /// Whether it is `**value`.
    pub spread: bool,
}

/// A comprehension.
#[derive(Debug, Clone, PartialEq)]
pub struct Comprehension {
    /// What each turn gives: one expression, or key and value of a dict.
    pub element: List,
    /// The `for` clauses: target, iterable, conditions.
    pub clauses: Vec<(ExprId, ExprId, List)>,
    /// Which brackets it has.
    pub kind: ComprehensionKind,
}

/// What a comprehension makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)`
    Generator,
}

/// One statement. Blocks are [`List`]s for [`Code::stmts`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stmt {
    /// An expression.
    Expr(ExprId),
    /// `a = b = value`, and `a: annotation = value`.
    Assign {
        /// The targets; see [`Code::exprs`].
        targets: List,
        /// The annotation.
        annotation: Option<ExprId>,
        /// The value; absent for a bare annotation.
        value: Option<ExprId>,
    },
    /// `a += value`.
    Augmented(ExprId, Operator, ExprId),
    /// `return`.
    Return(Option<ExprId>),
    /// `raise`.
    Raise(Option<ExprId>),
    /// `assert`.
    Assert(ExprId),
    /// `del`.
    Delete(List),
    /// `if`; an `elif` is an `if` in `otherwise`.
    If {
        /// What decides.
        test: ExprId,
        /// If it is true.
        then: List,
        /// If it is false.
        otherwise: List,
    },
    /// `for`.
    For {
        /// The loop's variable.
        target: ExprId,
        /// What it runs over.
        iterable: ExprId,
        /// The body.
        body: List,
        /// The `else`.
        otherwise: List,
    },
    /// `while`.
    While {
        /// What decides.
        test: ExprId,
        /// The body.
        body: List,
        /// The `else`.
        otherwise: List,
    },
    /// `with`.
    With {
        /// What is entered, and under which names: see [`Code::with_items`].
        items: List,
        /// The body.
        body: List,
    },
    /// `try`; see [`Code::try_parts`].
    Try(u32),
    /// `match`; see [`Code::match_parts`].
    Match(u32),
    /// A function.
    Function(FunctionId),
    /// A class.
    Class(ClassId),
    /// An import; what it binds stands in the module's summary or in [`Function::imports`].
    Import,
    /// `global`: the names of the module that are meant, as written; see [`Code::exprs`].
    Global(List),
    /// `nonlocal`: the names of a function around this one, in the same way.
    Nonlocal(List),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `pass`, and what has no effect.
    Pass,
}

/// The parts of a `try`; the first three are blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// The body.
    pub body: List,
    /// The handlers: exception (if any), name (if any), block.
    pub handlers: Vec<(Option<ExprId>, Option<Symbol>, List)>,
    /// The `else`.
    pub otherwise: List,
    /// The `finally`.
    pub finally: List,
}

/// The parts of a `match`.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// What is matched.
    pub subject: ExprId,
    /// Values that the pattern names, guard, block.
    pub cases: Vec<(List, Option<ExprId>, List)>,
    /// The pattern of each case, in the same order.
    pub patterns: Vec<Pattern>,
}

/// A function, method or lambda.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name; `<lambda>` for a lambda.
    pub name: Symbol,
    /// Its path in the module: `View.get`, `outer.inner`.
    pub path: Box<str>,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// Decorators, outermost first; see [`Code::exprs`].
    pub decorators: List,
    /// The annotation of what it returns.
    pub returns: Option<ExprId>,
    /// Its block; for a lambda one `return`.
    pub body: List,
    /// Names imported in it: the same as a module's imports.
    pub imports: Vec<crate::Binding>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it yields: what a call gives is gone through, or sent something.
    pub is_generator: bool,
    /// The class it stands in directly.
    pub class: Option<ClassId>,
    /// The function around it.
    pub parent: Option<FunctionId>,
    /// All of it, decorators included.
    pub range: TextRange,
    /// Its name.
    pub name_range: TextRange,
}

/// A parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Symbol,
    /// Which kind.
    pub kind: ParameterKind,
    /// Its annotation.
    pub annotation: Option<ExprId>,
    /// Its default.
    pub default: Option<ExprId>,
}

/// How a parameter takes its argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position, or by position and name.
    Positional,
    /// By name only.
    Keyword,
    /// `*args`.
    Variadic,
    /// `**kwargs`.
    VariadicKeyword,
}

/// A class.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: Symbol,
    /// Its path in the module: `Order.Meta`.
    pub path: Box<str>,
    /// Its bases; see [`Code::exprs`].
    pub bases: List,
    /// Keywords of the statement; see [`Code::arguments`].
    pub keywords: List,
    /// Decorators, outermost first.
    pub decorators: List,
    /// Its block.
    pub body: List,
    /// The class it stands in directly.
    pub class: Option<ClassId>,
    /// The function around it.
    pub parent: Option<FunctionId>,
    /// All of it, decorators included.
    pub range: TextRange,
    /// Its name.
    pub name_range: TextRange,
}

/// The code of one module.
#[derive(Debug, Default)]
pub struct Code {
    exprs: Vec<Expr>,
    expr_ranges: Vec<TextRange>,
    stmts: Vec<Stmt>,
    stmt_ranges: Vec<TextRange>,
    expr_lists: Vec<ExprId>,
    stmt_lists: Vec<StmtId>,
    arguments: Vec<Argument>,
    entries: Vec<(Option<ExprId>, ExprId)>,
    comparisons: Vec<(Comparison, ExprId)>,
    comprehensions: Vec<Comprehension>,
    with_items: Vec<(ExprId, Option<ExprId>)>,
    tries: Vec<Try>,
    matches: Vec<Match>,
    functions: Vec<Function>,
    classes: Vec<Class>,
    /// The names of the module that some function declares `global`.
    globals: Vec<Symbol>,
    texts: Names,
    /// Functions and classes in order of their paths, those of one path in source order.
    functions_by_path: Vec<FunctionId>,
    classes_by_path: Vec<ClassId>,
    /// The names that the module's own statements assign, in order, each with its last value.
    values: Vec<(Symbol, ExprId)>,
    body: List,
}

/// The one walk over a tree: its code, and what was noted on the way. `text` is its source.
pub(crate) fn lower(tree: &ast::ModModule, text: &str) -> (Code, Visited) {
    lower::lower(tree, text)
}

impl Code {
    /// Lowers a tree. `text` is its source.
    pub fn new(tree: &ast::ModModule, text: &str) -> Self {
        lower(tree, text).0
    }

    /// With functions and classes to be found by their paths, and values by their names; to be called when all are
    /// there.
    fn indexed(mut self) -> Self {
        let mut functions: Vec<FunctionId> = self
            .functions()
            .filter(|(_, function)| !function.path.ends_with("<lambda>"))
            .map(|(id, _)| id)
            .collect();
        functions.sort_by_key(|id| (self.function(*id).map(|function| &*function.path), *id));
        let mut classes: Vec<ClassId> = self.classes().map(|(id, _)| id).collect();
        classes.sort_by_key(|id| (self.class(*id).map(|class| &*class.path), *id));
        self.functions_by_path = functions;
        self.classes_by_path = classes;
        self.values = self.assigned();
        self
    }

    /// The module's own statements.
    pub fn body(&self) -> &[StmtId] {
        self.stmts(self.body)
    }

    /// An expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs.get(id.0 as usize).copied().unwrap_or(Expr::Other)
    }

    /// Where an expression stands.
    pub fn expr_range(&self, id: ExprId) -> TextRange {
        self.expr_ranges.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// A statement.
    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts.get(id.0 as usize).copied().unwrap_or(Stmt::Pass)
    }

    /// Where a statement stands.
    pub fn stmt_range(&self, id: StmtId) -> TextRange {
        self.stmt_ranges.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// A list of expressions.
    pub fn exprs(&self, list: List) -> &[ExprId] {
        list.of(&self.expr_lists)
    }

    /// A block.
    pub fn stmts(&self, list: List) -> &[StmtId] {
        list.of(&self.stmt_lists)
    }

    /// The arguments of a call, or the keywords of a class.
    pub fn arguments(&self, list: List) -> &[Argument] {
        list.of(&self.arguments)
    }

    /// The entries of a dict display; no key for `**value`.
    pub fn entries(&self, list: List) -> &[(Option<ExprId>, ExprId)] {
        list.of(&self.entries)
    }

    /// What follows the first operand of a comparison.
    pub fn comparisons(&self, list: List) -> &[(Comparison, ExprId)] {
        list.of(&self.comparisons)
    }

    /// What a `with` enters, and the target after `as`.
    pub fn with_items(&self, list: List) -> &[(ExprId, Option<ExprId>)] {
        list.of(&self.with_items)
    }

    /// A comprehension.
    pub fn comprehension(&self, at: u32) -> Option<&Comprehension> {
        self.comprehensions.get(at as usize)
    }

    /// The parts of a `try`.
    pub fn try_parts(&self, at: u32) -> Option<&Try> {
        self.tries.get(at as usize)
    }

    /// The parts of a `match`.
    pub fn match_parts(&self, at: u32) -> Option<&Match> {
        self.matches.get(at as usize)
    }

    /// A name or text.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.at(symbol.0)
    }

    /// A function by id.
    pub fn function(&self, id: FunctionId) -> Option<&Function> {
        self.functions.get(id.0 as usize)
    }

    /// A class by id.
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id.0 as usize)
    }

    /// The functions, methods and lambdas with their ids, outer ones before inner ones.
    pub fn functions(&self) -> impl Iterator<Item = (FunctionId, &Function)> {
        (0..).map(FunctionId).zip(&self.functions)
    }

    /// The classes with their ids, outer ones before inner ones.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &Class)> {
        (0..).map(ClassId).zip(&self.classes)
    }

    /// The function at a path such as `View.get`; the last definition where there are several.
    pub fn function_at(&self, path: &str) -> Option<FunctionId> {
        let path_of = |id: FunctionId| self.function(id).map_or("", |function| &function.path);
        let end = self.functions_by_path.partition_point(|id| path_of(*id) <= path);
        let last = self.functions_by_path.get(end.checked_sub(1)?).copied()?;
        (path_of(last) == path).then_some(last)
    }

    /// The class at a path such as `Order.Meta`; the last definition where there are several.
    pub fn class_at(&self, path: &str) -> Option<ClassId> {
        let path_of = |id: ClassId| self.class(id).map_or("", |class| &class.path);
        let end = self.classes_by_path.partition_point(|id| path_of(*id) <= path);
        let last = self.classes_by_path.get(end.checked_sub(1)?).copied()?;
        (path_of(last) == path).then_some(last)
    }
}
