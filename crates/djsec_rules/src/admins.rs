//! Which class administrates which model.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Argument, Expr, ExprId};

use crate::Cx;
use crate::own::Site;

/// A model registered with an admin site.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    /// The model.
    pub(crate) model: QualifiedName,
    /// The class; absent for Django's plain `ModelAdmin`, [`QualifiedName::Unknown`] for what is not
    /// understood.
    pub(crate) admin: Option<QualifiedName>,
    /// The name of the model there.
    pub(crate) span: Span,
}

/// `@admin.register(Model)` and `site.register(Model, Class)` in the project's own code.
pub(crate) fn registrations(cx: &Cx<'_>) -> Vec<Registration> {
    let mut found = Vec::new();
    for at in cx.sites() {
        let Some(register) = at.code.symbol("register") else { continue };
        for (_, class) in at.code.classes() {
            for decorator in at.code.exprs(class.decorators) {
                let Some((callee, arguments)) = at.code.call(*decorator) else { continue };
                if cx.names(
                    at,
                    callee,
                    &["django.contrib.admin.decorators.register", "django.contrib.admin.register"],
                ) {
                    let name = cx.program.resolve(at.module, &class.path);
                    for argument in arguments.iter().filter(|argument| argument.keyword.is_none()) {
                        add(cx, at, argument.value, Some(&name), &mut found);
                    }
                }
            }
        }
        for (id, expr) in at.code.all_exprs() {
            let Expr::Call(callee, _) = expr else { continue };
            let Expr::Attribute(site, name) = at.code.expr(callee) else { continue };
            if name == register
                && at.code.dotted(site).is_some_and(|site| is_site(&site))
                && let Some((_, arguments)) = at.code.call(id)
            {
                call(cx, at, arguments, &mut found);
            }
        }
    }
    found
}

/// `admin.site`, `admin_site`, `my_site`: no other `register` takes models there.
fn is_site(dotted: &str) -> bool {
    dotted.rsplit('.').next().is_some_and(|last| last == "site" || last.ends_with("_site"))
}

fn call(cx: &Cx<'_>, at: Site<'_>, arguments: &[Argument], out: &mut Vec<Registration>) {
    let Some(models) = at.code.argument(arguments, 0, "model_or_iterable") else { return };
    let admin = at.code.argument(arguments, 1, "admin_class").map(|e| cx.resolved(at, e));
    for model in at.code.elements(models).unwrap_or(&[models]) {
        add(cx, at, *model, admin.as_ref(), out);
    }
}

fn add(
    cx: &Cx<'_>,
    at: Site<'_>,
    model: ExprId,
    admin: Option<&QualifiedName>,
    out: &mut Vec<Registration>,
) {
    if let Some(found) = cx.model_named(at, model) {
        let span = at.expr_span(model);
        out.push(Registration { model: found, admin: admin.cloned(), span });
    }
}
