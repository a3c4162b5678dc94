//! Options of the command line as the engine wants them.

use anyhow::Result;
use djsec_base::{Confidence, Severity};
use djsec_engine::config::{EnvFile, Overrides};

use crate::{
    cli::{ConfidenceLevel, Production, SeverityLevel, Verdict},
    project::read_text,
};

/// What the command line changes about the config. Reads the files of `--env-file`.
pub(crate) fn overrides(production: &Production, verdict: Option<&Verdict>) -> Result<Overrides> {
    let mut env_files = Vec::new();
    for path in &production.env_file {
        env_files.push(EnvFile { path: path.clone(), text: read_text(path)? });
    }
    Ok(Overrides {
        select: verdict.map(|it| it.select.clone()).unwrap_or_default(),
        ignore: verdict.map(|it| it.ignore.clone()).unwrap_or_default(),
        fail_on: verdict.and_then(|it| it.fail_on).map(Severity::from),
        confidence: verdict.and_then(|it| it.confidence).map(Confidence::from),
        settings: production.settings.clone(),
        env: production.env.iter().cloned().collect(),
        env_files,
        env_closed: production.env_closed,
        python_env: production.python_env.clone(),
        baseline: verdict.and_then(|it| it.baseline.clone()),
    })
}

impl From<SeverityLevel> for Severity {
    fn from(level: SeverityLevel) -> Self {
        match level {
            SeverityLevel::Info => Self::Info,
            SeverityLevel::Low => Self::Low,
            SeverityLevel::Medium => Self::Medium,
            SeverityLevel::High => Self::High,
            SeverityLevel::Critical => Self::Critical,
        }
    }
}

impl From<ConfidenceLevel> for Confidence {
    fn from(level: ConfidenceLevel) -> Self {
        match level {
            ConfidenceLevel::Low => Self::Low,
            ConfidenceLevel::Medium => Self::Medium,
            ConfidenceLevel::High => Self::High,
        }
    }
}
