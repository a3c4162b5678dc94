use djsec_base::{Certainty, Confidence, Finding, Location, Severity};
use djsec_django::evidence::{Conflict, ConflictReason};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds projects whose entry points disagree on the settings module: two deployed services that
    /// load different settings, or a server entry point that falls back to development settings
    /// although production settings stand beside them, or are kept in another repository.
    ///
    /// ## Why it matters
    /// `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.dev")` in `wsgi.py` is what
    /// runs whenever the variable is forgotten: on a new host, in a cron job, after a change of
    /// container. The site then serves debug pages with development keys, and nothing fails.
    ///
    /// ## Flagged
    /// ```python wsgi.py
    /// import os
    ///
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.dev")  # finding
    /// ```
    /// ```python shop/settings/dev.py
    /// INSTALLED_APPS = ["django.contrib.auth"]
    /// ROOT_URLCONF = "shop.urls"
    /// DEBUG = True
    /// ```
    /// ```python shop/settings/production.py
    /// from .dev import *
    ///
    /// DEBUG = False
    /// ```
    ///
    /// ## Not flagged
    /// ```python wsgi.py
    /// import os
    ///
    /// os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")
    /// ```
    /// ```python shop/settings/production.py
    /// INSTALLED_APPS = ["django.contrib.auth"]
    /// ROOT_URLCONF = "shop.urls"
    /// DEBUG = False
    /// ```
    ///
    /// ## How to fix
    /// Let `wsgi.py` and `asgi.py` fall back to the production settings, and keep the development
    /// module for `manage.py`; or set `DJANGO_SETTINGS_MODULE` in the image or unit that starts the
    /// server.
    ///
    /// ## Limits
    /// Only what is in the repository counts. Where the platform sets the variable, say so with
    /// `settings` in the config.
    ///
    /// ## References
    /// - [Django: how to deploy with WSGI](https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/#configuring-the-settings-module)
    RULE {
        id: "prod-settings-module-mismatch",
        group: "settings",
        summary: "entry points disagree on the settings that production loads",
        severity: High,
        cwe: [1188],
        owasp: ["2025:A02"],
        checklist: ["production-settings-known"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

/// What names the class of class-based settings.
const CLASS: &str = "DJANGO_CONFIGURATION";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let reasons = [
        ConflictReason::DevelopmentFallback,
        ConflictReason::ProductionElsewhere,
        ConflictReason::DevelopmentOnly,
        ConflictReason::OtherDeployment,
    ];
    for reason in reasons {
        let conflicts: Vec<&Conflict> =
            cx.project.conflicts.iter().filter(|conflict| conflict.reason == reason).collect();
        if let Some(first) = conflicts.first() {
            let finding = finding(cx, reason, first);
            if reason == ConflictReason::DevelopmentOnly {
                if cx.project.certainty == Certainty::Fallback {
                    out.report(finding).done();
                }
                continue;
            }
            let others = conflicts.iter().filter_map(|conflict| match reason {
                ConflictReason::DevelopmentFallback => {
                    Some((conflict.location?, "settings for production"))
                }
                ConflictReason::ProductionElsewhere => {
                    let file = cx.settings().file.map(Location::File)?;
                    Some((file, "settings for production, which are audited"))
                }
                _ => Some((conflict.location?, conflict.text.as_str())),
            });
            let finding = others.fold(finding, |f, (place, text)| f.related(place, text));
            out.report(finding).done();
        }
    }
}

fn finding(cx: &Cx<'_>, reason: ConflictReason, conflict: &Conflict) -> Finding {
    let chosen = &cx.settings().module;
    let place = cx.project.evidence.first().and_then(|line| line.location);
    let place = place.or(conflict.location).unwrap_or(Location::Project);
    let other = &conflict.module;
    let variable = if other.contains(':') { CLASS } else { "DJANGO_SETTINGS_MODULE" };
    match reason {
        ConflictReason::DevelopmentFallback => Finding::new(
            &RULE.meta,
            place,
            chosen.as_str(),
            format!(
                "a server started without DJANGO_SETTINGS_MODULE loads {chosen}, settings for \
                 development, although {other} stands beside it"
            ),
        )
        .severity(Severity::Medium)
        .help(format!(
            "fall back to {other} here, or set DJANGO_SETTINGS_MODULE where the server starts; \
             audit the production settings with `--settings {other}`"
        )),
        // The other way round: those for production are the chosen ones.
        ConflictReason::ProductionElsewhere => Finding::new(
            &RULE.meta,
            conflict.location.unwrap_or(Location::Project),
            other.as_str(),
            format!(
                "a server started without {variable} loads {other}, settings for \
                 development, although {chosen} stands beside it"
            ),
        )
        .severity(Severity::Medium)
        .help(format!(
            "fall back to {chosen} here, so that a server where nobody sets {variable} does not \
             run {other}"
        )),
        ConflictReason::DevelopmentOnly => Finding::new(
            &RULE.meta,
            place,
            chosen.as_str(),
            format!(
                "a server started without DJANGO_SETTINGS_MODULE loads {chosen}, settings for \
                 development; the repository has none for production"
            ),
        )
        .severity(Severity::Medium)
        .help(
            "name no fallback in `wsgi.py`, so that a server without the variable does not start; \
             audit the settings that production loads with `--settings MODULE`",
        ),
        _ => Finding::new(
            &RULE.meta,
            place,
            chosen.as_str(),
            format!("one deployed service loads {chosen}, another {other}"),
        )
        .severity(Severity::Low)
        .confidence(Confidence::Medium)
        .help(
            "let every deployed service load the same settings, and tell them apart by variables",
        ),
    }
}
