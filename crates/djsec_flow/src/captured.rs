//! Names of a function that functions in it share and change: a list that one fills and another reads.

use djsec_base::{Files, Utf8Path};
use djsec_django::project::own_modules;
use djsec_python::code::{Code, Expr, ExprId, Function, FunctionId, Stmt, Symbol};
use djsec_python::{ModuleId, Program};
use rustc_hash::FxHashMap;

/// Methods that put something into what they are called on.
const FILLING: &[&str] = &[
    "add",
    "append",
    "appendleft",
    "extend",
    "insert",
    "push",
    "put",
    "setdefault",
    "update",
    "write",
    "writelines",
];

/// The shared names that each inner function mentions, in a fixed order.
#[derive(Debug, Default)]
pub(crate) struct Captured(FxHashMap<(ModuleId, FunctionId), Box<[Symbol]>>);

impl Captured {
    /// The names of the functions around a function that functions in these share and change.
    pub(crate) fn of(&self, module: ModuleId, function: FunctionId) -> &[Symbol] {
        if self.0.is_empty() {
            return &[];
        }
        self.0.get(&(module, function)).map_or(&[], |names| names)
    }

    pub(crate) fn new(files: &Files, program: &Program, root: &Utf8Path) -> Self {
        let mut this = Self::default();
        for (module, found) in own_modules(files, program, root) {
            if let Some(code) = found.code() {
                this.add(module, code);
            }
        }
        this
    }

    /// Adds what the functions of a module share.
    fn add(&mut self, module: ModuleId, code: &Code) {
        let inner = || code.functions().filter(|(_, function)| function.parent.is_some());
        let mut shared: Vec<(FunctionId, Symbol)> = Vec::new();
        for (_, function) in inner() {
            changed(code, function, &mut |name| {
                let owner = owner(code, function, name).map(|owner| (owner, name));
                shared.extend(owner.filter(|owner| !shared.contains(owner)));
            });
        }
        if shared.is_empty() {
            return;
        }
        for (id, function) in inner() {
            let mut names: Vec<Symbol> = Vec::new();
            mentioned(code, function, &mut |name| {
                let of = |(around, known): &(FunctionId, Symbol)| {
                    *known == name && owner(code, function, name) == Some(*around)
                };
                if !names.contains(&name) && shared.iter().any(of) {
                    names.push(name);
                }
            });
            if !names.is_empty() {
                names.sort_unstable();
                self.0.insert((module, id), names.into());
            }
        }
    }
}

/// Whether a function stands in another, however deep.
pub(crate) fn is_within(code: &Code, function: FunctionId, around: FunctionId) -> bool {
    let parent = |id: &FunctionId| code.function(*id)?.parent;
    std::iter::successors(parent(&function), parent).any(|id| id == around)
}

/// The function around this one whose name it is; none where this one binds it itself.
fn owner(code: &Code, function: &Function, name: Symbol) -> Option<FunctionId> {
    if binds(code, function, name) {
        return None;
    }
    let parent = |id: &FunctionId| code.function(*id)?.parent;
    let mut around = std::iter::successors(function.parent, parent);
    around.find(|id| code.function(*id).is_some_and(|function| binds(code, function, name)))
}

/// Whether a name is one of a function's own.
fn binds(code: &Code, function: &Function, name: Symbol) -> bool {
    if function.parameters.iter().any(|parameter| parameter.name == name) {
        return true;
    }
    let (mut bound, mut elsewhere) = (false, false);
    let named = |id: ExprId| {
        let mut found = false;
        code.each_inner(id, &mut |_, expr| found |= expr == Expr::Name(name));
        found
    };
    let target = |id: ExprId| match code.expr(id) {
        Expr::Name(known) => known == name,
        Expr::Tuple(_) | Expr::List(_) | Expr::Starred(_) => named(id),
        _ => false,
    };
    code.each_stmt(function.body, &mut |_, stmt| match stmt {
        Stmt::Assign { targets, .. } => bound |= code.exprs(targets).iter().any(|id| target(*id)),
        Stmt::For { target: id, .. } | Stmt::Augmented(id, ..) => bound |= target(id),
        Stmt::With { items, .. } => {
            let mut targets = code.with_items(items).iter().filter_map(|(_, target)| *target);
            bound |= targets.any(target);
        }
        Stmt::Nonlocal(names) | Stmt::Global(names) => {
            elsewhere |= code.exprs(names).iter().any(|id| code.expr(*id) == Expr::Name(name));
        }
        _ => {}
    });
    bound && !elsewhere
}

/// The names that a function puts something into, or gives something else though they are not its own.
fn changed(code: &Code, function: &Function, show: &mut impl FnMut(Symbol)) {
    let item = |id: ExprId, show: &mut dyn FnMut(Symbol)| {
        if let Expr::Subscript(base, _) = code.expr(id)
            && let Expr::Name(name) = code.expr(base)
        {
            show(name);
        }
    };
    code.each_stmt(function.body, &mut |_, stmt| match stmt {
        Stmt::Assign { targets, .. } => {
            code.exprs(targets).iter().for_each(|id| item(*id, show));
        }
        Stmt::Augmented(target, ..) => item(target, show),
        Stmt::Nonlocal(names) => {
            for id in code.exprs(names) {
                if let Expr::Name(name) = code.expr(*id) {
                    show(name);
                }
            }
        }
        _ => {}
    });
    code.each_expr(function.body, &mut |_, expr| {
        if let Expr::Call(callee, _) = expr
            && let Expr::Attribute(base, method) = code.expr(callee)
            && let Expr::Name(name) = code.expr(base)
            && FILLING.contains(&code.text(method))
        {
            show(name);
        }
    });
}

fn mentioned(code: &Code, function: &Function, show: &mut impl FnMut(Symbol)) {
    code.each_expr(function.body, &mut |_, expr| {
        if let Expr::Name(name) = expr {
            show(name);
        }
    });
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Augmented(target, ..) = stmt
            && let Expr::Name(name) = code.expr(target)
        {
            show(name);
        }
    });
}
