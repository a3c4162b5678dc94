use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Function, ParameterKind};

use crate::own::{Kind, OwnClass, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that `get_urls()` of an admin class adds without `admin_site.admin_view()`, and that
    /// check nobody themselves.
    ///
    /// ## Why it matters
    /// Standing under `/admin/` protects nothing: `admin_view()` is what asks for a staff login. Without
    /// it, the page answers anybody who knows its address, and what it does was written for
    /// administrators.
    ///
    /// ## Flagged
    /// ```python admin.py
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    ///
    /// class OrderAdmin(admin.ModelAdmin):
    ///     def get_urls(self):
    ///         return [
    ///             path("export/", self.export),  # finding
    ///             *super().get_urls(),
    ///         ]
    ///
    ///     def export(self, request): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python admin.py
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    ///
    /// class OrderAdmin(admin.ModelAdmin):
    ///     def get_urls(self):
    ///         return [
    ///             path("export/", self.admin_site.admin_view(self.export)),
    ///             *super().get_urls(),
    ///         ]
    ///
    ///     def export(self, request): ...
    /// ```
    ///
    /// ## How to fix
    /// Wrap the view in `self.admin_site.admin_view()`, and check in it the permission on the model
    /// (`self.has_change_permission(request)`), which the wrapper does not.
    ///
    /// ## Limits
    /// Views that have a decorator or look at the user themselves are left to other rules.
    ///
    /// ## References
    /// - [Django: ModelAdmin.get_urls](https://docs.djangoproject.com/en/stable/ref/contrib/admin/#django.contrib.admin.ModelAdmin.get_urls)
    RULE {
        id: "admin-view-unwrapped",
        group: "admin",
        summary: "a view of the admin asks nobody to log in",
        severity: Critical,
        cwe: [862, 306],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["views-require-auth", "admin-restricted"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const PATHS: &[&str] = &[
    "django.urls.conf.path",
    "django.urls.conf.re_path",
    "django.urls.path",
    "django.urls.re_path",
    "django.conf.urls.url",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for class in cx.own_classes() {
        let admin = class.is(Kind::ModelAdmin);
        if !admin && !class.is(Kind::AdminSite) {
            continue;
        }
        let Some(get_urls) = class.method("get_urls") else { continue };
        let wrapper = if admin { "self.admin_site.admin_view" } else { "self.admin_view" };
        if wraps_all(class.at, get_urls) {
            continue;
        }
        for call in class.at.calls_in(get_urls) {
            let Some((callee, arguments)) = class.at.code.call(call) else { continue };
            if !cx.names(class.at, callee, PATHS) {
                continue;
            }
            let Some(view) = class.at.code.argument(arguments, 1, "view") else { continue };
            if open(cx, &class, view) != Some(true) {
                continue;
            }
            let span = class.at.expr_span(view);
            let text = cx.source(span);
            out.found(&RULE, span, class.path(), format!("`{text}` asks nobody to log in"))
                .help(format!("wrap it: `{wrapper}({text})`"))
                .replace("Wrap the view", format!("{wrapper}({text})"))
                .done();
        }
    }
}

/// Whether routes are wrapped after they are made: `admin_view()` of what is no view of the class.
fn wraps_all(at: Site<'_>, get_urls: &Function) -> bool {
    at.calls_in(get_urls).into_iter().any(|call| {
        at.called(call) == Some("admin_view")
            && at.code.call(call).and_then(|(_, arguments)| arguments.first()).is_some_and(
                |first| at.code.dotted(first.value).is_some_and(|view| view.ends_with(".callback")),
            )
    })
}

/// Whether a view lets everybody in; `None` where that cannot be told.
fn open(cx: &Cx<'_>, class: &OwnClass<'_>, view: ExprId) -> Option<bool> {
    let code = class.at.code;
    match code.expr(view) {
        Expr::Attribute(owner, name) if code.name(owner) == Some("self") => {
            let (at, id, _) = cx.counting_method(&class.name, code.text(name))?;
            Some(unguarded(at, at.code.function(id)?))
        }
        Expr::Call(callee, _) => {
            let Expr::Attribute(owner, name) = code.expr(callee) else { return None };
            if code.text(name) != "as_view" {
                return None;
            }
            view_class(cx, &cx.resolved(class.at, owner))
        }
        Expr::Name(_) => {
            let name = cx.resolved(class.at, view);
            let (found, id) = cx.program.function_code(&name)?;
            let QualifiedName::Project(module, _) = name else { return None };
            let at = cx.site(module)?;
            Some(unguarded(at, found.function(id)?))
        }
        _ => None,
    }
}

/// A function that has no decorator and never looks at who asks, beyond passing the request on.
fn unguarded(at: Site<'_>, function: &Function) -> bool {
    const LOOKS: &[&str] = &[
        "PermissionDenied",
        "has_add_permission",
        "has_change_permission",
        "has_delete_permission",
        "has_module_permission",
        "has_perm",
        "has_perms",
        "has_permission",
        "has_view_permission",
        "is_authenticated",
        "is_staff",
        "is_superuser",
        "user",
        "super",
    ];
    at.code.exprs(function.decorators).is_empty()
        && takes_request(at.code, function)
        && !at.mentions(function, LOOKS)
        && !delegates(at, function)
}

fn takes_request(code: &Code, function: &Function) -> bool {
    let positional =
        |kind| !matches!(kind, ParameterKind::Variadic | ParameterKind::VariadicKeyword);
    function
        .parameters
        .iter()
        .any(|parameter| positional(parameter.kind) && code.text(parameter.name) == "request")
}

/// Whether it hands the request to one of the admin's own views, which check.
fn delegates(at: Site<'_>, function: &Function) -> bool {
    let views = ["changelist_view", "changeform_view", "change_view", "add_view", "admin_view"];
    at.mentions(function, &views)
}

/// A class of the project without any guard among its bases and in its methods.
fn view_class(cx: &Cx<'_>, name: &QualifiedName) -> Option<bool> {
    let class = cx.own_class(name)?;
    let known = cx.classes.is_complete(name);
    if !known || class.is(Kind::Access) || class.is(Kind::ApiView) || !class.is(Kind::View) {
        return None;
    }
    let checks = class.order.iter().any(|base| {
        let QualifiedName::Project(module, _) = base else { return false };
        let (Some((code, id)), Some(at)) = (cx.program.class_code(base), cx.site(*module)) else {
            return true;
        };
        let decorated = code.class(id).is_some_and(|class| !class.decorators.is_empty());
        let methods = code.methods(id).into_iter().filter_map(|id| code.function(id));
        decorated
            || methods.into_iter().any(|method| {
                !at.code.exprs(method.decorators).is_empty()
                    || at.mentions(
                        method,
                        &["PermissionDenied", "user", "has_permission", "dispatch"],
                    )
            })
    });
    Some(!checks)
}
