//! Signed values that are read by a serializer that unpickles.

use djsec_python::QualifiedName;
use djsec_python::code::ExprId;

use crate::Cx;
use crate::calls::Called;

/// Where they are read, with the call that makes the signer.
pub(super) fn unpickled<'a>(cx: &Cx<'a>) -> Vec<(Called<'a>, ExprId)> {
    let mut found = Vec::new();
    if !cx.mentions(&["serializer"]) {
        return found;
    }
    for call in cx.calls_to(&["django.core.signing.loads"]) {
        if call.keyword("serializer").is_some_and(|class| pickles(cx, &call, class)) {
            found.push((call, call.id));
        }
    }
    for call in cx.calls_to(&["django.core.signing.Signer", "django.core.signing.TimestampSigner"])
    {
        for (id, arguments) in call.methods("unsign_object") {
            let class = call.at.code.keyword(arguments, "serializer");
            if class.is_some_and(|class| pickles(cx, &call, class)) {
                found.push((call, id));
            }
        }
    }
    found
}

/// Whether a serializer is one that pickles: by its name, if it is of a package, or by its `loads()`.
fn pickles(cx: &Cx<'_>, call: &Called<'_>, class: ExprId) -> bool {
    match cx.resolved(call.at, class) {
        QualifiedName::External(name) => {
            name.rsplit('.').next().is_some_and(|last| last.contains("Pickle"))
        }
        name => cx.counting_method(&name, "loads").is_some_and(|(at, id, _)| {
            let loads = at.code.function(id);
            loads.is_some_and(|loads| at.mentions(loads, &["pickle", "cPickle", "dill"]))
        }),
    }
}
