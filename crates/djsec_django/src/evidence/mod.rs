//! Which settings production loads, and with which environment: what the files of a repository say.
//!
//! [`collect()`] reads every file that can say something, [`choose()`] weighs it. The order is that of
//! what really decides: what the shipped artefact starts, then what `wsgi.py` falls back to, then
//! workers, then names.

mod choose;
mod class;
mod collect;
mod compose;
mod configured;
mod container;
pub mod edge;
mod image;
mod kubernetes;
mod launch;
mod modules;
mod names;
mod placed;
mod platform;
mod python;
mod roots;
mod server;
mod shipped;
mod speakers;
mod testing;
#[cfg(test)]
mod tests;
mod variables;

use djsec_base::{EvidenceLine, FileId, Span};
use djsec_syntax::shell::{Expanded, expand};

pub use choose::{Choice, Conflict, ConflictReason, Overrides, choose};
pub use collect::collect;
pub use modules::module_file;
pub use names::is_development_path;
pub use placed::{Placed, is_sample, placed};
pub use roots::project_roots;
pub use shipped::{ShippedImage, SystemPackage, shipped_images};
pub use speakers::Speakers;
pub use variables::{Assigned, variables};

/// One thing that a file says about how Django is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What kind of file says it.
    pub kind: EvidenceKind,
    /// How much it counts.
    pub strength: Strength,
    /// What is started.
    pub entry: Entry,
    /// The settings module it names. The span is the name's.
    pub settings_module: Option<(String, Span)>,
    /// The class of `django-configurations` it names (`DJANGO_CONFIGURATION`).
    pub configuration: Option<(String, Span)>,
    /// The variables it sets, the last of each name.
    pub environment: Vec<EnvVar>,
    /// The module of the application that is served, such as `shop.wsgi`.
    pub app: Option<String>,
    /// The program that is started, such as `gunicorn`.
    pub program: Option<String>,
    /// Where it stands.
    pub location: Span,
    /// What it is, in words, such as `compose service web (gunicorn)`.
    pub note: String,
}

/// What kind of file is speaking. The order is that of precedence among equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// A Kubernetes manifest or Helm values.
    Kubernetes,
    /// A service of a compose file, with the image it is built from.
    Compose,
    /// A platform's file (`fly.toml`, `app.json`, `render.yaml`, `app.yaml`, an ECS task).
    Platform,
    /// A systemd unit or a supervisor program.
    Systemd,
    /// A Procfile.
    Procfile,
    /// The final stage of a Dockerfile.
    Image,
    /// A configuration file of uWSGI or gunicorn.
    Server,
    /// A file of environment variables.
    EnvFile,
    /// `wsgi.py`.
    Wsgi,
    /// `asgi.py`.
    Asgi,
    /// `celery.py` and the like.
    Worker,
    /// `manage.py`.
    Manage,
    /// Configuration of tests, type checkers and pipelines.
    Testing,
}

/// How much evidence counts, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The shipped artefact sets it.
    Deployed,
    /// What the code falls back to when nothing sets it.
    Fallback,
    /// A name suggests it.
    Name,
    /// It is how developers run the project.
    Development,
    /// It is how tests run.
    Test,
}

/// What is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// A server of web requests.
    Web,
    /// A worker of background tasks.
    Worker,
    /// A management command.
    Manage,
    /// A step of a build.
    Build,
    /// Tests.
    Test,
}

/// A variable of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: EnvValue,
    /// Where it is set.
    pub span: Span,
}

/// What is known of a variable's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvValue {
    /// This value.
    Literal(String),
    /// This value unless the one who deploys sets another (`${X:-value}`).
    Default(String),
    /// It is set to something that the repository does not tell.
    Passed,
}

impl EnvValue {
    /// The value, if the repository tells one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Literal(text) | Self::Default(text) => Some(text),
            Self::Passed => None,
        }
    }

    /// The value of a text with `$X` and `${X:-default}` in it, given what is known.
    fn of(text: &str, known: &[EnvVar]) -> Self {
        let lookup = |name: &str| {
            let variable = known.iter().rev().find(|variable| variable.name == name)?;
            match &variable.value {
                Self::Literal(text) | Self::Default(text) => Some(text.clone()),
                Self::Passed => None,
            }
        };
        match expand(text, &lookup) {
            Expanded::Known(text) => Self::Literal(text),
            Expanded::Default { value, .. } => Self::Default(value),
            Expanded::Unknown { .. } => Self::Passed,
        }
    }
}

/// Sets variables over those that are set: the last of each name stays.
fn overlay(environment: &mut Vec<EnvVar>, over: impl IntoIterator<Item = EnvVar>) {
    for variable in over {
        environment.retain(|other| other.name != variable.name);
        environment.push(variable);
    }
}

/// The value of a variable with its place.
fn value_of(environment: &[EnvVar], name: &str) -> Option<(String, Span)> {
    let variable = environment.iter().rev().find(|variable| variable.name == name)?;
    let text = variable.value.text().filter(|text| !text.is_empty())?;
    Some((text.to_owned(), variable.span))
}

/// Evidence whose settings module and configuration are what its environment says.
fn from_environment(
    kind: EvidenceKind,
    strength: Strength,
    entry: Entry,
    environment: Vec<EnvVar>,
    location: Span,
    note: String,
) -> Evidence {
    Evidence {
        kind,
        strength,
        entry,
        settings_module: value_of(&environment, "DJANGO_SETTINGS_MODULE"),
        configuration: value_of(&environment, "DJANGO_CONFIGURATION"),
        environment,
        app: None,
        program: None,
        location,
        note,
    }
}

/// Evidence of what a command line starts.
fn from_launch(
    kind: EvidenceKind,
    strength: Strength,
    entry: Entry,
    launch: launch::Launch,
    location: Span,
    note: String,
) -> Evidence {
    let mut evidence = from_environment(kind, strength, entry, launch.environment, location, note);
    evidence.app = launch.app;
    evidence.program = Some(launch.program).filter(|program| !program.is_empty());
    if launch.settings.is_some() {
        evidence.settings_module = launch.settings;
    }
    evidence
}

/// A span of a whole file's first byte: for evidence that is the file itself.
fn start_of(file: FileId) -> Span {
    Span::new(file, djsec_base::TextRange::default())
}

impl Evidence {
    /// Whether it is code that names settings for when the environment does not.
    fn is_fallback(&self) -> bool {
        let code = matches!(
            self.kind,
            EvidenceKind::Wsgi | EvidenceKind::Asgi | EvidenceKind::Worker | EvidenceKind::Manage
        );
        code && self.strength != Strength::Deployed
    }

    /// The line of a report that shows it.
    pub fn line(&self) -> EvidenceLine {
        let says = match (&self.settings_module, &self.configuration) {
            (Some((module, _)), Some((class, _))) => format!(" sets {module}:{class}"),
            (Some((module, _)), None) if self.is_fallback() => format!(" falls back to {module}"),
            (Some((module, _)), None) => format!(" sets {module}"),
            (None, Some((class, _))) => format!(" sets DJANGO_CONFIGURATION={class}"),
            (None, None) => String::new(),
        };
        let span = self.settings_module.as_ref().map_or(self.location, |(_, span)| *span);
        EvidenceLine { text: format!("{}{says}", self.note), location: Some(span.into()) }
    }
}
