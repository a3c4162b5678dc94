use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a project with models of its own that uses Django's built-in user model.
    ///
    /// ## Why it matters
    /// Logging in by e-mail address, a unique address, or a flag for privileged accounts all need a
    /// user model of the project, and changing to one later means rewriting migrations and foreign keys
    /// by hand. Django recommends one from the first migration on. For a project that runs already,
    /// this is for information.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop.orders"]  # finding: default-user-model
    /// ```
    /// ```python shop/orders/models.py
    /// from django.db import models
    ///
    ///
    /// class Order(models.Model):
    ///     pass
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop.users"]
    /// AUTH_USER_MODEL = "users.User"
    /// ```
    /// ```python shop/users/models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class User(AbstractUser):
    ///     pass
    /// ```
    ///
    /// ## How to fix
    /// In a new project, derive a model from `AbstractUser` and set `AUTH_USER_MODEL` before the first
    /// migration.
    ///
    /// ## References
    /// - [Django: using a custom user model when starting a project](https://docs.djangoproject.com/en/stable/topics/auth/customizing/#using-a-custom-user-model-when-starting-a-project)
    RULE {
        id: "default-user-model",
        group: "auth",
        summary: "the project has no user model of its own",
        severity: Info,
        cwe: [657],
        owasp: ["2025:A06"],
        checklist: ["custom-user-model"],
        since: "next",
        checks: [Check::Setting(&["AUTH_USER_MODEL"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let default = setting.equals("auth.User") & cx.uses_app("django.contrib.auth");
    if default.is_never() {
        return;
    }
    let apps = cx.setting("INSTALLED_APPS");
    let is_own = |data: &Data| data.as_str().is_some_and(|app| has_models(cx, app));
    let own = apps.any(|data| Some(is_own(data))).surely();
    let place = apps.element_span(own, is_own);
    let message = "the project uses Django's own user model, which is hard to leave later";
    out.judge(cx, &RULE, setting, default & own, message)
        .at(if setting.explicit { None } else { place })
        .help("in a new project, start with a user model of your own")
        .done();
}

/// Whether an installed app of the project has models.
fn has_models(cx: &Cx<'_>, app: &str) -> bool {
    let package = app.split(".apps.").next().unwrap_or(app);
    cx.program.find(&format!("{package}.models"), &cx.project.root).is_some()
}
