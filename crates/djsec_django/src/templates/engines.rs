//! What the settings of a project say of templates.

use camino::Utf8Path;
use djsec_base::Files;
use djsec_python::Program;

use super::jinja::{self, Environment};
use super::place::{Language, Places};
use super::shared::Names;
use crate::settings::Settings;

/// What the settings say of templates: asked before templates are read, as URLconfs run in the worlds of the
/// settings meanwhile.
#[derive(Debug)]
pub struct Engines {
    /// Where templates lie.
    pub(super) places: Places,
    /// Under which names libraries are loaded.
    pub(super) names: Names,
    /// What the project adds to Jinja.
    pub(super) environment: Environment,
    /// Whether Django's engine escapes.
    pub(super) escapes: bool,
}

impl Engines {
    /// Asks the settings of a project whose root this is.
    pub fn new(files: &Files, program: &Program, settings: &Settings, root: &Utf8Path) -> Self {
        Self {
            places: Places::new(program, settings, root),
            names: Names::new(program, settings, root),
            environment: Environment::new(files, program, settings, root),
            escapes: jinja::escapes(&Language::Django.engines(settings)),
        }
    }
}
