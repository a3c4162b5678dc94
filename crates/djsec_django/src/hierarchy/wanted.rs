//! Which classes of packages a project needs to be understood.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_python::code::{ClassId, Code, Expr, ExprId};
use djsec_python::{ModuleId, Program, QualifiedName};

use super::known_class;

/// Attributes of views whose values are classes that decide who gets in.
const DECIDING: [&str; 3] = ["permission_classes", "authentication_classes", "throttle_classes"];

/// Names of packages that the project's classes are derived from, that its views let decide, and whose
/// views it makes (`Class.as_view()`), where no class of that name is recorded.
pub fn wanted_by_project(program: &Program) -> BTreeSet<Arc<str>> {
    let mut wanted = BTreeSet::new();
    for (module, found) in program.modules() {
        let Some(code) = found.code() else { continue };
        for (class, found) in code.classes() {
            let name = QualifiedName::Project(module, Arc::from(&*found.path));
            let bases = program.bases(&name);
            // A class in a function is not among the names of its module.
            let bases =
                if bases.is_empty() { self::bases(program, module, code, class) } else { bases };
            wanted.extend(bases.iter().filter_map(unknown));
            deciding(program, module, code, class, &mut wanted);
        }
        let Some(as_view) = code.symbol("as_view") else { continue };
        for (_, expr) in code.all_exprs() {
            if let Expr::Attribute(class, name) = expr
                && name == as_view
                && let Some(dotted) = code.dotted(class)
            {
                wanted.extend(unknown(&program.resolve(module, &dotted)));
            }
        }
    }
    wanted
}

/// What a class of a package needs in turn.
pub fn wanted_by_class(program: &Program, module: ModuleId, class: ClassId) -> BTreeSet<Arc<str>> {
    let mut wanted = BTreeSet::new();
    let Some(code) = program.code(module) else { return wanted };
    wanted.extend(bases(program, module, code, class).iter().filter_map(unknown));
    deciding(program, module, code, class, &mut wanted);
    wanted
}

/// The bases of a class as its code has them.
pub(super) fn bases(
    program: &Program,
    module: ModuleId,
    code: &Code,
    class: ClassId,
) -> Vec<QualifiedName> {
    let Some(class) = code.class(class) else { return Vec::new() };
    let plain = |base: ExprId| match code.expr(base) {
        Expr::Subscript(value, _) => value,
        _ => base,
    };
    let resolved = code.exprs(class.bases).iter().map(|base| match code.dotted(plain(*base)) {
        Some(dotted) => program.resolve(module, &dotted),
        None => QualifiedName::Unknown,
    });
    resolved.collect()
}

fn deciding(
    program: &Program,
    module: ModuleId,
    code: &Code,
    class: ClassId,
    wanted: &mut BTreeSet<Arc<str>>,
) {
    for name in DECIDING {
        let Some(value) = code.class_attribute(class, name) else { continue };
        for element in code.elements(value).unwrap_or_default() {
            if let Some(dotted) = code.dotted(*element) {
                wanted.extend(unknown(&program.resolve(module, &dotted)));
            }
        }
    }
}

/// A name of a package of which no class is recorded.
fn unknown(name: &QualifiedName) -> Option<Arc<str>> {
    match name {
        QualifiedName::External(name)
            if name.contains('.')
                && !name.starts_with("builtins.")
                && known_class(&super::known::canonical(name)).is_none() =>
        {
            Some(Arc::clone(name))
        }
        _ => None,
    }
}
