//! What the body of one class binds.

use djsec_python::ModuleId;
use djsec_python::code::{ClassId, Code, Expr, ExprId, FunctionId, List, Stmt};
use rustc_hash::FxHashMap;

use super::AttributeValue;

/// What a statement binds a name to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bound {
    To(ExprId),
    Method(FunctionId),
    Class(ClassId),
    /// Bound, but not to something that stands there: `a += b`, `a, b = c`.
    Unclear,
    /// `del a`.
    Not,
}

impl Bound {
    pub(super) fn value(self, module: ModuleId, code: &Code) -> AttributeValue<'_> {
        match self {
            Self::To(value) => AttributeValue::Assigned(module, code, value),
            Self::Method(function) => AttributeValue::Method(module, code, function),
            Self::Class(class) => AttributeValue::Class(module, code, class),
            Self::Unclear | Self::Not => AttributeValue::Unseen,
        }
    }
}

/// What a class has under each name after its body has run; names that it deletes are left out.
/// Something that stands in one branch only is taken to be there.
pub(super) fn index(code: &Code, class: ClassId) -> FxHashMap<Box<str>, Bound> {
    let mut all: FxHashMap<&str, Vec<(Bound, bool)>> = FxHashMap::default();
    let Some(class) = code.class(class) else { return FxHashMap::default() };
    walk(code, class.body, false, &mut |name, bound, conditional| {
        let found = all.entry(name).or_default();
        // What always runs replaces everything before.
        if !conditional {
            found.clear();
        }
        found.push((bound, conditional));
    });
    let settled = |found: &[(Bound, bool)]| {
        let all_methods = found.iter().all(|(bound, _)| matches!(bound, Bound::Method(_)));
        match found {
            [.., (last, _)] if all_methods || found.len() == 1 => *last,
            _ => Bound::Unclear,
        }
    };
    all.into_iter()
        .map(|(name, found)| (name.into(), settled(&found)))
        .filter(|(_, bound)| *bound != Bound::Not)
        .collect()
}

/// The names that a class body binds in source order, and whether each is a method in the end.
pub(super) fn names(code: &Code, class: ClassId) -> Vec<(&str, bool)> {
    let mut names: Vec<(&str, bool)> = Vec::new();
    let Some(class) = code.class(class) else { return names };
    walk(code, class.body, false, &mut |name, bound, _| {
        let is_method = matches!(bound, Bound::Method(_));
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = is_method,
            None => names.push((name, is_method)),
        }
    });
    names
}

/// Goes through a block in source order.
fn walk<'a>(
    code: &'a Code,
    block: List,
    conditional: bool,
    each: &mut dyn FnMut(&'a str, Bound, bool),
) {
    for id in code.stmts(block) {
        match code.stmt(*id) {
            Stmt::Assign { targets, value: Some(value), .. } => {
                for target in code.exprs(targets) {
                    assigned(code, *target, Bound::To(value), conditional, each);
                }
            }
            Stmt::Augmented(target, ..) => {
                assigned(code, target, Bound::Unclear, conditional, each);
            }
            Stmt::Delete(targets) => {
                for target in code.exprs(targets) {
                    assigned(code, *target, Bound::Not, conditional, each);
                }
            }
            Stmt::Function(id) => {
                if let Some(function) = code.function(id) {
                    each(code.text(function.name), Bound::Method(id), conditional);
                }
            }
            Stmt::Class(id) => {
                if let Some(class) = code.class(id) {
                    each(code.text(class.name), Bound::Class(id), conditional);
                }
            }
            Stmt::If { then, otherwise, .. } => {
                walk(code, then, true, each);
                walk(code, otherwise, true, each);
            }
            Stmt::For { body, otherwise, .. } | Stmt::While { body, otherwise, .. } => {
                walk(code, body, true, each);
                walk(code, otherwise, true, each);
            }
            Stmt::With { body, .. } => walk(code, body, conditional, each),
            Stmt::Try(at) => {
                let Some(parts) = code.try_parts(at) else { continue };
                walk(code, parts.body, conditional, each);
                for (_, _, handler) in &parts.handlers {
                    walk(code, *handler, true, each);
                }
                walk(code, parts.otherwise, conditional, each);
                walk(code, parts.finally, conditional, each);
            }
            Stmt::Match(at) => {
                let Some(parts) = code.match_parts(at) else { continue };
                for (_, _, block) in &parts.cases {
                    walk(code, *block, true, each);
                }
            }
            _ => {}
        }
    }
}

fn assigned<'a>(
    code: &'a Code,
    target: ExprId,
    bound: Bound,
    conditional: bool,
    each: &mut dyn FnMut(&'a str, Bound, bool),
) {
    match code.expr(target) {
        Expr::Name(name) => each(code.text(name), bound, conditional),
        Expr::Tuple(parts) | Expr::List(parts) => {
            for part in code.exprs(parts) {
                let name = match code.expr(*part) {
                    Expr::Starred(inner) => code.name(inner),
                    _ => code.name(*part),
                };
                if let Some(name) = name {
                    each(name, Bound::Unclear, conditional);
                }
            }
        }
        _ => {}
    }
}
