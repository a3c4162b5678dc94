//! What the user asks for: `djsec.toml` or `[tool.djsec]` of `pyproject.toml`, then the command
//! line on top.
//!
//! Two steps: `raw` reads the file's shape with a place for every value, `valid` checks the
//! meaning. Both collect everything that is wrong, so that one run shows all of it.

mod error;
mod overrides;
mod raw;
#[cfg(test)]
mod tests;
mod valid;

use std::borrow::Cow;
use std::collections::BTreeMap;

use djsec_base::{Confidence, RuleMeta, Severity, TextRange, Utf8Path, Utf8PathBuf};
use djsec_flow::{Catalog as Models, ModelError};
use djsec_rules::FlowModels;
use globset::GlobSet;
use jiff::civil::Date;

pub use self::{
    error::{ConfigError, ConfigErrors},
    overrides::{OverrideError, Overrides},
};
use crate::{Baseline, Catalog, Selector};

/// Everything that the user can decide about a run. The default is a run without a config file.
#[derive(Debug, Clone)]
pub struct Config {
    /// Rules to run; all when empty.
    pub select: Vec<Selector>,
    /// Rules not to run; the more precise selector wins over [`Self::select`], and a tie ignores.
    pub ignore: Vec<Selector>,
    /// The mildest severity that fails the run.
    pub fail_on: Severity,
    /// The least confidence at which a finding is shown.
    pub confidence: Confidence,
    /// Paths that are not part of the audit.
    pub exclude: GlobSet,
    /// What production looks like, for every Django project without a profile of its own.
    pub profile: Profile,
    /// What production looks like for the Django project at a folder, by name of the profile.
    pub profiles: BTreeMap<String, Profile>,
    /// The environment whose packages may be read: absolute, or as written until whoever reads files
    /// made it so. Without it, one that stands in the tree is taken.
    pub python_env: Option<Utf8PathBuf>,
    /// What functions of the project and of its packages do with data, besides what djsec knows.
    pub flow_models: Vec<ModelFile>,
    /// Findings that the team accepts.
    pub accept: Vec<Accept>,
    /// Where the baseline file is, relative to the folder of the config file or as given on the
    /// command line.
    pub baseline_path: Option<Utf8PathBuf>,
    /// The old findings, once the file is read.
    pub baseline: Option<Baseline>,
    /// The config file relative to the audited root, if it was read from there.
    pub file: Option<Utf8PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            ignore: Vec::new(),
            fail_on: Severity::Medium,
            confidence: Confidence::Medium,
            exclude: GlobSet::empty(),
            profile: Profile::default(),
            profiles: BTreeMap::new(),
            python_env: None,
            flow_models: Vec::new(),
            accept: Vec::new(),
            baseline_path: None,
            baseline: None,
            file: None,
        }
    }
}

/// What production looks like, as far as the user says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The folder of the Django project, relative to the audited root.
    pub root: Option<Utf8PathBuf>,
    /// The settings module that production loads, with `:Class` for class-based settings.
    pub settings: Option<String>,
    /// Environment variables of production. They win over [`Self::env_files`].
    pub env: BTreeMap<String, String>,
    /// Files with environment variables of production; later ones win.
    pub env_files: Vec<EnvFile>,
    /// Whether a variable that is not given is unset; otherwise its value is unknown.
    pub env_closed: bool,
}

/// A file with environment variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// As written by the user.
    pub path: Utf8PathBuf,
    /// What it holds; filled in by whoever may read files.
    pub text: String,
}

/// A file with models for the flow of data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelFile {
    /// As written by the user.
    pub path: Utf8PathBuf,
    /// What it holds; filled in by whoever may read files.
    pub text: String,
}

/// A finding that the team accepts: an `[[accept]]` entry.
#[derive(Debug, Clone)]
pub struct Accept {
    /// The rule's id.
    pub rule: String,
    /// The files it holds for; every file when absent.
    pub path: Option<GlobSet>,
    /// The subject it holds for (`SESSION_COOKIE_SECURE`); every subject when absent.
    pub subject: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where the entry stands in the config file.
    pub range: TextRange,
}

/// Which file a config is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigKind {
    /// The whole file is ours.
    Djsec,
    /// Only `[tool.djsec]` is ours.
    Pyproject,
}

impl FlowModels for Config {
    fn flow_models(&self) -> Cow<'static, Models> {
        // What is wrong with the user's models has been said before anything ran.
        self.models().unwrap_or_else(|_| Cow::Borrowed(Models::built_in()))
    }
}

impl Config {
    /// Reads a config. `shown` is the path that messages name. Gives `None` when a
    /// `pyproject.toml` says nothing about djsec.
    ///
    /// # Errors
    /// Everything that is wrong with it, in order of its place.
    pub fn read(
        text: &str,
        kind: ConfigKind,
        shown: &Utf8Path,
        catalog: &Catalog,
    ) -> Result<Option<Self>, ConfigErrors> {
        let mut errors = Vec::new();
        let raw = raw::read(text, kind, &mut errors);
        let config = raw.map(|raw| valid::check(raw, catalog, &mut errors));
        if errors.is_empty() { Ok(config) } else { Err(ConfigErrors::new(shown, text, errors)) }
    }

    /// What is known of functions for the flow of data: djsec's own models, and the user's.
    ///
    /// # Errors
    /// Everything that is wrong with the user's, in order of files and places.
    pub fn models(&self) -> Result<Cow<'static, Models>, Vec<ModelError>> {
        let built_in = Models::built_in();
        if self.flow_models.is_empty() {
            return Ok(Cow::Borrowed(built_in));
        }
        let mut models = built_in.clone();
        let mut errors = Vec::new();
        for file in &self.flow_models {
            errors.extend(models.add(file.path.as_str(), &file.text));
        }
        if errors.is_empty() { Ok(Cow::Owned(models)) } else { Err(errors) }
    }

    /// Whether a path is left out of the audit.
    pub fn excludes(&self, path: &Utf8Path) -> bool {
        !self.exclude.is_empty() && self.exclude.is_match(path)
    }

    /// Whether a rule is to run.
    pub fn selects(&self, rule: &RuleMeta) -> bool {
        let precision = |selectors: &[Selector]| {
            selectors.iter().filter(|it| it.matches(rule)).map(Selector::precision).max()
        };
        let asked = if self.select.is_empty() { Some(0) } else { precision(&self.select) };
        match (asked, precision(&self.ignore)) {
            (Some(asked), Some(refused)) => asked > refused,
            (asked, None) => asked.is_some(),
            (None, _) => false,
        }
    }

    /// The profile for the Django project at `root` (relative to the audited root).
    pub fn profile_at(&self, root: &Utf8Path) -> &Profile {
        self.profiles
            .values()
            .find(|profile| profile.root.as_deref() == Some(root))
            .unwrap_or(&self.profile)
    }
}
