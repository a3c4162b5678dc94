//! Installed apps: which package has which label.

use std::sync::Arc;

use djsec_base::last_part as last;
use djsec_python::value::Data;
use djsec_python::{Program, QualifiedName};

use crate::settings::Settings;

/// An installed app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// The dotted name of its package.
    pub package: Arc<str>,
    /// Its label.
    pub label: Arc<str>,
}

/// The installed apps, in order, surely installed or perhaps.
#[derive(Debug, Default)]
pub struct Apps(pub Vec<App>);

impl Apps {
    /// Reads `INSTALLED_APPS`; an entry may be a package or an `AppConfig`.
    pub fn new(settings: &Settings, program: &Program, root: &camino::Utf8Path) -> Self {
        let mut apps = Vec::new();
        for part in settings.get("INSTALLED_APPS").elements() {
            let Data::Str(entry) = &part.data else { continue };
            let app = config(program, root, entry).unwrap_or_else(|| plain(program, root, entry));
            if !apps.contains(&app) {
                apps.push(app);
            }
        }
        Self(apps)
    }

    /// The app that a module belongs to: the one with the longest package around it.
    pub fn of_module(&self, module: &str) -> Option<&App> {
        let inside = |app: &&App| {
            module
                .strip_prefix(&*app.package)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.0.iter().filter(inside).max_by_key(|app| app.package.len())
    }
}

/// An entry that names an `AppConfig` class.
fn config(program: &Program, root: &camino::Utf8Path, entry: &str) -> Option<App> {
    let (module, class) = entry.rsplit_once('.')?;
    let id = program.find(module, root)?;
    of_class(program, &program.resolve(id, class), module.rsplit_once('.').map_or(module, |m| m.0))
}

fn of_class(program: &Program, class: &QualifiedName, folder: &str) -> Option<App> {
    let (code, id) = program.class_code(class)?;
    let text = |name: &str| code.class_attribute(id, name).and_then(|value| code.string(value));
    let package = text("name").unwrap_or(folder);
    let label = text("label").unwrap_or_else(|| last(package));
    Some(App { package: Arc::from(package), label: Arc::from(label) })
}

/// An entry that names a package: its only `AppConfig` in `apps.py` counts, as Django does it.
fn plain(program: &Program, root: &camino::Utf8Path, entry: &str) -> App {
    let configured = program.find(&format!("{entry}.apps"), root).and_then(|module| {
        let code = program.code(module)?;
        let configs = code.classes().filter(|(id, _)| code.class_attribute(*id, "name").is_some());
        let (_, only) = configs.min_by_key(|(_, class)| class.range.start())?;
        of_class(program, &program.resolve(module, &only.path), entry)
    });
    configured.unwrap_or_else(|| App { package: Arc::from(entry), label: Arc::from(last(entry)) })
}
