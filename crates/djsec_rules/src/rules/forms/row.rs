//! Where the row in a variable comes from.

use djsec_python::QualifiedName;
use djsec_python::code::{Function, Stmt};

use crate::Cx;
use crate::own::Site;

/// Where a row comes from.
pub(super) enum Row {
    /// The function fetches it.
    Of(QualifiedName),
    /// A caller has it: `self` of a model, or a parameter.
    Given,
    Unknown,
}

/// Where the row that a function has under a name comes from.
pub(super) fn row(cx: &Cx<'_>, at: Site<'_>, function: &Function, written: &str) -> Row {
    let code = at.code;
    let mut found = Row::Unknown;
    if function.parameters.iter().any(|parameter| code.text(parameter.name) == written) {
        found = Row::Given;
    }
    code.each_stmt(function.body, &mut |_, stmt| {
        let Stmt::Assign { targets, value: Some(value), .. } = stmt else { return };
        if !code.exprs(targets).iter().any(|target| code.name(*target) == Some(written)) {
            return;
        }
        let by_shortcut = code.call(value).and_then(|(_, arguments)| {
            let shortcut = at.called(value)? == "get_object_or_404";
            arguments.first().filter(|_| shortcut).and_then(|a| cx.model_named(at, a.value))
        });
        if let Some(model) = by_shortcut.or_else(|| cx.query_model(at, value)) {
            found = Row::Of(model);
        }
    });
    found
}
