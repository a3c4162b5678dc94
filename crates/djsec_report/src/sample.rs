//! A made-up outcome that uses everything a report can show, for the tests and the gallery.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::{
    Certainty, Confidence, Coverage, EvidenceLine, File, FileId, FileKind, Files, Finding, Fix,
    Location, Notice, Outcome, ProfileSummary, ProjectSummary, Role, RuleMeta, Severity, Span,
    Suppressed, SuppressedBy, TextRange, TextSize, Undecided, Utf8Path,
};

pub(crate) const SETTINGS: &str = r#"import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "k3Jq9vXz2LmN8pRt5WyB7cDf")
DEBUG = os.environ.get("DJANGO_DEBUG", "True")

ALLOWED_HOSTS = [
    "shop.example.com",
    "*",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "PASSWORD": "hunter2-hunter2",
    }
}
"#;

pub(crate) const PRODUCTION: &str = r#"from .base import *  # noqa: F403

SESSION_COOKIE_SECURE = False
CSRF_TRUSTED_ORIGINS = ["http://shop.example.com"]
SECURE_HSTS_SECONDS = 0  # djsec: ignore[hsts-missing] the load balancer sends it
"#;

const DOCKERFILE: &str = "FROM python:3.13-slim\nENV DJANGO_SETTINGS_MODULE=shop.settings.production\nCMD [\"gunicorn\", \"shop.wsgi\"]\n";

macro_rules! rule {
    ($id:literal, $group:literal, $severity:ident, $summary:literal, $cwe:literal) => {
        RuleMeta {
            id: $id,
            group: $group,
            summary: $summary,
            docs: "## What it does\nFinds the defect that gives the rule its `name`.\n\n## Why it matters\nAn attacker is **glad** of it. See the\n[deployment checklist](https://docs.djangoproject.com/en/stable/howto/deployment/checklist/).\n\n## Flagged\n```python settings.py\nDEBUG = True  # finding\n```\n\n## Not flagged\n```python settings.py\nDEBUG = False\n```\n\n## How to fix\n- Turn it off.\n- Deploy.\n",
            severity: Severity::$severity,
            cwe: &[$cwe],
            owasp: &["2025:A02"],
            asvs: &["5.0:13.4.2"],
            checklist: &["settings.debug"],
            django: &["security.W018"],
            since: "next",
            source: "crates/djsec_rules/src/rules/example.rs",
        }
    };
}

pub(crate) static DEBUG: RuleMeta =
    rule!("debug-enabled", "settings", High, "debug mode is on in production", 489);
pub(crate) static KEY: RuleMeta = rule!(
    "secret-key-insecure-fallback",
    "settings",
    Critical,
    "the secret key falls back to a value that is in the repository",
    1188
);
pub(crate) static COOKIE: RuleMeta = rule!(
    "session-cookie-insecure",
    "cookies",
    Medium,
    "the session cookie is sent over plain HTTP",
    614
);
pub(crate) static HSTS: RuleMeta =
    rule!("hsts-missing", "transport", Low, "browsers are not told to stay on HTTPS", 319);
pub(crate) static HOSTS: RuleMeta = rule!(
    "allowed-hosts-wildcard",
    "settings",
    Info,
    "any host name is accepted in the Host header",
    644
);
pub(crate) static RULES: [&RuleMeta; 5] = [&DEBUG, &KEY, &COOKIE, &HSTS, &HOSTS];

/// A file of an application.
pub(crate) fn file(path: &str, kind: FileKind, text: &str) -> File {
    File::new(path.into(), kind, Role::Application, Some(Arc::from(text)))
}

/// The files of the made-up shop.
pub(crate) fn files() -> Files {
    Files::new(vec![
        file("Dockerfile", FileKind::Dockerfile, DOCKERFILE),
        file("poetry.lock", FileKind::Lock, "[[package]]\nname = \"django\"\n"),
        file("shop/settings/base.py", FileKind::Python, SETTINGS),
        file("shop/settings/production.py", FileKind::Python, PRODUCTION),
    ])
}

/// The first place of `needle` in a file.
pub(crate) fn span(files: &Files, path: &str, needle: &str) -> Span {
    let id = files.find(Utf8Path::new(path)).unwrap_or(FileId(0));
    let at = files.text(id).find(needle).unwrap_or(0);
    let size = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(0));
    Span::new(id, TextRange::at(size(at), size(needle.len())))
}

fn line(files: &Files, text: &str, path: &str, needle: &str) -> EvidenceLine {
    EvidenceLine { text: text.to_owned(), location: Some(span(files, path, needle).into()) }
}

fn project(files: &Files) -> ProjectSummary {
    let evidence = vec![
        line(
            files,
            "ENV DJANGO_SETTINGS_MODULE=shop.settings.production in the final stage",
            "Dockerfile",
            "ENV",
        ),
        line(files, "the image starts gunicorn shop.wsgi", "Dockerfile", "CMD"),
    ];
    let secret = "DATABASE_URL=postgres://shop:hunter2@db/shop";
    ProjectSummary {
        root: "".into(),
        django: Some(String::from("5.2.3")),
        django_source: Some(span(files, "poetry.lock", "name").into()),
        profile: Some(ProfileSummary {
            module: String::from("shop.settings.production"),
            file: files.find(Utf8Path::new("shop/settings/production.py")),
            certainty: Certainty::Deployed,
            for_development: false,
            evidence,
            environment: vec![
                line(files, "DJANGO_SETTINGS_MODULE=shop.settings.production", "Dockerfile", "ENV"),
                line(files, secret, "Dockerfile", "FROM"),
            ],
            kinds: BTreeMap::from([("known", 212), ("env", 14), ("union", 3), ("opaque", 2)]),
            fails_when: vec![String::from(
                "DJANGO_SETTINGS_MODULE names a module without SECRET_KEY",
            )],
        }),
    }
}

