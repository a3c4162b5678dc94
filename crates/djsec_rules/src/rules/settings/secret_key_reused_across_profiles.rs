use djsec_base::{Confidence, File, FileKind, Finding, Location, Role, Severity, Span};
use djsec_django::evidence::{Assigned, EvidenceKind, Strength, is_development_path};
use djsec_django::settings::SettingRef;
use djsec_python::BindingKind;
use djsec_python::value::Data;

use super::secret_key;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECRET_KEY` that production shares: with the sample file that new developers copy, with the
    /// settings of development or tests, or with another way of deploying the project.
    ///
    /// ## Why it matters
    /// A key is as secret as the least guarded place that has it. Who develops, runs the tests or reads
    /// `.env.example` can sign sessions and reset links that production accepts, and what one
    /// installation signs is valid in the other.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    /// ```env .env.production
    /// SECRET_KEY=x4v9kq2mz7rw5t8pb3n6cd1fg0hjlsAyDuFiGoHeJaKqWeRtYuIoP  # finding
    /// ```
    /// ```env .env.example
    /// SECRET_KEY=x4v9kq2mz7rw5t8pb3n6cd1fg0hjlsAyDuFiGoHeJaKqWeRtYuIoP
    /// ```
    /// ```dockerfile Dockerfile
    /// FROM python:3.12
    /// CMD ["gunicorn", "shop.wsgi"]
    /// ```
    /// ```yaml compose.yml
    /// services:
    ///   web:
    ///     build: .
    ///     env_file: .env.production
    /// ```
    ///
    /// ## Not flagged
    /// A sample without a key, and keys that differ:
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    /// ```env .env
    /// SECRET_KEY=x4v9kq2mz7rw5t8pb3n6cd1fg0hjlsAyDuFiGoHeJaKqWeRtYuIoP
    /// ```
    /// ```env .env.example
    /// SECRET_KEY=
    /// ```
    ///
    /// ## How to fix
    /// Generate a key for each installation, and leave the value in samples empty.
    ///
    /// ## Limits
    /// A key that stands in the source of production's own settings is `secret-key-hardcoded`, which names
    /// the other places too. Keys are compared, never shown.
    ///
    /// ## References
    /// - [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
    RULE {
        id: "secret-key-reused-across-profiles",
        group: "settings",
        summary: "production shares its secret key",
        severity: High,
        cwe: [321],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:13.3.1"],
        checklist: ["secret-key-from-environment", "secrets-out-of-source"],
        since: "next",
        checks: [Check::Setting(&["SECRET_KEY"], check)],
    }
}

const HELP: &str = "generate a key of its own for each installation, and leave it empty in samples";

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.alternatives() {
        let Data::Str(key) = &part.data else { continue };
        let Some(span) = part.span.filter(|_| !secret_key::in_source(cx, &part)) else { continue };
        if !secret_key::is_key(&part.data) || secret_key::is_public(&part.data) {
            continue;
        }
        let copies = copies(cx, key, span);
        if copies.is_empty() {
            continue;
        }
        let message = "production's `SECRET_KEY` is used elsewhere too: who can read it there can forge sessions and reset links";
        let mut report =
            out.judge(cx, &RULE, setting, part.when, message).help(HELP).at(Some(span));
        for copy in copies {
            report = report.related(Some(copy), "the same key stands here");
        }
        report.done();
        return;
    }
    check_sample(cx, setting, out);
}

/// Where else the key of production stands: in settings that it does not load, in what is not
/// deployed, and in another kind of deployment. Nothing, where the key is nobody's secret anyway.
pub(super) fn copies(cx: &Cx<'_>, key: &str, own: Span) -> Vec<Span> {
    let loaded = cx.settings().files();
    let mut out = Vec::new();
    for (_, module) in cx.program.modules() {
        let Some(file) = cx.files.file(module.file) else { continue };
        if file.role == Role::Vendored
            || !file.path.starts_with(&cx.project.root)
            || loaded.contains(&module.file)
        {
            continue;
        }
        out.extend(module.summary.named("SECRET_KEY").filter_map(|(_, binding)| {
            let same = matches!(&binding.kind, BindingKind::Text(text) if **text == *key);
            same.then(|| Span::new(module.file, binding.range))
        }));
    }
    let of =
        |span: Span| cx.project.variables.iter().find(move |found| found.variable.span == span);
    let own_kind = of(own).map(|found| found.kind);
    let elsewhere = |found: &&Assigned| {
        found.variable.span != own
            && found.variable.value.text() == Some(key)
            && (found.strength != Strength::Deployed
                || own_kind.is_some_and(|kind| other_deployment(kind, found.kind)))
    };
    out.extend(cx.project.variables.iter().filter(elsewhere).map(|found| found.variable.span));
    out
}

/// Whether two kinds of files deploy the project to different places. Several files of one kind are
/// most often the processes of one installation, and an image is a part of what runs it.
fn other_deployment(one: EvidenceKind, other: EvidenceKind) -> bool {
    let place = |kind| match kind {
        EvidenceKind::Compose => Some(0),
        EvidenceKind::Kubernetes => Some(1),
        EvidenceKind::Platform => Some(2),
        EvidenceKind::Systemd => Some(3),
        _ => None,
    };
    matches!((place(one), place(other)), (Some(one), Some(other)) if one != other)
}

/// Nobody says what production's key is; but an environment file whose key is the sample's was never
/// given one of its own.
fn check_sample(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let parts = setting.alternatives();
    let names: Vec<&str> = parts
        .iter()
        .filter_map(|part| match &part.data {
            Data::Sym(sym) => sym.variable().map(|name| &**name),
            _ => None,
        })
        .collect();
    let role = |found: &Assigned| cx.files.file(found.variable.span.file).map(|file| file.role);
    let key = |found: &Assigned| {
        let text =
            found.variable.value.text().filter(|_| names.contains(&&*found.variable.name))?;
        secret_key::is_key(&Data::Str(text.into())).then(|| text.to_owned())
    };
    for found in &cx.project.variables {
        // What is named for development may have the sample's key: nobody else trusts it.
        let deployed = |file: &File| {
            file.kind == FileKind::DotEnv && !is_development_path(&file.path, &cx.project.root)
        };
        let real = role(found) == Some(Role::Application)
            && cx.files.file(found.variable.span.file).is_some_and(deployed);
        let Some(own) = key(found).filter(|_| real) else { continue };
        let shown = |sample: &&Assigned| {
            role(sample) == Some(Role::Example) && key(sample).as_deref() == Some(&own)
        };
        let Some(sample) = cx.project.variables.iter().find(shown) else { continue };
        let message = format!(
            "`{}` has the value that the sample file shows: everybody with the source has this secret key",
            found.variable.name
        );
        let place = Location::Span(found.variable.span);
        out.report(Finding::new(&RULE.meta, place, setting.path.to_string(), message))
            .severity(Severity::Medium)
            .confidence(Confidence::Medium)
            .help(HELP)
            .related(Some(sample.variable.span), "the sample")
            .done();
        return;
    }
}
