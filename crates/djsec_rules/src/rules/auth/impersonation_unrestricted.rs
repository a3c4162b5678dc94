use djsec_base::{Severity, Span};
use djsec_django::settings::{Cond, SettingRef};
use djsec_django::views::Level;
use djsec_django::views::effects::EffectKind;
use djsec_django::views::objects::{KeyOrigin, ObjectAccess, Scope};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds packages that let one user act as another (django-hijack, django-impersonate), open to
    /// more people than superusers, or to plain links; and views that log in (`login(request, user)`) whom the
    /// request names, without a password, a token or a permission.
    ///
    /// ## Why it matters
    /// Whoever may act as another user has that user's rights and data, and what they do stands under
    /// that user's name. Staff who may act as a superuser are superusers. An impersonation that a GET
    /// request starts can be started by any page that an administrator opens.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["impersonate"]
    /// MIDDLEWARE += ["impersonate.middleware.ImpersonateMiddleware"]
    /// IMPERSONATE = {"ALLOW_SUPERUSER": True}  # finding
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["hijack"]
    /// HIJACK_PERMISSION_CHECK = "hijack.permissions.superusers_and_staff"  # finding
    /// ```
    /// ```python views.py
    /// from django.contrib.auth import get_user_model, login
    /// from django.contrib.auth.decorators import login_required
    /// from django.shortcuts import get_object_or_404, redirect
    ///
    ///
    /// @login_required
    /// def switch(request):
    ///     user = get_object_or_404(get_user_model(), pk=request.POST["user"])
    ///     login(request, user)  # finding
    ///     return redirect("/")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("switch/", views.switch)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python views.py
    /// from django.contrib.admin.views.decorators import staff_member_required
    /// from django.contrib.auth import get_user_model, login
    /// from django.shortcuts import get_object_or_404, redirect
    ///
    ///
    /// @staff_member_required
    /// def switch(request):
    ///     login(request, get_object_or_404(get_user_model(), pk=request.POST["user"]))
    ///     return redirect("/")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("switch/", views.switch)]
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["hijack", "impersonate"]
    /// MIDDLEWARE += ["impersonate.middleware.ImpersonateMiddleware"]
    /// HIJACK_PERMISSION_CHECK = "hijack.permissions.superusers_only"
    /// IMPERSONATE = {"REQUIRE_SUPERUSER": True}
    /// ```
    ///
    /// ## How to fix
    /// Leave django-hijack at its default, superusers only; set `REQUIRE_SUPERUSER` for
    /// django-impersonate; log who acted as whom. In a view of your own, ask for a permission before `login()`,
    /// or for what only that person can know.
    ///
    /// ## Limits
    /// Functions of the project that decide who may are not looked at, nor is django-loginas, which
    /// has only such. Of a view it counts that nothing else that was sent, stored or signed is looked at before
    /// somebody is logged in, whatever that is.
    ///
    /// ## References
    /// - [django-hijack: customization](https://django-hijack.readthedocs.io/en/stable/customization/)
    /// - [django-impersonate](https://code.netlandish.com/~petersanchez/django-impersonate)
    RULE {
        id: "impersonation-unrestricted",
        group: "auth",
        summary: "too many may act as other users",
        severity: High,
        cwe: [269, 287, 352],
        owasp: ["2025:A01"],
        asvs: ["5.0:8.2.1"],
        checklist: ["least-privilege-roles"],
        since: "next",
        checks: [
            Check::Settings(hijack),
            Check::Setting(&["IMPERSONATE"], impersonate),
            Check::Project(views),
        ],
    }
}

/// Views that log in whom the request names.
fn views(cx: &Cx<'_>, out: &mut Findings) {
    let mut told: Vec<Span> = Vec::new();
    for (endpoint, objects) in cx.open_endpoints() {
        for login in &objects.logins {
            let who = match endpoint.level_of(login) {
                Some(Level::Public) => "anybody",
                Some(Level::Authenticated) => "any user",
                _ => continue,
            };
            let free = is_free(cx, login) && !endpoint.is_asked_more(login);
            if !free || told.contains(&login.place) || cx.deeds(&endpoint).has(PROOFS) {
                continue;
            }
            told.push(login.place);
            let message = format!(
                "{who} can become any other at {}: whom the request names is logged in, and nothing is asked \
                 that only they could answer",
                endpoint.address()
            );
            out.found(&RULE, login.place, endpoint.subject(), message)
                .severity(Severity::Critical)
                .help("ask for a permission first, or for a password or token of that user")
                .done();
        }
    }
}

/// What shows that somebody is who they say.
const PROOFS: &[EffectKind] = &[
    EffectKind::ChecksPassword,
    EffectKind::ChecksToken,
    EffectKind::ComparesSecret,
    EffectKind::Verifies,
];

/// Whether a user is found by nothing but what everybody may know of them.
fn is_free(cx: &Cx<'_>, login: &ObjectAccess) -> bool {
    const NAMES: &[&str] = &["email", "id", "pk", "user_id", "username"];
    let known = |lookup: &str| NAMES.contains(&lookup.split("__").next().unwrap_or(lookup));
    let plain = |origin: &KeyOrigin| origin.is_chosen() || *origin == KeyOrigin::Constant;
    cx.models().is_user(&login.model)
        && login.scope == Scope::Unscoped
        && login.guards_after.is_empty()
        && login.under.is_empty()
        && login.is_chosen()
        && login.keys.iter().all(|key| {
            plain(&key.origin) && (known(&key.lookup) || key.origin == KeyOrigin::Constant)
        })
}

fn hijack(cx: &Cx<'_>, out: &mut Findings) {
    let app = cx.uses_app("hijack");
    let check = cx.setting("HIJACK_PERMISSION_CHECK");
    let staff = check.equals("hijack.permissions.superusers_and_staff").surely();
    let message = "every member of staff may act as any customer";
    report(cx, &check, staff & app, Severity::Low, message, out);
    // django-hijack 2 and older.
    for (name, severity, message) in [
        ("HIJACK_AUTHORIZE_STAFF", Severity::Low, message),
        (
            "HIJACK_AUTHORIZE_STAFF_TO_HIJACK_STAFF",
            Severity::High,
            "every member of staff may act as any other",
        ),
        (
            "HIJACK_ALLOW_GET_REQUESTS",
            Severity::Medium,
            "any page that an administrator opens can make them act as another user",
        ),
    ] {
        let setting = cx.setting(name);
        let on = setting.truthy() & app & before_3(cx);
        report(cx, &setting, on, severity, message, out);
    }
}

/// The older settings count before django-hijack 3, and where its version is not known.
fn before_3<'a>(cx: &Cx<'a>) -> Cond<'a> {
    let version = cx.project.inventory.version_of("django-hijack");
    match version.and_then(|it| it.version.release().first().copied()) {
        Some(3..) => cx.settings().never(),
        _ => cx.settings().always(),
    }
}

fn impersonate(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.uses_middleware("impersonate.middleware.ImpersonateMiddleware");
    let staff = setting.entry("REQUIRE_SUPERUSER").falsy() & setting.entry("CUSTOM_ALLOW").falsy();
    let all = setting.entry("ALLOW_SUPERUSER");
    let message = "every member of staff may act as a superuser";
    report(cx, &all, all.truthy() & staff & active, Severity::High, message, out);
}

fn report(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    when: Cond<'_>,
    severity: Severity,
    message: &str,
    out: &mut Findings,
) {
    out.judge(cx, &RULE, setting, when, message)
        .rated(severity)
        .help("leave it to superusers, over POST")
        .done();
}
