use djsec_base::{Confidence, Finding, Location};

use super::backends::stored_passwords;
use super::limits::{addresses, limited, site_wide, takes_passwords};
use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds logins by password that nothing limits: no app such as django-axes, no throttle on the
    /// view, no limit in the configuration of a proxy.
    ///
    /// ## Why it matters
    /// Django lets anybody try as many passwords as they like. Lists of passwords that leaked
    /// elsewhere are tried on every login of the web, thousands a minute.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.contrib.auth.views import LoginView
    /// from django.urls import path
    ///
    /// urlpatterns = [path("login/", LoginView.as_view())]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["axes"]
    /// MIDDLEWARE += ["axes.middleware.AxesMiddleware"]
    /// AUTHENTICATION_BACKENDS = [
    ///     "axes.backends.AxesStandaloneBackend",
    ///     "django.contrib.auth.backends.ModelBackend",
    /// ]
    /// ```
    /// ```python urls.py
    /// from django.contrib.auth.views import LoginView
    /// from django.urls import path
    ///
    /// urlpatterns = [path("login/", LoginView.as_view())]
    /// ```
    ///
    /// ## How to fix
    /// Install django-axes, which covers all logins at once (the admin's, too), or put
    /// `@ratelimit(key="post:username", rate="5/m")` of django-ratelimit on each of them.
    ///
    /// ## Limits
    /// Limits of a CDN or a firewall in front of the site cannot be seen from here.
    ///
    /// ## References
    /// - [Django: additional security topics](https://docs.djangoproject.com/en/stable/topics/security/#additional-security-topics)
    RULE {
        id: "login-without-brute-force-protection",
        group: "auth",
        summary: "passwords can be tried without a limit",
        severity: Medium,
        cwe: [307],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1"],
        checklist: ["login-throttled"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if stored_passwords(cx).is_never() || site_wide(cx) {
        return;
    }
    let open: Vec<Endpoint<'_>> = cx
        .endpoints()
        .filter(|endpoint| takes_passwords(cx, endpoint) && !limited(cx, endpoint))
        .collect();
    let Some(first) = open.iter().find(|e| e.is_own()).or_else(|| open.first()) else { return };
    let message = format!("nothing limits how often passwords are tried at {}", addresses(&open));
    let finding = Finding::new(&RULE.meta, first.place(), "logins".to_owned(), message)
        .confidence(Confidence::Medium);
    let mut report = out.report(finding);
    for other in open.iter().filter(|other| other.at != first.at) {
        if let Location::Span(span) = other.place()
            && other.place() != first.place()
        {
            report = report.related(Some(span), "and here");
        }
    }
    report.help("install django-axes, or limit the rate of these views").done();
}
