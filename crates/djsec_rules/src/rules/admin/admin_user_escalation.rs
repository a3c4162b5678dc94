use djsec_base::{Confidence, Severity};
use djsec_django::hierarchy::AttributeValue;
use djsec_python::QualifiedName;
use djsec_python::code::Expr;

use crate::admins::Registration;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds the user model registered with a plain admin class, not one derived from `UserAdmin`.
    ///
    /// ## Why it matters
    /// The plain form shows the password's column as text: what is typed there is stored as it is, and
    /// the hash is shown. It edits `is_superuser`, `is_staff`, groups and permissions, too, so that
    /// everybody who may change users may make themselves superuser, without the password form and the
    /// views that `UserAdmin` has for it.
    ///
    /// ## Flagged
    /// ```python admin.py
    /// from django.contrib import admin
    /// from django.contrib.auth import get_user_model
    ///
    /// admin.site.register(get_user_model())  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python admin.py
    /// from django.contrib import admin
    /// from django.contrib.auth import get_user_model
    /// from django.contrib.auth.admin import UserAdmin
    ///
    /// admin.site.register(get_user_model(), UserAdmin)
    /// ```
    ///
    /// ## How to fix
    /// Derive the class from `django.contrib.auth.admin.UserAdmin`, and make `is_superuser` and
    /// `user_permissions` read-only for who is no superuser.
    ///
    /// ## References
    /// - [Django: custom users and django.contrib.admin](https://docs.djangoproject.com/en/stable/topics/auth/customizing/#custom-users-and-django-contrib-admin)
    RULE {
        id: "admin-user-escalation",
        group: "admin",
        summary: "the admin edits users, their passwords and privileges, as plain columns",
        severity: High,
        cwe: [269, 522],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["least-privilege-roles", "admin-restricted"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const USER_ADMIN: &[&str] = &["django.contrib.auth.admin.UserAdmin"];
const PLAIN: &[&str] = &["django.contrib.admin.options.ModelAdmin"];
/// What may take the columns out of the form.
const NARROWING: &[&str] = &[
    "exclude",
    "readonly_fields",
    "form",
    "get_form",
    "get_fields",
    "get_fieldsets",
    "get_exclude",
    "get_readonly_fields",
    "has_change_permission",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for registration in cx.registrations() {
        if !cx.models().is_user(&registration.model) && registration.model != cx.user_model() {
            continue;
        }
        let Some(columns) = columns(cx, registration) else { continue };
        let (severity, confidence) = if columns.contains(&"password") {
            (Severity::High, Confidence::High)
        } else {
            (Severity::Medium, Confidence::Medium)
        };
        let names: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("the admin edits {} of users as plain columns", names.join(" and "));
        out.found(&RULE, registration.span, "AUTH_USER_MODEL", message)
            .severity(severity)
            .confidence(confidence)
            .help("derive the admin class from `UserAdmin`")
            .done();
    }
}

/// Which of the columns that matter the class lets edit; nothing where it is a `UserAdmin`, leaves
/// them out, or is not understood.
fn columns(cx: &Cx<'_>, registration: &Registration) -> Option<Vec<&'static str>> {
    let sensitive = cx.models().sensitive(&registration.model);
    let has = |name: &str| sensitive.iter().any(|field| *field.name == *name);
    let mut columns: Vec<&'static str> =
        ["password", "is_superuser"].into_iter().filter(|name| has(name)).collect();
    let Some(class) = &registration.admin else { return Some(columns).filter(|c| !c.is_empty()) };
    let plain = cx.classes.derives_from(class, PLAIN) == Some(true)
        && cx.classes.derives_from(class, USER_ADMIN) == Some(false);
    let narrowed = NARROWING.iter().any(|name| {
        cx.classes.attribute(class, name).is_some_and(|found| {
            !matches!(found.value, AttributeValue::Known(_) | AttributeValue::KnownMethod)
        })
    });
    if !plain || narrowed {
        return None;
    }
    for name in ["fields", "fieldsets"] {
        if let Some((at, value)) = cx.assigned(class, name) {
            let mut listed = Vec::new();
            at.code.each_inner(value, &mut |id, expr| {
                if matches!(expr, Expr::Str(_)) {
                    listed.extend(at.code.string(id));
                }
            });
            columns.retain(|column| listed.contains(column));
        }
    }
    let known = !matches!(class, QualifiedName::Unknown);
    Some(columns).filter(|columns| known && !columns.is_empty())
}
