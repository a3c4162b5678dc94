//! Decorators of the project that know what to do with a class: what they ask holds for the view that they stand on.

use djsec_python::QualifiedName;
use djsec_python::code::{Class, Expr, ExprId, Stmt};

use super::decorators::nested;
use super::site::{Def, Site};

/// Decorators are followed this deep into those that make them.
const DEEPEST: u8 = 3;

/// Whether a decorator looks at a class, or puts something into it: `inspect.isclass(view)`,
/// `method_decorator(…)(view)`, `view.dispatch = …`.
pub(super) fn takes_classes(site: Site<'_>, decorator: ExprId, depth: u8) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let code = site.code;
    if let Some(elements) = code.elements(decorator) {
        return elements.iter().any(|element| takes_classes(site, *element, depth + 1));
    }
    let callee = code.call(decorator).map_or(decorator, |(callee, _)| callee);
    let name = site.resolve(callee);
    let QualifiedName::Project(module, path) = &name else { return false };
    let Some(def) = site.cx.def(&name) else {
        let elsewhere = site.cx.site(*module);
        let assigned = elsewhere.and_then(|site| Some((site, site.code.module_value(path)?)));
        return assigned.is_some_and(|(site, value)| takes_classes(site, value, depth + 1));
    };
    nested(def).into_iter().any(|def| {
        let made_by = def.site.code.exprs(def.function.decorators).iter().copied();
        looks_at_classes(def)
            || made_by.chain(handed_on(def)).any(|other| takes_classes(def.site, other, depth + 1))
    })
}

/// What a function answers with, where another function makes it.
fn handed_on(def: Def<'_>) -> Vec<ExprId> {
    let mut found = Vec::new();
    def.site.code.each_stmt(def.function.body, &mut |_, stmt| {
        if let Stmt::Return(Some(value)) = stmt
            && let Some((callee, _)) = def.site.code.call(value)
        {
            found.push(callee);
        }
    });
    found
}

fn looks_at_classes(def: Def<'_>) -> bool {
    let code = def.site.code;
    let given = |expr: ExprId| {
        let name = code.name(expr);
        name.is_some_and(|name| {
            def.function.parameters.iter().any(|parameter| code.text(parameter.name) == name)
        })
    };
    let mut found = false;
    code.each_expr(def.function.body, &mut |_, expr| {
        found |= match expr {
            Expr::Call(callee, arguments) => {
                let arguments = code.arguments(arguments);
                let on_it = arguments.first().is_some_and(|first| given(first.value));
                on_it && asks_for_class(def.site, callee, arguments.get(1).map(|a| a.value))
            }
            // `view.dispatch`, also where it is written.
            Expr::Attribute(object, name) => {
                given(object) && matches!(code.text(name), "dispatch" | "as_view")
            }
            _ => false,
        };
    });
    // `class Checked(view): …`
    let derived = |class: &Class| {
        class.parent == Some(def.id) && code.exprs(class.bases).iter().any(|base| given(*base))
    };
    found || code.classes().any(|(_, class)| derived(class))
}

/// Whether a call that is handed the view takes it for a class.
fn asks_for_class(site: Site<'_>, callee: ExprId, second: Option<ExprId>) -> bool {
    let code = site.code;
    if let Some((maker, _)) = code.call(callee) {
        return site.resolve(maker).is_external("django.utils.decorators.method_decorator");
    }
    match &*site.dotted(callee) {
        "inspect.isclass"
        | "issubclass"
        | "builtins.issubclass"
        | "setattr"
        | "builtins.setattr" => true,
        "isinstance" | "builtins.isinstance" => {
            second.is_some_and(|second| matches!(&*site.dotted(second), "type" | "builtins.type"))
        }
        _ => false,
    }
}
