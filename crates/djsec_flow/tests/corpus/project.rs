//! The small project that a case stands in.

use std::collections::BTreeSet;

use djsec_base::{File, FileKind, Files, Role};
use djsec_deps::Inventory;
use djsec_django::defaults::DjangoSeries;
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::{self, Apps, Models};
use djsec_django::routes::{self, Routes};
use djsec_django::settings;
use djsec_django::templates::{Engines, Templates};
use djsec_django::views::Views;
use djsec_flow::{Catalog, Groundwork, Request};
use djsec_python::eval::{Budget, Environment};
use djsec_python::{ModuleId, Program};

use crate::case::{Case, Place};

/// The settings of the project; those of a case come after them.
const SETTINGS: &str = "ROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['shop']\n";

/// The places of a case that the engine reports.
pub(crate) fn flows(case: &Case) -> BTreeSet<Place> {
    let files = files(case);
    let (program, ..) = Program::build(&files);
    let hierarchy = Hierarchy::new(&program);
    let (models, routes, views, templates) = model(&files, &program, &hierarchy);
    let groundwork = Groundwork::new(&files, &program, &hierarchy, "".into());
    let request = Request {
        files: &files,
        program: &program,
        hierarchy: &hierarchy,
        models: &models,
        settings: None,
        routes: &routes,
        views: &views,
        root: "".into(),
        templates: &templates,
        catalog: Catalog::built_in(),
    };
    let found = djsec_flow::flows(request, groundwork);
    let place = |flow: &djsec_flow::Flow| {
        let path = files.path(flow.place.file).as_str();
        let before = case.files.iter().find(|(name, ..)| path == in_project(name));
        let line = files.line_col(flow.place).line;
        (line + before.map_or(0, |(.., before)| *before), flow.kind)
    };
    found.all.iter().map(place).collect()
}

fn files(case: &Case) -> Files {
    let file = |path: String, text: &str| {
        let is_page = path.rsplit_once('.').is_some_and(|(_, extension)| extension == "html");
        let kind = if is_page { FileKind::Template } else { FileKind::Python };
        File::new(path.into(), kind, Role::Application, Some(text.into()))
    };
    let mut all = vec![file("shop/__init__.py".to_owned(), "")];
    let mut settings = SETTINGS.to_owned();
    for (name, text, _) in &case.files {
        match name.as_str() {
            "settings.py" => settings.push_str(text),
            name => all.push(file(in_project(name), text)),
        }
    }
    all.push(file("settings.py".to_owned(), &settings));
    Files::new(all)
}

fn in_project(name: &str) -> String {
    format!("shop/{name}")
}

fn model(
    files: &Files,
    program: &Program,
    hierarchy: &Hierarchy<'_>,
) -> (Models, Routes, Views, Templates) {
    let inventory = Inventory::read(files, "".into());
    let settings = settings::evaluate(settings::Request {
        files,
        program,
        inventory: &inventory,
        root: "".into(),
        module: "settings",
        configuration: None,
        environment: Environment::default(),
        series: DjangoSeries::NEWEST,
        budget: Budget::default(),
    });
    let Some(settings) = settings else { return Default::default() };
    let modules: Vec<ModuleId> = program.modules().map(|(id, _)| id).collect();
    let apps = Apps::new(&settings, program, "".into());
    let models = models::collect(program, hierarchy, &modules, &apps, &settings);
    let routes = routes::evaluate(routes::Request {
        files,
        program,
        hierarchy,
        settings: &settings,
        inventory: &inventory,
        root: "".into(),
        environment: Environment::default(),
        budget: Budget::default(),
    });
    let views = Views::build(program, hierarchy, &settings, &routes, &models);
    let engines = Engines::new(files, program, &settings, "".into());
    let templates = Templates::new(files, program, hierarchy, engines, "".into());
    (models, routes, views, templates)
}
