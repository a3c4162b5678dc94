use djsec_base::{Confidence, Span};
use djsec_django::models::{Model, is_secret_name};
use djsec_django::views::Level;
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::objects::{How, ObjectAccess, Operation, Scope};
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, Function};

use crate::own::Site;
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views of the project's own that set a new password for whoever has a token that is stored in a row, where
    /// nothing looks at how old the row is.
    ///
    /// ## Why it matters
    /// The link lies in a mailbox, in the history of a browser and in logs, and works as long as it is there: whoever
    /// finds it years later takes the account. Django's own links work for three days, and once.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python models.py
    /// from django.contrib.auth.models import User
    /// from django.db import models
    ///
    ///
    /// class Forgotten(models.Model):
    ///     user = models.ForeignKey(User, on_delete=models.CASCADE)
    ///     token = models.CharField(max_length=64, unique=True)
    ///     made_at = models.DateTimeField(auto_now_add=True)
    /// ```
    /// ```python views.py
    /// from django.shortcuts import get_object_or_404, redirect
    ///
    /// from .models import Forgotten
    ///
    ///
    /// def renew(request, token):
    ///     row = get_object_or_404(Forgotten, token=token)  # finding
    ///     row.user.set_password(request.POST["password"])
    ///     row.user.save()
    ///     row.delete()
    ///     return redirect("/")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("renew/<str:token>/", views.renew)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// ```
    /// ```python models.py
    /// from django.contrib.auth.models import User
    /// from django.db import models
    ///
    ///
    /// class Forgotten(models.Model):
    ///     user = models.ForeignKey(User, on_delete=models.CASCADE)
    ///     token = models.CharField(max_length=64, unique=True)
    ///     made_at = models.DateTimeField(auto_now_add=True)
    /// ```
    /// ```python views.py
    /// from datetime import timedelta
    ///
    /// from django.shortcuts import get_object_or_404, redirect
    /// from django.utils import timezone
    ///
    /// from .models import Forgotten
    ///
    ///
    /// def renew(request, token):
    ///     young = timezone.now() - timedelta(hours=2)
    ///     row = get_object_or_404(Forgotten, token=token, made_at__gt=young)
    ///     row.user.set_password(request.POST["password"])
    ///     row.user.save()
    ///     row.delete()
    ///     return redirect("/")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("renew/<str:token>/", views.renew)]
    /// ```
    ///
    /// ## How to fix
    /// Look the row up with a date (`made_at__gt=…`), and delete it when it was used; or use Django's own
    /// `PasswordResetView`, whose tokens end by themselves.
    ///
    /// ## Limits
    /// Nothing is said where the code calls a method of the row or of its manager, or where anything in the project
    /// asks for rows of such an age, as what clears up old ones does.
    ///
    /// ## References
    /// - [OWASP: forgot password](https://cheatsheetseries.owasp.org/cheatsheets/Forgot_Password_Cheat_Sheet.html)
    RULE {
        id: "reset-link-never-expires",
        group: "auth",
        summary: "a link that sets a new password works for ever",
        severity: Medium,
        cwe: [640, 613],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.4.1"],
        checklist: ["password-reset-safe"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

/// Parts of names that say that an end was thought of.
const ENDS: &[&str] =
    &["expir", "max_age", "outdated", "stale", "still_valid", "timedelta", "too_old"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        if !endpoint.is_own()
            || cx.deeds(&endpoint).first(&[EffectKind::SetsPassword], Verbs::ALL).is_none()
        {
            continue;
        }
        for access in objects.accesses.iter().filter(|access| is_by_token(cx, &endpoint, access)) {
            let Some(model) = cx.models().get(&access.model) else { continue };
            if told.contains(&access.place) || is_timed(cx, &endpoint, access, model) {
                continue;
            }
            told.push(access.place);
            let message = format!(
                "a link to {} works for ever: nothing looks at how old the row of `{}` is",
                endpoint.address(),
                model.name
            );
            out.found(&RULE, access.place, endpoint.subject(), message)
                .confidence(Confidence::Medium)
                .help("look it up with a date, and delete it when it was used")
                .done();
        }
    }
}

/// Whether visitors name the row by a secret that it holds.
fn is_by_token(cx: &Cx<'_>, endpoint: &Endpoint<'_>, access: &ObjectAccess) -> bool {
    let secret = match &access.scope {
        Scope::Scoped { how: How::Unguessable(field), .. } => is_secret_name(field),
        _ => false,
    };
    secret
        && access.operation == Operation::Fetch
        && access.is_chosen()
        && !cx.models().is_user(&access.model)
        && endpoint.level_of(access).is_some_and(Level::is_public)
}

/// Whether anything may look at how old the row is.
fn is_timed(cx: &Cx<'_>, endpoint: &Endpoint<'_>, access: &ObjectAccess, model: &Model) -> bool {
    let dates: Vec<&str> = model
        .fields
        .iter()
        .filter(|field| field.kind.contains("Date") || field.kind.contains("Integer"))
        .filter(|field| !field.primary_key)
        .map(|field| &*field.name)
        .collect();
    let compared = |at: Site<'_>| {
        let looks = ["lt", "lte", "gt", "gte", "range"];
        dates.iter().any(|date| {
            looks.iter().any(|look| at.code.symbol(&format!("{date}__{look}")).is_some())
        })
    };
    let own_manager =
        model.managers.iter().any(|(_, class)| matches!(class, QualifiedName::Project(..)));
    let methods = methods(cx, &access.model);
    let around = cx.function_at(access.place);
    let mut functions = cx.functions_of(endpoint.view).chain(around);
    own_manager
        || access
            .keys
            .iter()
            .any(|key| dates.iter().any(|date| key.lookup.split("__").any(|part| part == *date)))
        || cx.sites().any(compared)
        || functions.any(|(at, function)| looks_at(at, function, &dates, &methods))
}

/// The names of what the class of a model defines itself.
fn methods(cx: &Cx<'_>, model: &QualifiedName) -> Vec<String> {
    let own = cx.bodies(model).flat_map(|(_, at, class)| {
        let ids = at.code.methods(class).into_iter();
        let names = ids.filter_map(move |id| Some(at.code.text(at.code.function(id)?.name)));
        names.map(str::to_owned).collect::<Vec<_>>()
    });
    own.filter(|name| !name.starts_with("__") && name != "save" && name != "delete").collect()
}

fn looks_at(at: Site<'_>, function: &Function, dates: &[&str], methods: &[String]) -> bool {
    let mut found = false;
    at.code.each_expr(function.body, &mut |_, expr| {
        let (Expr::Name(name) | Expr::Attribute(_, name)) = expr else { return };
        let name = at.code.text(name);
        found |= dates.contains(&name)
            || methods.iter().any(|method| method == name)
            || ENDS.iter().any(|word| name.contains(word));
    });
    found
}
