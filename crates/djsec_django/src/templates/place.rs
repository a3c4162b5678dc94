//! Under which names a project's loaders find its templates.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::Utf8Path;
use djsec_base::{File, FileId, FileKind, Files, Role};
use djsec_python::Program;
use djsec_python::eval::paths;
use djsec_python::value::Data;

use crate::models::Apps;
use crate::settings::{SettingRef, Settings};

/// A language of templates, and the engine of Django for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Django,
    Jinja,
}

impl Language {
    /// Whether an engine of the settings is for it.
    fn is_of(self, engine: &SettingRef<'_>) -> bool {
        let jinja = |data: &Data| data.as_str().map(|text| text.contains("jinja"));
        engine.entry("BACKEND").is(jinja).is_always() == (self == Self::Jinja)
    }

    /// The engines of the settings that are for it, in order.
    pub(super) fn engines(self, settings: &Settings) -> Vec<SettingRef<'_>> {
        let all = settings.get("TEMPLATES");
        let engines = (0..all.elements().len().min(MOST)).map(|at| all.index(at));
        engines.filter(|engine| self.is_of(engine)).collect()
    }

    /// The folder below an app in which the engine looks.
    const fn folder(self) -> &'static str {
        match self {
            Self::Django => "templates",
            Self::Jinja => "jinja2",
        }
    }
}

/// How many engines and folders of settings are read.
const MOST: usize = 16;

/// A file with the name under which it is loaded. Those that come first win.
pub(super) struct Named {
    pub(super) name: Arc<str>,
    pub(super) file: FileId,
}

/// Where the settings of a project say that its templates lie.
#[derive(Debug)]
pub(super) struct Places {
    django: Folders,
    /// Nothing where there is surely no engine for Jinja.
    jinja: Option<Folders>,
}

/// The folders of one language, in order.
#[derive(Debug)]
struct Folders {
    /// `DIRS` of its engines.
    dirs: Vec<String>,
    /// Those of installed apps.
    apps: Vec<String>,
}

impl Places {
    /// Asks the settings of a project whose root this is.
    pub(super) fn new(program: &Program, settings: &Settings, root: &Utf8Path) -> Self {
        let folders = |language| {
            let apps = app_folders(program, settings, root, language);
            Some(Folders { dirs: dirs(settings, language)?, apps })
        };
        let none = || Folders { dirs: Vec::new(), apps: Vec::new() };
        Self {
            django: folders(Language::Django).unwrap_or_else(none),
            jinja: folders(Language::Jinja),
        }
    }
}

/// The templates of a project in one language, in the order in which its loaders would find them: `DIRS`, then the
/// apps as they are installed, then what lies in other folders of the name that apps have for it, which an app that
/// is not found may own. Templates of Jinja are only looked for where the settings have an engine for them.
pub(super) fn named<'f>(
    files: &'f Files,
    places: &Places,
    root: &Utf8Path,
    language: Language,
) -> Vec<Named> {
    let of_jinja = places.jinja.as_ref();
    let (folders, others) = match (language, of_jinja) {
        (Language::Django, _) => {
            (&places.django, of_jinja.map(|jinja| jinja.dirs.as_slice()).unwrap_or_default())
        }
        (Language::Jinja, Some(jinja)) => (jinja, [].as_slice()),
        (Language::Jinja, None) => return Vec::new(),
    };
    // Engines of packages tell by the extension which templates are theirs.
    let by_extension = |file: &'f File| {
        let own = language == Language::Jinja && is_jinja(file.path.as_str());
        own.then(|| below(&file.path, Language::Django.folder()))?
    };
    let mut found: Vec<(usize, Named)> = Vec::new();
    for (id, file) in files.iter().filter(|(_, file)| is_template(file, root, language)) {
        let before = found.len();
        for (order, folder) in folders.dirs.iter().chain(&folders.apps).enumerate() {
            if let Ok(name) = file.path.strip_prefix(folder) {
                found.push((order, Named { name: name.as_str().into(), file: id }));
            }
        }
        // A folder called `templates` may be of the other engine alone.
        let of_other = others.iter().any(|folder| file.path.starts_with(folder));
        if found.len() == before && of_other {
            continue;
        }
        if let Some(name) = below(&file.path, language.folder()).or_else(|| by_extension(file)) {
            found.push((usize::MAX, Named { name: name.into(), file: id }));
        }
    }
    found.sort_by_key(|(order, named)| (*order, named.file));
    // A folder of an app is called `templates` too: what is found twice is read once.
    let mut seen = BTreeSet::new();
    let all = found.into_iter().map(|(_, named)| named);
    all.filter(|named| seen.insert((Arc::clone(&named.name), named.file))).collect()
}

fn is_template(file: &File, root: &Utf8Path, language: Language) -> bool {
    let in_jinja = || file.path.components().any(|part| part.as_str() == "jinja2");
    file.kind == FileKind::Template
        && matches!(file.role, Role::Application | Role::Vendored)
        && file.path.starts_with(root)
        && (language == Language::Jinja || !in_jinja())
}

/// Whether a file says by its name that it is Jinja's.
pub(super) fn is_jinja(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "j2" | "jinja" | "jinja2")
}

/// `DIRS` of the engines for a language; none where there is surely no engine for Jinja.
fn dirs(settings: &Settings, language: Language) -> Option<Vec<String>> {
    let engines = language.engines(settings);
    let mut folders: Vec<String> = Vec::new();
    for engine in &engines {
        for part in engine.entry("DIRS").elements().iter().take(MOST) {
            let folder =
                part.data.as_str().and_then(|path| paths::in_tree(&paths::normalize(path)));
            folders.extend(folder.filter(|folder| !folder.is_empty()));
        }
    }
    folders.dedup();
    (language == Language::Django || !engines.is_empty()).then_some(folders)
}

/// The folders of templates of installed apps, in order.
fn app_folders(
    program: &Program,
    settings: &Settings,
    root: &Utf8Path,
    language: Language,
) -> Vec<String> {
    let apps = Apps::new(settings, program, root);
    let folder = |app: &crate::models::App| {
        let module = program.find(&app.package, root)?;
        Some(program.path(module).parent()?.join(language.folder()).to_string())
    };
    apps.0.iter().filter_map(folder).collect()
}

/// What stands behind the first folder of the name that apps have for templates.
fn below<'p>(path: &'p Utf8Path, folder: &str) -> Option<&'p str> {
    let (_, name) = path.as_str().split_once(&format!("{folder}/"))?;
    let before = path.as_str().strip_suffix(name)?.strip_suffix('/')?.strip_suffix(folder)?;
    ((before.is_empty() || before.ends_with('/')) && !name.is_empty()).then_some(name)
}
