use djsec_base::{Confidence, Severity};
use djsec_django::models::is_secret_name;
use djsec_python::QualifiedName;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds admin lists that show a secret of their model (a token, a key, a password's hash) as a
    /// column, or offer it as a filter.
    ///
    /// ## Why it matters
    /// One page shows the secrets of all rows to everybody who may view the model, on screens that are
    /// shared and photographed; a filter puts each of them into a link. Whoever reads them acts as their
    /// owner, and no log tells the two apart.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Gateway(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     api_key = models.CharField(max_length=50)
    /// ```
    /// ```python admin.py
    /// from django.contrib import admin
    ///
    /// from shop.models import Gateway
    ///
    ///
    /// @admin.register(Gateway)
    /// class GatewayAdmin(admin.ModelAdmin):
    ///     list_display = ["name", "api_key"]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Gateway(models.Model):
    ///     name = models.CharField(max_length=50)
    ///     api_key = models.CharField(max_length=50)
    /// ```
    /// ```python admin.py
    /// from django.contrib import admin
    ///
    /// from shop.models import Gateway
    ///
    ///
    /// @admin.register(Gateway)
    /// class GatewayAdmin(admin.ModelAdmin):
    ///     list_display = ["name", "masked"]
    ///     exclude = ["api_key"]
    ///
    ///     def masked(self, gateway):
    ///         return f"…{gateway.api_key[-4:]}"
    /// ```
    ///
    /// ## How to fix
    /// Leave the column out, or show its last characters by a method.
    RULE {
        id: "admin-exposes-secret-field",
        group: "admin",
        summary: "an admin list shows secrets",
        severity: Medium,
        cwe: [200, 522],
        owasp: ["2025:A01"],
        asvs: ["5.0:14.2.6"],
        checklist: ["admin-restricted"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for registration in cx.registrations() {
        let Some(class) = &registration.admin else { continue };
        for attribute in ["list_display", "list_editable", "list_filter"] {
            let Some((at, value)) = cx.assigned(class, attribute) else { continue };
            for (path, place) in Cx::texts(at, value) {
                if !is_secret(cx, class, &registration.model, path) {
                    continue;
                }
                let verb = if attribute == "list_filter" { "offers" } else { "shows" };
                let message = format!("the admin's list {verb} `{path}` of every row");
                out.found(&RULE, at.expr_span(place), path, message)
                    .severity(Severity::Medium)
                    .confidence(Confidence::High)
                    .help("leave it out, or show its last characters by a method")
                    .done();
            }
        }
    }
}

/// Whether a path leads to a secret column: not to a method or property, which may mask it.
fn is_secret(cx: &Cx<'_>, class: &QualifiedName, model: &QualifiedName, path: &str) -> bool {
    let parts: Vec<&str> = path.split("__").collect();
    let Some((last, steps)) = parts.split_last() else { return false };
    if steps.is_empty() && cx.classes.attribute(class, last).is_some() {
        return false;
    }
    let models = cx.models();
    let mut here = model.clone();
    for step in steps {
        let to = models.field(&here, step).and_then(|field| field.relation.as_ref());
        match to {
            Some(relation) => here = relation.to.clone(),
            None => return false,
        }
    }
    let named = is_secret_name(last) || *last == "key";
    named && models.is_secret(&here, last)
}
