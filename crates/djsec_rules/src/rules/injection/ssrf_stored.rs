use djsec_base::{Confidence, Severity};
use djsec_flow::{Flow, Grade, Kind};

use super::report::{say, source, weighed};
use crate::writers::of_users;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds addresses that the server calls and that were kept in the database before: of a webhook, of an
    /// avatar, of a feed to import. Where any user may fill in the field, by a form or serializer of a view
    /// that asks for no more than a login, or because the view stores what is sent as it came, the finding
    /// says so; other fields are reported with
    /// `--confidence low`.
    ///
    /// ## Why it matters
    /// That an address went through the database does not make it somebody else's: whoever wrote it makes the
    /// server call it, as with `ssrf`, from inside, often again and again, and by a task whose
    /// answer is shown later.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["django.contrib.auth", "shop"]
    /// ROOT_URLCONF = "shop.urls"
    /// ```
    /// ```python shop/models.py
    /// from django.db import models
    ///
    ///
    /// class Hook(models.Model):
    ///     url = models.URLField()
    /// ```
    /// ```python shop/views.py
    /// from django.contrib.auth.mixins import LoginRequiredMixin
    /// from django.views.generic import CreateView
    ///
    /// from .models import Hook
    ///
    ///
    /// class AddHook(LoginRequiredMixin, CreateView):
    ///     model = Hook
    ///     fields = ["url"]
    /// ```
    /// ```python shop/tasks.py
    /// import requests
    /// from celery import shared_task
    ///
    /// from .models import Hook
    ///
    ///
    /// @shared_task
    /// def deliver(pk, payload):
    ///     hook = Hook.objects.get(pk=pk)
    ///     requests.post(hook.url, json=payload, timeout=5)  # finding
    /// ```
    /// ```python shop/urls.py
    /// from django.urls import path
    ///
    /// from .views import AddHook
    ///
    /// urlpatterns = [path("hooks/add/", AddHook.as_view())]
    /// ```
    ///
    /// ## Not flagged
    /// An address that the source begins, whatever comes from the database:
    /// ```python shop/models.py
    /// from django.db import models
    ///
    ///
    /// class Hook(models.Model):
    ///     name = models.CharField(max_length=50)
    /// ```
    /// ```python shop/tasks.py
    /// import requests
    /// from celery import shared_task
    ///
    /// from .models import Hook
    ///
    ///
    /// @shared_task
    /// def deliver(pk, payload):
    ///     hook = Hook.objects.get(pk=pk)
    ///     requests.post(f"https://hooks.example.com/{hook.name}", json=payload, timeout=5)
    /// ```
    ///
    /// ## How to fix
    /// Call addresses of users through a proxy that reaches nothing inside, or refuse what resolves to a private
    /// address when it is called (not when it is saved: names change), and do not follow redirects.
    ///
    /// ## Limits
    /// Who may fill in a field is only known of forms of models and serializers that list it, and of views that
    /// put what was sent there themselves. Where the
    /// project looks at addresses anywhere (`is_private`, `is_global`, `advocate`), that may be done for
    /// these, too, so that all is reported with low confidence.
    ///
    /// ## References
    /// - [OWASP: server-side request forgery prevention](https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html)
    RULE {
        id: "ssrf-stored",
        group: "injection",
        summary: "the server calls an address that users kept in the database",
        severity: High,
        cwe: [918],
        owasp: ["2025:A01"],
        asvs: ["5.0:1.3.6"],
        checklist: ["no-ssrf"],
        since: "next",
        checks: [Check::Flow(&[Kind::Ssrf], check)],
    }
}

/// What code mentions that keeps the server from calling addresses inside.
const LOOKS: &[&str] =
    &["advocate", "getaddrinfo", "is_global", "is_loopback", "is_private", "smokescreen"];

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if flow.source.grade != Grade::Stored {
        return;
    }
    let help = "call it through a proxy that reaches nothing inside, or refuse private addresses";
    let plain = format!("{} decides {}", source(flow), flow.words);
    let writer = if cx.mentions(LOOKS) { None } else { of_users(cx, flow) };
    let Some(writer) = writer else {
        say(&RULE, flow, plain, out).help(help).done();
        return;
    };
    let message = format!("{plain}, and {writer}");
    let confidence = if flow.doubt == 0 { Confidence::Medium } else { Confidence::Low };
    weighed(&RULE, flow, (Severity::High, confidence), message, out).help(help).done();
}
