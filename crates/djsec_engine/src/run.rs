//! The whole program as one function.

use djsec_base::{Coverage, FileKind, Files, Notice, Outcome, System};
use jiff::civil::Date;
use tracing::info_span;

use crate::{Catalog, Config, discover, settle};

/// What a run gives.
#[derive(Debug)]
pub struct Run {
    /// The audited tree.
    pub files: Files,
    /// The verdict.
    pub outcome: Outcome,
}

/// All rules of this djsec.
pub fn catalog() -> Catalog {
    Catalog::new([])
}

/// Audits a tree. Everything between `discover` and `settle` is a pure function.
pub fn run(system: &dyn System, config: &Config, today: Date) -> Run {
    let catalog = catalog();
    let (files, notices) = info_span!("discover").in_scope(|| discover(system, config));

    // The lead plugs in parse, resolve, model, trace and judge here.
    let findings = Vec::new();
    let projects = Vec::new();

    let mut outcome = info_span!("settle")
        .in_scope(|| settle(findings, notices, &files, config, &catalog, today));
    outcome.coverage = coverage(&files, &catalog, config);
    outcome.projects = projects;
    outcome.notices.extend(no_project(&files, &outcome));
    Run { files, outcome }
}

fn coverage(files: &Files, catalog: &Catalog, config: &Config) -> Coverage {
    let python = || files.iter().map(|(_, file)| file).filter(|it| it.kind == FileKind::Python);
    Coverage {
        files: files.len(),
        python_files: python().filter(|file| file.text.is_some()).count(),
        python_lines: python().map(|file| file.text().lines().count()).sum(),
        syntax_errors: 0,
        rules: catalog.iter().filter(|rule| config.selects(rule)).count(),
    }
}

/// A tree without a Django project must not look like a clean one.
fn no_project(files: &Files, outcome: &Outcome) -> Option<Notice> {
    if !outcome.projects.is_empty() {
        return None;
    }
    let python = files.iter().any(|(_, file)| file.kind == FileKind::Python);
    let message = if files.is_empty() {
        "no Django project was found: the folder holds no files"
    } else if python {
        "no Django project was found: no settings module, no manage.py"
    } else {
        "no Django project was found: the folder holds no Python"
    };
    Some(Notice::info("no-django-project", message))
}
