use djsec_base::{Confidence, Fix};
use djsec_python::code::{Expr, ExprId};

use crate::own::{Kind, OwnClass};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds attributes and methods of API views that look like `permission_classes` and its kind, but
    /// have a name that nothing reads: `permission_class`, `get_permission`, `authentication_class`.
    ///
    /// ## Why it matters
    /// Django REST framework ignores them without a word. The view follows the defaults of the
    /// settings, which may let everybody in, and reads as if it did not.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from rest_framework.permissions import IsAdminUser
    /// from rest_framework.views import APIView
    ///
    ///
    /// class Refunds(APIView):
    ///     permission_class = [IsAdminUser]  # finding
    ///
    ///     def post(self, request): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from rest_framework.permissions import IsAdminUser
    /// from rest_framework.views import APIView
    ///
    ///
    /// class Refunds(APIView):
    ///     permission_classes = [IsAdminUser]
    ///
    ///     def post(self, request): ...
    /// ```
    ///
    /// ## How to fix
    /// Use the name that is read, with a list.
    ///
    /// ## Limits
    /// Names that the project itself reads anywhere (`self.permission_class`) are left alone.
    ///
    /// ## References
    /// - [DRF: setting the permission policy](https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy)
    RULE {
        id: "drf-permission-attr-typo",
        group: "api",
        summary: "a view names its permissions in an attribute that nothing reads",
        severity: High,
        cwe: [863],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["permissions-checked", "api-defaults-closed"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// What people write, and what is read.
const NAMES: &[(&str, &str)] = &[
    ("permission_class", "permission_classes"),
    ("permissions_class", "permission_classes"),
    ("permissions_classes", "permission_classes"),
    ("permission_classess", "permission_classes"),
    ("permision_classes", "permission_classes"),
    ("permissoin_classes", "permission_classes"),
    ("premission_classes", "permission_classes"),
    ("permission_clases", "permission_classes"),
    ("authentication_class", "authentication_classes"),
    ("authentications_classes", "authentication_classes"),
    ("authenticator_classes", "authentication_classes"),
    ("auth_classes", "authentication_classes"),
    ("authentification_classes", "authentication_classes"),
    ("authentication_clases", "authentication_classes"),
    ("throttle_class", "throttle_classes"),
    ("throttles_classes", "throttle_classes"),
    ("throttling_classes", "throttle_classes"),
    ("get_permission", "get_permissions"),
    ("get_permission_classes", "get_permissions"),
    ("get_authentication_classes", "get_authenticators"),
    ("get_authenticator", "get_authenticators"),
    ("get_throttle", "get_throttles"),
    ("get_throttle_classes", "get_throttles"),
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.classes_of(Kind::ApiView) {
        for (written, read) in NAMES {
            if class.at.code.symbol(written).is_none() {
                continue;
            }
            let place =
                class.attribute(written).map(|value| (class.at.expr_span(value), Some(value)));
            let method = class.method(written);
            let place = place.or_else(|| Some((class.at.span(method?.name_range), None)));
            let Some((span, value)) = place else { continue };
            if is_read(cx, written) {
                continue;
            }
            let message = format!("nothing reads `{written}`: the view's `{read}` are the default");
            let known = cx.classes.is_complete(&class.name);
            out.found(&RULE, span, class.path(), message)
                .confidence(if known { Confidence::High } else { Confidence::Medium })
                .help(format!("call it `{read}`"))
                .fix(value.and_then(|value| rename(cx, &class, written, read, value)))
                .done();
        }
    }
}

/// Whether the project's own code reads the name from an object, plainly or as text.
fn is_read(cx: &Cx<'_>, name: &str) -> bool {
    cx.sites().any(|at| {
        at.code.symbol(name).is_some_and(|symbol| {
            at.code.all_exprs().any(|(_, expr)| match expr {
                Expr::Attribute(_, found) | Expr::Str(found) => found == symbol,
                _ => false,
            })
        })
    })
}

/// The right name, where the value is a list already.
fn rename(
    cx: &Cx<'_>,
    class: &OwnClass<'_>,
    written: &str,
    read: &str,
    value: ExprId,
) -> Option<Fix> {
    class.at.code.elements(value)?;
    let (target, _) = class.at.code.all_exprs().find(|(id, expr)| {
        matches!(expr, Expr::Name(_))
            && class.at.code.name(*id) == Some(written)
            && class.class.range.contains_range(class.at.code.expr_range(*id))
    })?;
    let span = class.at.expr_span(target);
    (cx.source(span) == written)
        .then(|| Fix::unsafe_replace("Use the name that is read", span, read))
}
