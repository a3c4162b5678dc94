//! What keeps people from trying passwords and codes for as long as they like.

use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::{Purpose, ViewKind};

use crate::{Cx, Endpoint};

/// Apps that limit the attempts on every login.
const APPS: &[&str] =
    &["axes", "defender", "django_defender", "captcha", "django_recaptcha", "hcaptcha"];
/// Middleware that limits requests.
const MIDDLEWARE: &[&str] = &[
    "axes.middleware.AxesMiddleware",
    "defender.middleware.FailedLoginMiddleware",
    "django_ratelimit.middleware.RatelimitMiddleware",
];

/// Whether something limits attempts for the whole site, or may.
pub(super) fn site_wide(cx: &Cx<'_>) -> bool {
    APPS.iter().any(|app| !cx.has_app(app).is_never())
        || MIDDLEWARE.iter().any(|path| !cx.uses_middleware(path).is_never())
        || cx.setting("MIDDLEWARE").elements().iter().any(|part| {
            part.data.as_str().is_some_and(|path| {
                let path = path.to_ascii_lowercase();
                ["ratelimit", "rate_limit", "throttl", "blocker"].iter().any(|w| path.contains(w))
            })
        })
        || cx.proxy_sends("limit_req ")
        || cx.proxy_sends("ratelimit")
        || cx.proxy_sends("rate_limit")
}

/// Whether a view limits how often it is called, itself or by its package.
pub(super) fn limited(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    let by_package = endpoint.view.public_because.as_ref().is_some_and(|reason| {
        reason.words.contains("allauth") || reason.words.contains("two_factor")
    });
    !endpoint.view.throttles.is_empty()
        || by_package
        || endpoint.view.dotted.starts_with("allauth.")
        || cx.deeds(endpoint).has(&[EffectKind::Limits])
}

/// Whether somebody may try passwords at a view.
pub(super) fn takes_passwords(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    if !endpoint.view.methods.may("POST") {
        return false;
    }
    if endpoint.view.kind == ViewKind::Admin {
        return endpoint.name() == "login";
    }
    let name = endpoint.name();
    if !endpoint.is_own() {
        let token = endpoint.purpose() == Some(Purpose::Token)
            && (name.contains("Obtain") || name.contains("obtain"));
        return token || endpoint.purpose() == Some(Purpose::Login) && name.contains("Login");
    }
    let by_base = endpoint.purpose() == Some(Purpose::Login)
        && endpoint.view.public_because.as_ref().is_some_and(|r| r.words.contains("LoginView"));
    let deeds = cx.deeds(endpoint);
    let public = endpoint.verbs_where(|level| !level.needs_user()).and(Verbs::WRITING);
    let checks = deeds.first(&[EffectKind::ChecksPassword], public).is_some();
    let logs_in = deeds.first(&[EffectKind::LogsIn, EffectKind::IssuesToken], public).is_some();
    by_base || checks && logs_in
}

/// The addresses of several views in words, at most three.
pub(super) fn addresses(all: &[Endpoint<'_>]) -> String {
    let mut shown: Vec<String> = Vec::new();
    for endpoint in all {
        let Some(route) = endpoint.routes.first() else { continue };
        let address = format!("`{}`", route.address());
        if !shown.contains(&address) {
            shown.push(address);
        }
    }
    let more = shown.len().saturating_sub(3);
    shown.truncate(3);
    let words = shown.join(", ");
    if more > 0 { format!("{words} and {more} more") } else { words }
}
