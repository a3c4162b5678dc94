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
    let (files, mut notices) = info_span!("discover").in_scope(|| discover(system, config));

    notices.extend(no_python(&files));

    // The lead plugs in parse, resolve, model, trace and judge here.
    let findings = Vec::new();
    let projects = Vec::new();

    let mut outcome = info_span!("settle")
        .in_scope(|| settle(findings, notices, &files, config, &catalog, today));
    outcome.coverage = coverage(&files, &catalog, config);
    outcome.projects = projects;
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

/// The report says that no Django project was found; this says why there can be none.
fn no_python(files: &Files) -> Option<Notice> {
    let python = files.iter().any(|(_, file)| file.kind == FileKind::Python);
    let message = if files.is_empty() {
        "the folder holds no files"
    } else if python {
        return None;
    } else {
        "the folder holds no Python files"
    };
    Some(Notice::info("no-python", message))
}
