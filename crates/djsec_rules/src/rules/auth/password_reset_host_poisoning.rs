use djsec_base::{Location, Span};
use djsec_django::settings::SettingRef;
use djsec_django::views::Purpose;
use djsec_django::views::effects::{Effect, EffectKind, Verbs};
use djsec_python::code::Expr;
use djsec_python::value::Data;

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds views that mail a link with a token in it (to reset a password, to confirm an address, to
    /// accept an invitation) and take the host of the link from the request, while `ALLOWED_HOSTS` accepts
    /// every host.
    ///
    /// ## Why it matters
    /// An attacker asks for a reset of somebody else's password and sends a `Host` header of his own. The
    /// mail that the victim gets comes from the real site, and its link leads to the attacker, who reads
    /// the token from it.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["*"]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.contrib.auth.tokens import default_token_generator
    /// from django.core.mail import send_mail
    /// from django.http import HttpResponse
    ///
    ///
    /// def forgot(request):
    ///     user = User.objects.get(email=request.POST["email"])
    ///     token = default_token_generator.make_token(user)
    ///     link = request.build_absolute_uri(f"/reset/{user.pk}/{token}/")  # finding
    ///     send_mail("Reset", link, None, [user.email])
    ///     return HttpResponse("Sent")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("forgot/", views.forgot)]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["shop.example.com"]
    /// ```
    /// ```python views.py
    /// from django.contrib.auth.models import User
    /// from django.contrib.auth.tokens import default_token_generator
    /// from django.core.mail import send_mail
    /// from django.http import HttpResponse
    ///
    ///
    /// def forgot(request):
    ///     user = User.objects.get(email=request.POST["email"])
    ///     token = default_token_generator.make_token(user)
    ///     link = request.build_absolute_uri(f"/reset/{user.pk}/{token}/")
    ///     send_mail("Reset", link, None, [user.email])
    ///     return HttpResponse("Sent")
    /// ```
    /// ```python urls.py
    /// from django.urls import path
    ///
    /// from . import views
    ///
    /// urlpatterns = [path("forgot/", views.forgot)]
    /// ```
    ///
    /// ## How to fix
    /// Name the hosts in `ALLOWED_HOSTS`. Better still, build links in mails from a setting of your own, or
    /// from `django.contrib.sites`.
    ///
    /// ## Limits
    /// With a strict `ALLOWED_HOSTS` Django refuses the request, and nothing is said, whatever
    /// `USE_X_FORWARDED_HOST` is. Of the views of Django and allauth that mail a reset link, the first is
    /// reported, unless `django.contrib.sites` says the host.
    ///
    /// ## References
    /// - [Django: host headers and virtual hosting](https://docs.djangoproject.com/en/stable/topics/security/#host-headers-virtual-hosting)
    RULE {
        id: "password-reset-host-poisoning",
        group: "auth",
        summary: "a mailed link takes its host from the request",
        severity: High,
        cwe: [640, 644],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.4.3"],
        checklist: ["password-reset-safe", "allowed-hosts-explicit"],
        since: "next",
        checks: [Check::Setting(&["ALLOWED_HOSTS"], check)],
    }
}

/// Views of packages that mail a link with the host of the request.
const MAILING: &[&str] = &[
    "allauth.account.views.PasswordResetView",
    "allauth.account.views.password_reset",
    "django.contrib.auth.views.PasswordResetView",
    "django.contrib.auth.views.password_reset",
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let star = |data: &Data| data.as_str().is_some_and(|host| host.trim() == "*");
    let any = setting.any(|data| Some(star(data))).surely() & !setting.from_environment();
    if any.is_never() {
        return;
    }
    let sites = !cx.has_app("django.contrib.sites").is_never();
    let mut packaged = false;
    for endpoint in cx.endpoints() {
        let (place, words) = if endpoint.is_own() && !derived(cx, &endpoint) {
            let Some(effect) = mailed_host(cx, &endpoint, sites) else { continue };
            (Some(effect.place), format!("`{}`", effect.words))
        } else {
            if sites || packaged || !mails(cx, &endpoint) {
                continue;
            }
            packaged = true;
            let place = match endpoint.place() {
                Location::Span(span) => Some(span),
                _ => None,
            };
            (place, "Django".to_owned())
        };
        let message = format!(
            "the link that {} mails leads wherever the `Host` header says: {words} builds it from the \
             request, and `ALLOWED_HOSTS` accepts every host",
            endpoint.address(),
        );
        let hosts = setting.element_span(any, star);
        out.judge(cx, &RULE, setting, any, message)
            .at(place)
            .related(hosts.filter(|_| place.is_some()), "every host is accepted here")
            .help("name the hosts in `ALLOWED_HOSTS`, or build the link from a setting")
            .done();
    }
}

/// Whether it is Django's own view that mails a reset link, or derived from it.
fn mails(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    MAILING.contains(&&*endpoint.view.dotted) || derived(cx, endpoint)
}

fn derived(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    endpoint.class().is_some_and(|class| {
        cx.classes.derives_from(class, MAILING) == Some(true)
            && cx.assigned(class, "extra_email_context").is_none()
            && cx.counting_method(class, "form_valid").is_none()
    })
}

/// Where a view that mails a link with a token takes its host from the request.
fn mailed_host<'c>(cx: &'c Cx<'_>, endpoint: &Endpoint<'_>, sites: bool) -> Option<&'c Effect> {
    let deeds = cx.deeds(endpoint);
    let mail = deeds.first(&[EffectKind::SendsMail], Verbs::ALL)?;
    let host = deeds.all.iter().find(|effect| {
        let by_site = effect.words.contains("get_current_site");
        effect.kind == EffectKind::ReadsHost
            && !effect.verbs.and(mail.verbs).is_empty()
            && !(by_site && sites)
    })?;
    let purpose = matches!(endpoint.purpose(), Some(Purpose::PasswordReset | Purpose::Signup));
    (purpose || has_token(cx, endpoint, host.place)).then_some(host)
}

/// Whether the code around the link, or of the view, is about something secret in it.
fn has_token(cx: &Cx<'_>, endpoint: &Endpoint<'_>, place: Span) -> bool {
    const WORDS: &[&str] =
        &["activat", "invit", "magic", "reset", "signing", "token", "uidb64", "verif"];
    let about = |name: &str| {
        let name = name.to_ascii_lowercase();
        WORDS.iter().any(|word| name.contains(word))
    };
    let Some((at, function)) = cx.function_at(place) else { return about(&endpoint.view.dotted) };
    let mut found = about(at.code.text(function.name)) || about(&endpoint.view.dotted);
    at.code.each_expr(function.body, &mut |_, expr| {
        if let Expr::Name(name) | Expr::Attribute(_, name) = expr {
            found |= about(at.code.text(name));
        }
    });
    found
}
