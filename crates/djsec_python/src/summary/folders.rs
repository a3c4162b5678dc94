//! Edits of `sys.path`: which folders a module adds to where imports are searched.
//!
//! Projects write `sys.path.insert(0, os.path.join(BASE_DIR, "apps"))` in `manage.py`, `wsgi.py` or
//! their settings. Paths are evaluated as far as they are made of `__file__`, literals, and the
//! path functions of the standard library.

use djsec_base::{Utf8Path, Utf8PathBuf};
use djsec_syntax::python::ast;
use djsec_syntax::python::ast::visitor::{self, Visitor};
use rustc_hash::FxHashMap;

use super::expression::string;

/// A folder added to `sys.path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathEdit {
    /// Relative to the audited tree.
    InTree(Utf8PathBuf),
    /// Relative to wherever the program is started.
    FromStart(Utf8PathBuf),
}

impl PathEdit {
    fn map(self, change: impl FnOnce(Utf8PathBuf) -> Option<Utf8PathBuf>) -> Option<Self> {
        match self {
            Self::InTree(path) => change(path).map(Self::InTree),
            Self::FromStart(path) => change(path).map(Self::FromStart),
        }
    }

    fn join(self, part: &str) -> Option<Self> {
        self.map(|path| joined(&path, part))
    }

    fn parent(self, levels: usize) -> Option<Self> {
        self.map(|path| joined(&path, &"../".repeat(levels.min(MOST_LEVELS))))
    }
}

/// Nobody climbs further; it also bounds the recursion over path expressions.
const MOST_LEVELS: usize = 50;

/// Every folder that the module adds to `sys.path`, in source order.
pub(super) fn path_edits(body: &[ast::Stmt], file: &Utf8Path) -> Vec<PathEdit> {
    let mut paths = Paths { file, names: FxHashMap::default(), edits: Vec::new() };
    paths.visit_body(body);
    paths.edits
}

/// `base/part` with `.` and `..` worked out; `None` when it leaves the tree or is absolute.
pub(crate) fn joined(base: &Utf8Path, part: &str) -> Option<Utf8PathBuf> {
    if part.starts_with('/') {
        return None;
    }
    let mut path = base.to_owned();
    for step in part.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                if !path.pop() {
                    return None;
                }
            }
            step => path.push(step),
        }
    }
    Some(path)
}

struct Paths<'a> {
    file: &'a Utf8Path,
    /// Variables that hold paths, of all scopes together.
    names: FxHashMap<&'a str, PathEdit>,
    edits: Vec<PathEdit>,
}

