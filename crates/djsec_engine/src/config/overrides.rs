//! What the command line says; it wins over the config file.

use std::collections::BTreeMap;

use djsec_base::{Confidence, Severity, Utf8PathBuf};

use super::{Config, EnvFile, valid::is_module};
use crate::{Catalog, UnknownRule};

/// The options of the command line; absent ones leave the config file alone.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Replaces both `select` and `ignore` of the file when not empty.
    pub select: Vec<String>,
    /// Adds to `ignore`.
    pub ignore: Vec<String>,
    /// Replaces `fail-on`.
    pub fail_on: Option<Severity>,
    /// Replaces `confidence`.
    pub confidence: Option<Confidence>,
    /// Replaces `settings`, in every profile.
    pub settings: Option<String>,
    /// Adds to `env`.
    pub env: BTreeMap<String, String>,
    /// Adds to `env-file`; later files win.
    pub env_files: Vec<EnvFile>,
    /// Turns `env-closed` on.
    pub env_closed: bool,
    /// Replaces `python-env`.
    pub python_env: Option<Utf8PathBuf>,
    /// Replaces `baseline`.
    pub baseline: Option<Utf8PathBuf>,
}

/// What is wrong with an option's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverrideError {
    /// `--select` or `--ignore` names nothing.
    #[error("{0}")]
    UnknownRule(#[from] UnknownRule),
    /// `--settings` is not a module.
    #[error("'{0}' is not a dotted module name such as 'config.settings.production'")]
    NotAModule(String),
}

impl Config {
    /// Puts the command line on top of the config file.
    ///
    /// # Errors
    /// When an option names a rule that does not exist, or a module that cannot.
    pub fn overridden(
        mut self,
        overrides: Overrides,
        catalog: &Catalog,
    ) -> Result<Self, OverrideError> {
        if !overrides.select.is_empty() {
            self.select.clear();
            self.ignore.clear();
        }
        for text in &overrides.select {
            self.select.push(catalog.selector(text)?);
        }
        for text in &overrides.ignore {
            self.ignore.push(catalog.selector(text)?);
        }
        self.fail_on = overrides.fail_on.unwrap_or(self.fail_on);
        self.confidence = overrides.confidence.unwrap_or(self.confidence);
        self.python_env = overrides.python_env.or(self.python_env);
        self.baseline_path = overrides.baseline.or(self.baseline_path);
        if let Some(module) = overrides.settings.as_deref().filter(|module| !is_module(module)) {
            return Err(OverrideError::NotAModule(module.to_owned()));
        }
        for profile in std::iter::once(&mut self.profile).chain(self.profiles.values_mut()) {
            if overrides.settings.is_some() {
                profile.settings.clone_from(&overrides.settings);
            }
            profile.env.extend(overrides.env.clone());
            profile.env_files.extend(overrides.env_files.iter().cloned());
            profile.env_closed |= overrides.env_closed;
        }
        Ok(self)
    }
}
