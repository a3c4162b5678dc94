//! Who looks at what a form or serializer says of what was sent.

use djsec_base::TextSize;
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use crate::Cx;
use crate::own::Site;

/// The name of what `is_valid()` is called on.
pub(super) fn asked(at: Site<'_>, call: ExprId) -> Option<&str> {
    let (callee, _) = at.code.call(call)?;
    match at.code.expr(callee) {
        Expr::Attribute(owner, name) if at.code.text(name) == "is_valid" => at.code.name(owner),
        _ => None,
    }
}

/// The class that a form or serializer was made of before a place.
pub(super) fn made(
    cx: &Cx<'_>,
    at: Site<'_>,
    function: &Function,
    (name, before): (&str, TextSize),
) -> Option<QualifiedName> {
    let code = at.code;
    let mut class = None;
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, value: Some(value), .. } = stmt
            && code.expr_range(value).end() < before
            && code.exprs(targets).iter().any(|target| code.name(*target) == Some(name))
            && let Some((callee, _)) = code.call(value)
        {
            class = Some(cx.resolved(at, callee));
        }
    });
    class
}

/// The calls of `is_valid()` before a `save()` whose results nobody looks at, with what they are called on, and
/// whether `save()` surely stores what is not valid.
pub(super) fn ignored<'a>(
    cx: &Cx<'_>,
    at: Site<'a>,
    function: &Function,
) -> Vec<(ExprId, &'a str, bool)> {
    let code = at.code;
    let mut found = Vec::new();
    code.each_stmt(function.body, &mut |_, stmt| {
        let Stmt::Expr(call) = stmt else { return };
        let Some(name) = asked(at, call) else { return };
        let raises = code.call(call).is_some_and(|(_, arguments)| !arguments.is_empty());
        let saves = at.calls_in(function).into_iter().any(|other| {
            code.call(other).is_some_and(|(c, _)| code.is_dotted(c, &format!("{name}.save")))
        });
        if raises || !saves || at.mentions(function, &["errors"]) {
            return;
        }
        let class = made(cx, at, function, (name, code.expr_range(call).start()));
        match class.and_then(|class| saves_itself(cx, &class)) {
            Some(false) => {}
            own => found.push((call, name, own == Some(true))),
        }
    });
    found
}

/// Whether `save()` of a form or serializer is the project's own. That of model forms (`ValueError`) and of
/// serializers (`AssertionError`) refuses what is not valid.
fn saves_itself(cx: &Cx<'_>, class: &QualifiedName) -> Option<bool> {
    const REFUSE: &[&str] =
        &["django.forms.models.BaseModelForm", "rest_framework.serializers.BaseSerializer"];
    match cx.classes.attribute(class, "save")?.value {
        AttributeValue::KnownMethod => {
            cx.classes.derives_from(class, REFUSE).map(|refuses| !refuses)
        }
        AttributeValue::Method(_, code, id) => {
            let mut hands_on = false;
            code.each_expr(code.function(id)?.body, &mut |_, expr| {
                if let Expr::Attribute(on, name) = expr
                    && code.text(name) == "save"
                    && let Some((callee, _)) = code.call(on)
                {
                    hands_on |= code.is_dotted(callee, "super");
                }
            });
            Some(!hands_on)
        }
        _ => None,
    }
}