impl Paths<'_> {
    fn add(&mut self, expr: &ast::Expr) {
        self.edits.extend(self.path(expr, 0));
    }

    fn add_all(&mut self, expr: &ast::Expr) {
        if let ast::Expr::List(ast::ExprList { elts, .. })
        | ast::Expr::Tuple(ast::ExprTuple { elts, .. }) = expr
        {
            for element in elts {
                self.add(element);
            }
        }
    }

    fn path(&self, expr: &ast::Expr, depth: usize) -> Option<PathEdit> {
        if depth > MOST_LEVELS {
            return None;
        }
        let inner = |expr: &ast::Expr| self.path(expr, depth + 1);
        match expr {
            ast::Expr::Name(name) if name.id.as_str() == "__file__" => {
                Some(PathEdit::InTree(self.file.to_owned()))
            }
            ast::Expr::Name(name) => self.names.get(name.id.as_str()).cloned(),
            ast::Expr::StringLiteral(literal) => {
                joined(Utf8Path::new(""), literal.value.to_str()).map(PathEdit::FromStart)
            }
            ast::Expr::Attribute(attribute) if attribute.attr.as_str() == "parent" => {
                inner(&attribute.value)?.parent(1)
            }
            // `path.parents[n]`
            ast::Expr::Subscript(subscript) => match &*subscript.value {
                ast::Expr::Attribute(parents) if parents.attr.as_str() == "parents" => {
                    inner(&parents.value)?.parent(number(&subscript.slice)?.checked_add(1)?)
                }
                _ => None,
            },
            ast::Expr::BinOp(operation) => {
                let left = inner(&operation.left)?;
                match operation.op {
                    ast::Operator::Div => left.join(string(&operation.right)?),
                    ast::Operator::Add => left.join(string(&operation.right)?.strip_prefix('/')?),
                    // `environ.Path(__file__) - 2`
                    ast::Operator::Sub => left.parent(number(&operation.right)?),
                    _ => None,
                }
            }
            ast::Expr::Call(call) => self.call(call, depth + 1),
            _ => None,
        }
    }

    fn call(&self, call: &ast::ExprCall, depth: usize) -> Option<PathEdit> {
        let arguments = &*call.arguments.args;
        let (object, function) = match &*call.func {
            ast::Expr::Attribute(attribute) => (Some(&*attribute.value), attribute.attr.as_str()),
            ast::Expr::Name(name) => (None, name.id.as_str()),
            _ => return None,
        };
        let first = || self.path(arguments.first()?, depth);
        let append = |start: Option<PathEdit>, parts: &[ast::Expr]| {
            parts.iter().try_fold(start?, |path, part| path.join(string(part)?))
        };
        match function {
            "abspath" | "realpath" | "normpath" | "str" | "fspath" => first(),
            "Path" | "PurePath" | "join" => append(first(), arguments.get(1..)?),
            "dirname" => first()?.parent(1),
            "resolve" | "absolute" | "as_posix" | "expanduser" => self.path(object?, depth),
            "joinpath" => append(self.path(object?, depth), arguments),
            "getcwd" | "cwd" => Some(PathEdit::FromStart(Utf8PathBuf::new())),
            // `root = environ.Path(__file__) - 1; root("apps")`
            _ if object.is_none() => append(self.names.get(function).cloned(), arguments),
            _ => None,
        }
    }
}

impl<'a> Visitor<'a> for Paths<'a> {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        match stmt {
            ast::Stmt::Assign(assign) => {
                if let [ast::Expr::Name(name)] = assign.targets.as_slice() {
                    match self.path(&assign.value, 0) {
                        Some(path) => self.names.insert(name.id.as_str(), path),
                        None => self.names.remove(name.id.as_str()),
                    };
                }
                if let [target] = assign.targets.as_slice()
                    && is_sys_path(target)
                {
                    // `sys.path = [folder] + sys.path`
                    match &*assign.value {
                        ast::Expr::BinOp(sum) => {
                            self.add_all(&sum.left);
                            self.add_all(&sum.right);
                        }
                        value => self.add_all(value),
                    }
                }
            }
            ast::Stmt::AugAssign(assign) if is_sys_path(&assign.target) => {
                self.add_all(&assign.value);
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        if let ast::Expr::Call(call) = expr
            && let ast::Expr::Attribute(method) = &*call.func
        {
            match (method.attr.as_str(), &*call.arguments.args) {
                ("insert", [_, folder]) | ("append", [folder]) if is_sys_path(&method.value) => {
                    self.add(folder);
                }
                ("extend", [folders]) if is_sys_path(&method.value) => self.add_all(folders),
                ("addsitedir", [folder, ..]) => self.add(folder),
                _ => {}
            }
        }
        visitor::walk_expr(self, expr);
    }
}

fn is_sys_path(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Attribute(attribute) => {
            attribute.attr.as_str() == "path"
                && matches!(&*attribute.value, ast::Expr::Name(name) if name.id.as_str() == "sys")
        }
        // `sys.path[0:0] = […]`
        ast::Expr::Subscript(subscript) => is_sys_path(&subscript.value),
        _ => false,
    }
}

fn number(expr: &ast::Expr) -> Option<usize> {
    match expr {
        ast::Expr::NumberLiteral(ast::ExprNumberLiteral {
            value: ast::Number::Int(value), ..
        }) => value.as_usize(),
        _ => None,
    }
}
