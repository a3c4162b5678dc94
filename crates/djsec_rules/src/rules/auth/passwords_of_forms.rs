//! Passwords that a form of the project sets as somebody has typed them.

use djsec_django::views::objects::FormAct;
use djsec_python::QualifiedName;
use djsec_python::code::{Class, Expr, ExprId, Function, Stmt};

use crate::Cx;
use crate::own::Site;
use crate::requests::part_of;

/// Forms that ask the validators themselves.
const ASKING: &[&str] = &[
    "django.contrib.auth.forms.AdminPasswordChangeForm",
    "django.contrib.auth.forms.BaseUserCreationForm",
    "django.contrib.auth.forms.SetPasswordForm",
    "django.contrib.auth.forms.SetPasswordMixin",
    "django.contrib.auth.forms.UserCreationForm",
];

const FORM: &[&str] = &["django.forms.forms.BaseForm"];

/// What methods call that compare what was typed twice, and look at nothing else of it.
const COMPARING: &[&str] =
    &["ValidationError", "_", "add_error", "clean", "get", "gettext", "gettext_lazy", "super"];

/// Whether a method of a form that plain users send sets what they have typed, and nothing in its class looks at how
/// good that is: no method, and no option of a field.
pub(super) fn is_unchecked(cx: &Cx<'_>, at: Site<'_>, function: &Function, given: ExprId) -> bool {
    let Some(class) = function.class.and_then(|id| at.code.class(id)) else { return false };
    let name = QualifiedName::Project(at.module, class.path.as_ref().into());
    let names = ["self.cleaned_data", "cleaned_data"];
    let typed = |id: ExprId| names.iter().any(|name| at.code.is_dotted(id, name));
    part_of(at, function, given, &typed)
        && cx.classes.derives_from(&name, FORM) == Some(true)
        && cx.classes.derives_from(&name, ASKING) == Some(false)
        && !cx
            .bodies(&name)
            .any(|(_, there, id)| there.code.class(id).is_some_and(|class| checks(there, class)))
        && is_sent(cx, &name)
}

/// Whether users without a role send a form.
fn is_sent(cx: &Cx<'_>, form: &QualifiedName) -> bool {
    cx.open_endpoints().any(|(_, objects)| {
        objects.forms.iter().any(|used| used.class == *form && used.act != FormAct::Made)
    })
}

/// Whether a class looks at passwords.
fn checks(at: Site<'_>, class: &Class) -> bool {
    let code = at.code;
    let mut checks = false;
    code.each_stmt(class.body, &mut |_, stmt| match stmt {
        Stmt::Function(id) => {
            let method = code.function(id).filter(|f| code.text(f.name).starts_with("clean"));
            checks |= method.is_some_and(|method| {
                let calls = at.calls_in(method).into_iter();
                calls.filter_map(|call| at.called(call)).any(|name| !COMPARING.contains(&name))
            });
        }
        Stmt::Assign { targets, value: Some(value), .. } => {
            let named = code.exprs(targets).iter().filter_map(|target| code.name(*target));
            let about = named.into_iter().any(|name| name.contains("pass") || name.contains("pwd"));
            let Expr::Call(_, arguments) = code.expr(value) else { return };
            let arguments = code.arguments(arguments);
            let limited = |name| code.keyword(arguments, name).is_some();
            checks |= about && (limited("validators") || limited("min_length"));
        }
        _ => {}
    });
    checks
}
