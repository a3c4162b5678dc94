//! Under which names a project's loaders find its templates.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8Path;
use djsec_base::{File, FileId, FileKind, Files, Role};
use djsec_python::Program;
use djsec_python::eval::paths;

use crate::models::Apps;
use crate::settings::Settings;

/// The folder below an app in which Django's own engine looks.
const FOLDER: &str = "templates";
/// How many engines and folders of settings are read.
const MOST: usize = 16;

/// A file with the name under which it is loaded. Those that come first win.
pub(super) struct Named {
    pub(super) name: Arc<str>,
    pub(super) file: FileId,
}

/// The templates of a project, in the order in which its loaders would find them: `DIRS`, then the apps as
/// they are installed, then what lies in other folders called `templates`, which an app that is not
/// found may own.
pub(super) fn named(
    files: &Files,
    program: &Program,
    settings: &Settings,
    root: &Utf8Path,
) -> Vec<Named> {
    let folders = folders(settings);
    let apps = app_folders(program, settings, root);
    let mut found: Vec<(usize, Named)> = Vec::new();
    for (id, file) in files.iter().filter(|(_, file)| is_template(file, root)) {
        for (order, folder) in folders.iter().chain(&apps).enumerate() {
            if let Ok(name) = file.path.strip_prefix(folder) {
                found.push((order, Named { name: name.as_str().into(), file: id }));
            }
        }
        if let Some(name) = below_templates(&file.path) {
            found.push((usize::MAX, Named { name: name.into(), file: id }));
        }
    }
    found.sort_by_key(|(order, named)| (*order, named.file));
    // A folder of an app is called `templates` too: what is found twice is read once.
    let mut seen = BTreeSet::new();
    let all = found.into_iter().map(|(_, named)| named);
    all.filter(|named| seen.insert((Arc::clone(&named.name), named.file))).collect()
}

fn is_template(file: &File, root: &Utf8Path) -> bool {
    file.kind == FileKind::Template
        && matches!(file.role, Role::Application | Role::Vendored)
        && file.path.starts_with(root)
        && !file.path.components().any(|part| part.as_str() == "jinja2")
}

/// `DIRS` of the engines that are Django's.
fn folders(settings: &Settings) -> Vec<String> {
    let engines = settings.get("TEMPLATES");
    let mut folders: Vec<String> = Vec::new();
    for at in 0..engines.elements().len().min(MOST) {
        let engine = engines.index(at);
        let jinja =
            |data: &djsec_python::value::Data| data.as_str().map(|text| text.contains("jinja"));
        if engine.entry("BACKEND").any(jinja).is_always() {
            continue;
        }
        for part in engine.entry("DIRS").elements().iter().take(MOST) {
            let folder =
                part.data.as_str().and_then(|path| paths::in_tree(&paths::normalize(path)));
            folders.extend(folder.filter(|folder| !folder.is_empty()));
        }
    }
    folders.dedup();
    folders
}

/// The folders of templates of installed apps, in order.
fn app_folders(program: &Program, settings: &Settings, root: &Utf8Path) -> Vec<String> {
    let apps = Apps::new(settings, program, root);
    let folder = |app: &crate::models::App| {
        let module = program.find(&app.package, root)?;
        Some(program.path(module).parent()?.join(FOLDER).to_string())
    };
    apps.0.iter().filter_map(folder).collect()
}

/// What stands behind the first folder called `templates`.
fn below_templates(path: &Utf8Path) -> Option<&str> {
    let (_, name) = path.as_str().split_once("templates/")?;
    let before = path.as_str().strip_suffix(name)?;
    let is_folder = before.len() == FOLDER.len() + 1 || before.ends_with("/templates/");
    (is_folder && !name.is_empty()).then_some(name)
}
