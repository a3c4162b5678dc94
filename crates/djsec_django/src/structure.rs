//! How a project is built: what answers its addresses, and what it keeps. It costs more than the settings
//! do, so that it is worked out when something asks for it: an audit of settings alone never does.

use djsec_base::{Files, Notice};
use djsec_python::eval::{Budget, apart};
use djsec_python::{ModuleId, Program};
use tracing::info_span;

use crate::hierarchy::Hierarchy;
use crate::models::{self, Apps, Models};
use crate::project::{Project, own_modules};
use crate::routes::{self, Routes};
use crate::templates::{Engines, Templates};
use crate::views::Views;

/// What answers a project's addresses, and what it keeps.
#[derive(Debug, Default)]
pub struct Structure {
    /// The addresses it answers; their guards are worlds of the settings.
    pub routes: Routes,
    /// What answers its addresses, one for each route.
    pub views: Views,
    /// Its models.
    pub models: Models,
    /// What went wrong.
    pub notices: Vec<Notice>,
}

impl Project {
    /// How it is built; worked out for whoever asks first, who has to give what the project was read
    /// from.
    pub fn structure(
        &self,
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
    ) -> &Structure {
        if let Some(known) = self.structure.get() {
            return known;
        }
        // Before the cell is entered: a thread that waits there may be given work that asks for the same.
        let found = Structure::build(self, files, program, hierarchy);
        self.structure.get_or_init(|| found)
    }

    /// Its templates; read for whoever asks first.
    pub fn templates(
        &self,
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
    ) -> &Templates {
        if let Some(known) = self.templates.get() {
            return known;
        }
        let engines = Engines::new(files, program, &self.settings, &self.root);
        self.templates_at(files, program, hierarchy, engines)
    }

    /// Works out both side by side: URLconfs run on one thread alone. While they do, nobody else may ask the
    /// settings, whose worlds they run in: what these say of templates is asked before.
    pub fn prepare(&self, files: &Files, program: &Program, hierarchy: &Hierarchy<'_>) {
        let engines = Engines::new(files, program, &self.settings, &self.root);
        rayon::join(
            || self.structure(files, program, hierarchy),
            || self.templates_at(files, program, hierarchy, engines),
        );
    }

    fn templates_at(
        &self,
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        engines: Engines,
    ) -> &Templates {
        let read = || Templates::new(files, program, hierarchy, engines, &self.root);
        let found = info_span!("templates").in_scope(read);
        self.templates.get_or_init(|| found)
    }

    /// The same, if something has asked for it.
    pub fn known_structure(&self) -> Option<&Structure> {
        self.structure.get()
    }
}

impl Structure {
    fn build(
        project: &Project,
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
    ) -> Self {
        let mut notices = Vec::new();
        let routes = routes(project, files, program, hierarchy).unwrap_or_else(|| {
            let message = "evaluating the URLconf crashed djsec; please report it";
            notices.push(Notice::incomplete("routes-crash", message));
            Routes::default()
        });
        let settings = &project.settings;
        let models = info_span!("models").in_scope(|| {
            let own: Vec<ModuleId> =
                own_modules(files, program, &project.root).map(|(id, _)| id).collect();
            let apps = Apps::new(settings, program, &project.root);
            models::collect(program, hierarchy, &own, &apps, settings)
        });
        let views = info_span!("views").in_scope(|| {
            let views = Views::build(program, hierarchy, settings, &routes, &models);
            views.with_templates(program, hierarchy, settings, &routes, &models)
        });
        Self { routes, views, models, notices }
    }
}

/// Evaluates the URLconf; a crash there costs only the addresses.
fn routes(
    project: &Project,
    files: &Files,
    program: &Program,
    hierarchy: &Hierarchy<'_>,
) -> Option<Routes> {
    let request = || routes::Request {
        files,
        program,
        hierarchy,
        settings: &project.settings,
        inventory: &project.inventory,
        root: &project.root,
        environment: project.environment.clone(),
        budget: Budget::default(),
    };
    apart(|| info_span!("routes").in_scope(|| routes::evaluate(request())))
}
