//! `djsec check [PATH]`.

use anyhow::Result;
use camino::Utf8Path;
use djsec_base::{Files, Outcome, Suppressed, SuppressedBy};
use djsec_engine::Baseline;

use super::trace;
use crate::{
    cli::{Check, Look},
    failure::say,
    options::overrides,
    project::{Project, write_file},
    show,
    stages::followed,
};

pub(super) fn run(options: &Check, look: &Look) -> Result<u8> {
    if let Some(question) = &options.trace {
        return trace::run(question, options, look);
    }
    let catalog = djsec_engine::catalog();
    let overrides = overrides(&options.production, Some(&options.verdict))?;
    let mut project = Project::open(&options.path, &options.config, overrides, &catalog)?;
    if options.verdict.write_baseline.is_none() {
        project.load_baseline()?;
    }
    let today = options.verdict.today.unwrap_or_else(super::today);
    let mut run = followed(look, || djsec_engine::run(&project.disk, &project.config, today));
    if let Some(path) = &options.verdict.write_baseline {
        write_baseline(path, &mut run.outcome, &run.files, look)?;
    }
    let status = show::report(&run, &project, &options.report, look)?;
    // The process ends: taking a large tree apart piece by piece would only cost time.
    std::mem::forget(run);
    Ok(if options.verdict.exit_zero && status == 1 { 0 } else { status })
}

/// Writes the findings to the baseline; from then on they are old.
fn write_baseline(
    path: &Utf8Path,
    outcome: &mut Outcome,
    files: &Files,
    look: &Look,
) -> Result<()> {
    let baseline = Baseline::of(&outcome.findings, files);
    write_file(path, baseline.to_json().as_bytes())?;
    let findings = match baseline.len() {
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    };
    say(
        look.quiet,
        &format!(
            "{findings} written to {path}; `djsec check --baseline {path}` counts only new ones"
        ),
    );
    let old = outcome.findings.drain(..);
    outcome
        .suppressed
        .extend(old.map(|finding| Suppressed { finding, by: SuppressedBy::Baseline }));
    Ok(())
}
