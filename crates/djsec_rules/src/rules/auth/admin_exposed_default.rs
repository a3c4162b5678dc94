use djsec_base::{Confidence, Finding};

use super::limits::site_wide;
use super::second_factor::{is_there, plain_admin};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds an admin at Django's usual address that any network reaches and nothing else protects:
    /// no second factor, no limit on attempts, no rule in a proxy.
    ///
    /// ## Why it matters
    /// `/admin/` is the first address that scanners try. Each layer that is missing leaves the next
    /// one to hold alone; here it is one password of one member of staff.
    ///
    /// ## Flagged
    /// ```python urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    /// urlpatterns = [path("admin/", admin.site.urls)]  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python urls.py
    /// from django.contrib import admin
    /// from django.urls import path
    ///
    /// urlpatterns = [path("office-4821/", admin.site.urls)]
    /// ```
    ///
    /// ## How to fix
    /// Best first: let only your own network reach it (`allow` and `deny` in the proxy, a VPN), ask
    /// for a second factor, limit the attempts. Another address keeps scanners off, not attackers.
    ///
    /// ## Limits
    /// Reported only where all layers are missing; the second factor and the limit have rules of their
    /// own.
    RULE {
        id: "admin-exposed-default",
        group: "auth",
        summary: "the admin stands at its usual address, open to every network",
        severity: Low,
        cwe: [284],
        owasp: ["2025:A01"],
        asvs: ["5.0:13.4.5"],
        checklist: ["admin-restricted"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let Some(admin) = plain_admin(cx) else { return };
    let usual = admin.routes.iter().find(|route| {
        matches!(route.address().trim_matches(['/', '^', '$']), "admin" | "django-admin")
    });
    let Some(route) = usual else { return };
    let restricted = cx.proxy_sends("deny all") && cx.proxy_sends("admin");
    if is_there(cx) || site_wide(cx) || restricted {
        return;
    }
    let message = format!(
        "the admin is at `{}`, where everybody looks first, and every network reaches it: no second \
         factor, no limit on attempts, no rule in a proxy",
        route.address()
    );
    let finding = Finding::new(&RULE.meta, admin.place(), "admin".to_owned(), message)
        .confidence(Confidence::Medium);
    out.report(finding).at(Some(route.place)).help("let only your own network reach it").done();
}
