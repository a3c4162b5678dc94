use std::collections::BTreeSet;

use djsec_base::Role;
use djsec_python::code::{Expr, ExprId};

use crate::own::{Kind, Site};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds permissions of the project's own apps that exist nowhere: no model gives them by default
    /// or in `Meta.permissions`, and no migration makes them.
    ///
    /// ## Why it matters
    /// Nobody can be given such a permission, so that only superusers pass. What follows in practice is
    /// that people become superusers.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     number = models.IntegerField()
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import permission_required
    ///
    ///
    /// @permission_required("shop.edit_order")  # finding
    /// def edit(request): ...
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     number = models.IntegerField()
    ///
    ///     class Meta:
    ///         permissions = [("refund_order", "Can refund orders")]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.decorators import permission_required
    ///
    ///
    /// @permission_required(["shop.change_order", "shop.refund_order"])
    /// def refund(request): ...
    /// ```
    ///
    /// ## How to fix
    /// Use the codename that the model has (`change_order`), or add it to `Meta.permissions`.
    ///
    /// ## Limits
    /// Apps whose models have permissions that are computed, and projects with a backend of their own
    /// that answers `has_perm()`, are left out.
    ///
    /// ## References
    /// - [Django: permissions and authorization](https://docs.djangoproject.com/en/stable/topics/auth/default/#permissions-and-authorization)
    RULE {
        id: "permission-codename-unknown",
        group: "access",
        summary: "a permission that nobody can have",
        severity: Medium,
        cwe: [863],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["permissions-checked", "least-privilege-roles"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const DECORATORS: &[&str] = &["django.contrib.auth.decorators.permission_required"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let answers =
        ["has_perm", "get_all_permissions", "get_user_permissions", "get_group_permissions"];
    // Any class with such a method may answer for permissions of its own making.
    let own_backend = cx.sites().any(|at| {
        answers.iter().any(|name| at.code.symbol(name).is_some())
            && at
                .code
                .functions()
                .any(|(_, function)| answers.contains(&at.code.text(function.name)))
    });
    if own_backend {
        return;
    }
    let mut uses: Vec<(Site<'_>, ExprId)> = Vec::new();
    for at in cx.sites() {
        collect(cx, at, &mut uses);
    }
    if uses.is_empty() {
        return;
    }
    let Known { permissions, labels } = known(cx);
    for (at, place) in uses {
        let Some((label, codename)) = at.code.string(place).and_then(|text| text.split_once('.'))
        else {
            continue;
        };
        let whole = format!("{label}.{codename}");
        if !labels.contains(label)
            || permissions.contains(&whole)
            || made_elsewhere(cx, codename, &whole)
        {
            continue;
        }
        let message = format!("there is no permission `{whole}`: only superusers pass");
        let near = permissions.iter().find(|known| similar(known, &whole));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "use the codename that the model has, or add it to `Meta.permissions`".to_owned()
            }
        };
        out.found(&RULE, at.expr_span(place), whole, message).help(help).done();
    }
}

/// Where a module asks for permissions by name.
fn collect<'a>(cx: &Cx<'a>, at: Site<'a>, uses: &mut Vec<(Site<'a>, ExprId)>) {
    let words = ["permission_required", "has_perm", "has_perms"];
    if !words.iter().any(|word| at.code.symbol(word).is_some()) {
        return;
    }
    let mut add = |value: ExprId| {
        let all = at.code.elements(value).unwrap_or(&[value]).to_vec();
        uses.extend(all.into_iter().filter(|e| at.code.string(*e).is_some()).map(|e| (at, e)));
    };
    for (id, expr) in at.code.all_exprs() {
        let Expr::Call(callee, _) = expr else { continue };
        let Some((_, arguments)) = at.code.call(id) else { continue };
        let asks = match at.called(id) {
            Some("permission_required") => cx.names(at, callee, DECORATORS),
            Some("has_perm" | "has_perms") => at.code.dotted(callee).is_some_and(|callee| {
                callee.ends_with("user.has_perm") || callee.ends_with("user.has_perms")
            }),
            _ => false,
        };
        if let Some(value) = at.code.argument(arguments, 0, "perm").filter(|_| asks) {
            add(value);
        }
    }
    for class in cx.classes_of(Kind::Access).filter(|class| class.at.module == at.module) {
        if let Some(value) = class.attribute("permission_required") {
            add(value);
        }
    }
}

struct Known {
    permissions: BTreeSet<String>,
    /// The apps of which all permissions are known.
    labels: BTreeSet<String>,
}

fn known(cx: &Cx<'_>) -> Known {
    let mut known = Known { permissions: BTreeSet::new(), labels: BTreeSet::new() };
    let mut open = BTreeSet::new();
    let mut own: BTreeSet<String> = BTreeSet::new();
    for model in &cx.models().all {
        known.labels.insert(model.app_label.to_string());
        let name = model.name.to_lowercase();
        for verb in ["add", "change", "delete", "view"] {
            known.permissions.insert(format!("{}.{verb}_{name}", model.app_label));
        }
        let Some((code, id)) = cx.program.class_code(&model.class) else { continue };
        let Some(class) = code.class(id) else { continue };
        let Some(meta) = code.class_at(&format!("{}.Meta", class.path)) else { continue };
        if let Some(permissions) = code.class_attribute(meta, "permissions") {
            for entry in code.elements(permissions).unwrap_or_default() {
                let first = code.elements(*entry).and_then(|pair| pair.first());
                match first.and_then(|first| code.string(*first)) {
                    Some(codename) => drop(own.insert(codename.to_owned())),
                    None => drop(open.insert(model.app_label.to_string())),
                }
            }
            if code.elements(permissions).is_none() {
                open.insert(model.app_label.to_string());
            }
        }
        let default = code.class_attribute(meta, "default_permissions");
        let entries = default.and_then(|e| code.elements(e)).unwrap_or_default();
        own.extend(entries.iter().filter_map(|e| Some(format!("{}_{name}", code.string(*e)?))));
    }
    // An abstract base passes its permissions on to models of other apps.
    for label in &known.labels {
        known.permissions.extend(own.iter().map(|codename| format!("{label}.{codename}")));
    }
    known.labels.retain(|label| !open.contains(label));
    known
}

/// Whether a migration, or other code that does not ask for it, names the codename alone.
fn made_elsewhere(cx: &Cx<'_>, codename: &str, whole: &str) -> bool {
    let quoted = [
        format!("\"{codename}\""),
        format!("'{codename}'"),
        format!("\"{whole}\""),
        format!("'{whole}'"),
    ];
    cx.files.iter().any(|(_, file)| {
        let text = || file.text.as_deref().unwrap_or_default();
        match file.role {
            Role::Migration => quoted.iter().any(|word| text().contains(word)),
            Role::Application => quoted.iter().take(2).any(|word| text().contains(word)),
            _ => false,
        }
    })
}

/// Whether a permission is of the same model, or differs only by its verb.
fn similar(known: &str, wanted: &str) -> bool {
    let model = |text: &str| text.split_once('_').map(|(_, model)| model.to_owned());
    let app = |text: &str| text.split_once('.').map(|(app, _)| app.to_owned());
    app(known) == app(wanted)
        && model(known).is_some()
        && model(known) == model(wanted)
        && known.contains(".change_")
}
