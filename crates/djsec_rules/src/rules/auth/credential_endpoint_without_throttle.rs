use djsec_base::{Confidence, Finding, Location};
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_django::views::{Purpose, ViewKind};

use super::limits::{addresses, limited, site_wide};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds public views that send mail or check a one-time code, and that nothing limits: password
    /// reset, sign-up, codes of a second factor.
    ///
    /// ## Why it matters
    /// A code of six digits is guessed within hours where nobody counts the attempts. A reset form
    /// without a limit fills the mailbox of anybody, from your address.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.contrib.auth.views import PasswordResetView
    /// from django.urls import path
    ///
    /// urlpatterns = [path("reset/", PasswordResetView.as_view())]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.contrib.auth.views import PasswordResetView
    /// from django.urls import path
    /// from django_ratelimit.decorators import ratelimit
    ///
    /// limited = ratelimit(key="ip", rate="5/h", method="POST")
    /// urlpatterns = [
    ///     path("reset/", ratelimit(key="ip", rate="5/h", method="POST")(PasswordResetView.as_view())),
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Put `@ratelimit(key="ip", rate="5/h", method="POST")` of django-ratelimit on the view, a
    /// throttle class on views of DRF, or a limit for the address in the proxy.
    RULE {
        id: "credential-endpoint-without-throttle",
        group: "auth",
        summary: "codes can be tried, or mail be sent, without a limit",
        severity: Low,
        cwe: [307, 799],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1", "5.0:6.6.3"],
        checklist: ["login-throttled", "password-reset-safe"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    // Apps that watch logins do not watch these, but where a proxy limits, djsec does not see what.
    if cx.proxy_sends("limit_req ") || cx.proxy_sends("rate_limit") {
        return;
    }
    let captcha =
        site_wide(cx) && cx.has_app("axes").is_never() && cx.has_app("defender").is_never();
    let open: Vec<Endpoint<'_>> = cx
        .endpoints()
        .filter(|endpoint| !captcha && needs_limit(cx, endpoint) && !limited(cx, endpoint))
        .collect();
    let Some(first) = open.iter().find(|e| e.is_own()).or_else(|| open.first()) else { return };
    let message = format!(
        "nothing limits how often visitors have mail sent or codes checked at {}",
        addresses(&open)
    );
    let finding = Finding::new(&RULE.meta, first.place(), "credentials".to_owned(), message)
        .confidence(Confidence::Medium);
    let mut report = out.report(finding);
    for other in open.iter().filter(|other| other.place() != first.place()) {
        if let Location::Span(span) = other.place() {
            report = report.related(Some(span), "and here");
        }
    }
    report
        .help("limit the rate of these views, such as with `@ratelimit` of django-ratelimit")
        .done();
}

fn needs_limit(cx: &Cx<'_>, endpoint: &Endpoint<'_>) -> bool {
    if endpoint.view.kind == ViewKind::Admin || !endpoint.view.methods.may("POST") {
        return false;
    }
    let name = endpoint.name();
    if !endpoint.is_own() {
        return endpoint.purpose() == Some(Purpose::PasswordReset)
            && matches!(name, "PasswordResetView" | "password_reset");
    }
    let public = endpoint.verbs_where(|level| !level.needs_user()).and(Verbs::WRITING);
    let kinds = match endpoint.purpose() {
        Some(Purpose::PasswordReset | Purpose::Signup) => {
            [EffectKind::SendsMail, EffectKind::SendsMail]
        }
        Some(Purpose::Login) => [EffectKind::ChecksToken, EffectKind::ChecksToken],
        _ => return false,
    };
    cx.deeds(endpoint).first(&kinds, public).is_some()
        || endpoint
            .view
            .public_because
            .as_ref()
            .is_some_and(|r| r.words.ends_with("PasswordResetView"))
}