fn findings(files: &Files) -> Vec<Finding> {
    let base = "shop/settings/base.py";
    let production = "shop/settings/production.py";
    let fallback = span(files, base, "\"k3Jq9vXz2LmN8pRt5WyB7cDf\"");
    let mut findings = vec![
        Finding::new(
            &KEY,
            fallback.into(),
            "SECRET_KEY",
            "`SECRET_KEY` falls back to k3Jq9vXz2LmN8pRt5WyB7cDf when `DJANGO_SECRET_KEY` is unset: whoever reads the repository can forge sessions and password reset links",
        )
        .related(
            span(files, base, "\"DJANGO_SECRET_KEY\"").into(),
            "unset in the Dockerfile",
        )
        .related(span(files, "Dockerfile", "ENV").into(), "the image sets only this variable")
        .fix(Fix::unsafe_replace(
            "Fail when the variable is unset",
            span(files, base, "os.environ.get(\"DJANGO_SECRET_KEY\", \"k3Jq9vXz2LmN8pRt5WyB7cDf\")"),
            "os.environ[\"DJANGO_SECRET_KEY\"]",
        )),
        Finding::new(
            &DEBUG,
            span(files, base, "os.environ.get(\"DJANGO_DEBUG\", \"True\")").into(),
            "DEBUG",
            "`DEBUG` is on: every error page shows settings and source code",
        )
        .step(span(files, base, "\"DJANGO_DEBUG\"").into(), "`DJANGO_DEBUG` is read, unset in the image")
        .step(span(files, base, "\"True\"").into(), "so its default, a string that is true")
        .step(span(files, production, "from .base import *").into(), "production takes it over")
        .help("compare it: `os.environ.get(\"DJANGO_DEBUG\") == \"1\"`")
        .django_check("security.W018"),
        Finding::new(
            &HOSTS,
            span(files, base, "[\n    \"shop.example.com\",\n    \"*\",\n]").into(),
            "ALLOWED_HOSTS",
            "`ALLOWED_HOSTS` accepts any host",
        )
        .confidence(Confidence::Medium),
        Finding::new(
            &COOKIE,
            span(files, production, "SESSION_COOKIE_SECURE = False").into(),
            "SESSION_COOKIE_SECURE",
            "the session cookie is also sent over plain HTTP, where anyone on the way can read it",
        )
        .fix(Fix::safe_replace(
            "Send the cookie over HTTPS only",
            span(files, production, "False"),
            "True",
        ))
        .django_check("security.W012"),
    ];
    for (at, finding) in findings.iter_mut().enumerate() {
        finding.fingerprint = format!("{at:016x}");
        finding.project = Some(0);
    }
    findings
}

/// An outcome with something of everything.
pub(crate) fn outcome(files: &Files) -> Outcome {
    let production = "shop/settings/production.py";
    let hsts = Finding::new(
        &HSTS,
        span(files, production, "SECURE_HSTS_SECONDS = 0").into(),
        "SECURE_HSTS_SECONDS",
        "`SECURE_HSTS_SECONDS` is 0",
    );
    let comment = SuppressedBy::Comment {
        span: span(files, production, "# djsec: ignore[hsts-missing] the load balancer sends it"),
        reason: String::from("the load balancer sends it"),
    };
    let config = SuppressedBy::Config {
        reason: String::from("known and planned"),
        owner: Some(String::from("ops")),
        until: Some(String::from("2027-01-31")),
    };
    Outcome {
        findings: findings(files),
        suppressed: vec![
            Suppressed { finding: hsts.clone(), by: comment },
            Suppressed { finding: hsts.clone(), by: config },
            Suppressed { finding: hsts, by: SuppressedBy::Baseline },
        ],
        undecided: vec![Undecided {
            rule: HSTS.id,
            subject: String::from("SECURE_PROXY_SSL_HEADER"),
            reason: String::from(
                "the value comes from a function of a package that is not installed",
            ),
            location: span(files, production, "CSRF_TRUSTED_ORIGINS").into(),
            project: Some(0),
        }],
        notices: vec![
            Notice::config(
                "unused-suppression",
                "the exception for `debug-enabled` matches nothing",
            )
            .at(span(files, production, "# noqa")),
            Notice::info("no-lock-file", "versions were read from requirements.txt"),
        ],
        coverage: Coverage {
            files: 212,
            python_files: 180,
            python_lines: 24_112,
            syntax_errors: 1,
            rules: 87,
        },
        projects: vec![project(files)],
    }
}

/// The same with a file that was skipped.
pub(crate) fn incomplete(files: &Files) -> Outcome {
    let mut outcome = outcome(files);
    let place = Location::File(files.find(Utf8Path::new("poetry.lock")).unwrap_or(FileId(0)));
    outcome.notices.push(
        Notice::incomplete("file-too-large", "60 MB, more than the 50 MB that are read").at(place),
    );
    outcome
}
