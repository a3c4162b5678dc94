use djsec_python::QualifiedName;
use djsec_python::code::ClassId;

use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a user model whose `is_authenticated` or `is_anonymous` is a method, or whose
    /// `USERNAME_FIELD` is not unique while Django's own backend looks users up by it.
    ///
    /// ## Why it matters
    /// Django asks for the attribute without calling it, and a method is true: everybody counts as
    /// logged in. With two accounts of one name, whoever makes the second decides who may log in.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractBaseUser
    /// from django.db import models
    ///
    ///
    /// class Customer(AbstractBaseUser):
    ///     email = models.EmailField(unique=True)
    ///     USERNAME_FIELD = "email"
    ///
    ///     def is_authenticated(self):  # finding
    ///         return self.verified
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractBaseUser
    /// from django.db import models
    ///
    ///
    /// class Customer(AbstractBaseUser):
    ///     email = models.EmailField(unique=True)
    ///     USERNAME_FIELD = "email"
    ///
    ///     @property
    ///     def is_authenticated(self):
    ///         return True
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    ///
    /// ## How to fix
    /// Leave the two attributes to `AbstractBaseUser`; say `unique=True` for the field.
    ///
    /// ## References
    /// - [Django: specifying a custom user model](https://docs.djangoproject.com/en/stable/topics/auth/customizing/#specifying-a-custom-user-model)
    RULE {
        id: "auth-model-callable-flags",
        group: "auth",
        summary: "the user model makes everybody count as logged in, or names ambiguous",
        severity: Critical,
        cwe: [287],
        owasp: ["2025:A07"],
        checklist: ["custom-user-model"],
        django: ["auth.C009", "auth.C010", "auth.E003", "auth.W004"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let Some(user) = &cx.models().user else { return };
    for (name, check) in [("is_anonymous", "auth.C009"), ("is_authenticated", "auth.C010")] {
        let Some((at, id, _)) = cx.counting_method(user, name) else { continue };
        let Some(function) = at.code.function(id) else { continue };
        if !at.code.exprs(function.decorators).is_empty() {
            continue;
        }
        let message = format!("`{name}` is a method, which is true for everybody");
        out.found(&RULE, at.span(function.name_range), name, message)
            .django_check(check)
            .help("remove it: `AbstractBaseUser` has it")
            .done();
    }
    ambiguous(cx, user, out);
}

fn ambiguous(cx: &Cx<'_>, user: &QualifiedName, out: &mut Findings) {
    let Some((at, value)) = cx.assigned(user, "USERNAME_FIELD") else { return };
    let Some(name) = at.code.string(value) else { return };
    let Some(field) = cx.models().field(user, name) else { return };
    let Some(place) = field.place else { return };
    let (Some((_, class)), QualifiedName::Project(module, _)) = (cx.program.class_code(user), user)
    else {
        return;
    };
    if field.unique
        || field.primary_key
        || cx.site(*module).is_none_or(|at| constrained(at, class, name))
    {
        return;
    }
    let backends = cx.setting("AUTHENTICATION_BACKENDS");
    let django = backends.contains("django.contrib.auth.backends.ModelBackend");
    let only = django.is_always() && backends.elements().len() == 1;
    let message = format!("`{name}` names users, and two of them may have the same");
    out.found(&RULE, place, name, message)
        .severity(djsec_base::Severity::High)
        .django_check(if only { "auth.E003" } else { "auth.W004" })
        .help("say `unique=True`")
        .done();
}

/// Whether a constraint of the model may make it unique.
fn constrained(at: Site<'_>, class: ClassId, _name: &str) -> bool {
    let Some(class) = at.code.class(class) else { return true };
    let Some(meta) = at.code.class_at(&format!("{}.Meta", class.path)) else { return false };
    ["constraints", "unique_together"]
        .iter()
        .any(|option| at.code.class_attribute(meta, option).is_some())
}
