use djsec_base::Severity;
use djsec_python::code::{ExprId, Function};

use crate::own::{Kind, OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds admin classes whose permission methods say yes to everybody who is staff:
    /// `has_change_permission()` and its kind that always return `True`, `lookup_allowed()` that allows
    /// every look-up, and `AdminSite.has_permission()` that lets in who is not staff.
    ///
    /// ## Why it matters
    /// The permissions that administrators give to groups no longer count for the model: each staff
    /// account, the smallest included, may do it. With every look-up allowed, who may see a list can
    /// ask for columns of other models, such as the beginning of a password's hash.
    ///
    /// ## Flagged
    /// ```python admin.py
    /// from django.contrib import admin
    ///
    ///
    /// class RefundAdmin(admin.ModelAdmin):
    ///     def has_change_permission(self, request, obj=None):  # finding
    ///         return True
    /// ```
    ///
    /// ## Not flagged
    /// ```python admin.py
    /// from django.contrib import admin
    ///
    ///
    /// class RefundAdmin(admin.ModelAdmin):
    ///     def has_add_permission(self, request):
    ///         return False
    ///
    ///     def has_change_permission(self, request, obj=None):
    ///         return super().has_change_permission(request, obj) and request.user.is_superuser
    /// ```
    ///
    /// ## How to fix
    /// Remove the method, or narrow what `super()` says.
    ///
    /// ## References
    /// - [Django: ModelAdmin.has_change_permission](https://docs.djangoproject.com/en/stable/ref/contrib/admin/#django.contrib.admin.ModelAdmin.has_change_permission)
    RULE {
        id: "admin-permission-override-open",
        group: "admin",
        summary: "an admin class gives everybody on the staff a permission",
        severity: High,
        cwe: [863],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["permissions-checked", "admin-restricted"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const METHODS: &[(&str, &str, Severity)] = &[
    ("has_add_permission", "add rows", Severity::Medium),
    ("has_change_permission", "change every row", Severity::High),
    ("has_delete_permission", "delete every row", Severity::High),
    ("has_view_permission", "read every row", Severity::Medium),
    ("lookup_allowed", "filter by columns of other models", Severity::Medium),
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.own_classes() {
        if class.is(Kind::ModelAdmin) {
            for (method, may, severity) in METHODS {
                let Some(function) = class.method(method) else { continue };
                if says_yes(class.at, function) {
                    let message = format!("everybody on the staff may {may}");
                    report(&class, function, method, message, *severity, out);
                }
            }
        }
        if class.is(Kind::AdminSite)
            && let Some(function) = class.method("has_permission")
            && lets_in(class.at, function)
        {
            let message = "accounts that are not staff get into the admin".to_owned();
            report(&class, function, "has_permission", message, Severity::High, out);
        }
    }
}

fn report(
    class: &OwnClass<'_>,
    function: &Function,
    method: &str,
    message: String,
    severity: Severity,
    out: &mut Findings,
) {
    out.found(&RULE, class.at.span(function.name_range), class.path(), message)
        .severity(severity)
        .help(format!("remove `{method}()`, or narrow what `super().{method}()` says"))
        .done();
}

/// `True`, or what holds for everybody who gets that far: staff that is logged in.
fn says_yes(at: Site<'_>, function: &Function) -> bool {
    let Some(value) = at.only_return(function) else { return false };
    let granted = ["is_staff", "is_active", "is_authenticated"];
    at.code.bool(value) == Some(true) || is_right(at, value, &granted)
}

fn is_right(at: Site<'_>, value: ExprId, rights: &[&str]) -> bool {
    rights.iter().any(|right| at.code.is_dotted(value, &format!("request.user.{right}")))
}

fn lets_in(at: Site<'_>, function: &Function) -> bool {
    let Some(value) = at.only_return(function) else { return false };
    let weak = ["is_active", "is_authenticated"];
    let weak_both = match at.code.expr(value) {
        djsec_python::code::Expr::And(list) => {
            at.code.exprs(list).iter().all(|part| is_right(at, *part, &weak))
        }
        _ => false,
    };
    at.code.bool(value) == Some(true) || is_right(at, value, &weak) || weak_both
}
