//! The recorded projects.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use djsec_base::{File, FileKind, Files, Role, Span};
use djsec_deps::Inventory;
use djsec_django::defaults::DjangoSeries;
use djsec_django::settings::{Request, Settings, evaluate};
use djsec_python::Program;
use djsec_python::eval::{Budget, Environment, EnvironmentValue};
use serde_json::Value as Json;

use crate::python::Py;

/// One project with what was recorded of it.
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) row: String,
    pub(crate) cases: Vec<Case>,
    module: String,
    files: Files,
    program: Program,
    inventory: Inventory,
}

/// One environment.
pub(crate) struct Case {
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) recorded: Recorded,
    series: DjangoSeries,
    configuration: Option<String>,
}

/// What Django said.
pub(crate) enum Recorded {
    Settings(Vec<(String, Py)>),
    Error { class: String, at: Option<String> },
}

pub(crate) fn all() -> Vec<Project> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/idioms");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().filter(|folder| folder.join("case.json").exists()).map(|f| read(f)).collect()
}

fn read(folder: &Path) -> Project {
    let text = std::fs::read_to_string(folder.join("case.json")).unwrap();
    let json: Json = serde_json::from_str(&text).unwrap();
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    let files = Files::new(files);
    let (program, ..) = Program::build(&files);
    let inventory = Inventory::read(&files, "".into());
    let class_based = json.get("before").is_some();
    let cases = json["environments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|recorded| case(recorded, class_based))
        .collect();
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    Project {
        row: name.split('-').next().unwrap().to_owned(),
        name,
        cases,
        module: json["settings"].as_str().unwrap().to_owned(),
        files,
        program,
        inventory,
    }
}

impl Project {
    /// A project of one settings module and the packages it uses.
    pub(crate) fn of_one_file(name: &str, settings: &str, requirements: &str) -> Self {
        let file = |path: &str, kind, text: &str| {
            File::new(path.into(), kind, Role::Application, Some(Arc::from(text)))
        };
        let files = Files::new(vec![
            file("settings.py", FileKind::Python, settings),
            file("requirements.txt", FileKind::Requirements, requirements),
        ]);
        let (program, ..) = Program::build(&files);
        let inventory = Inventory::read(&files, "".into());
        Self {
            name: name.to_owned(),
            row: String::new(),
            cases: vec![],
            module: "settings".to_owned(),
            files,
            program,
            inventory,
        }
    }
}

impl Case {
    /// An environment of one variable at most, and what one setting is in it.
    pub(crate) fn of_one_variable(
        name: &str,
        text: Option<&str>,
        recorded: Recorded,
        configuration: Option<&str>,
    ) -> Self {
        Self {
            env: text.map(|text| (name.to_owned(), text.to_owned())).into_iter().collect(),
            recorded,
            series: "5.2".parse().unwrap(),
            configuration: configuration.map(str::to_owned),
        }
    }
}

fn case(json: &Json, class_based: bool) -> Case {
    let env: BTreeMap<String, String> = json["env"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let django = json["django"].as_str().unwrap();
    let (series, _) = django.rsplit_once('.').unwrap();
    let recorded = match json.get("error") {
        Some(class) => Recorded::Error {
            class: class.as_str().unwrap().to_owned(),
            at: json["at"].as_str().map(str::to_owned),
        },
        None => Recorded::Settings(
            json["settings"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), Py::read(value)))
                .collect(),
        ),
    };
    let configuration =
        class_based.then(|| env.get("DJANGO_CONFIGURATION").cloned().unwrap_or_default());
    Case { env, recorded, series: series.parse().unwrap(), configuration }
}

fn collect(folder: &Path, root: &Path, out: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, root, out);
            continue;
        }
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if relative == "case.json" {
            continue;
        }
        let name = relative.rsplit('/').next().unwrap();
        let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("py") => FileKind::Python,
            Some("env") => FileKind::DotEnv,
            Some("toml") => FileKind::Toml,
            Some("json") => FileKind::Json,
            Some("yml") => FileKind::Yaml,
            Some("ini" | "cfg") => FileKind::Ini,
            _ => FileKind::Other,
        };
        let bytes = std::fs::read(&path).unwrap();
        let text = (kind != FileKind::Other).then(|| Arc::from(decode(&bytes)));
        out.push(File::new(relative.into(), kind, Role::Application, text));
    }
}

/// As discovery does: UTF-8 without its mark, or Latin-1 where a coding line says so.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec())
        .unwrap_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect())
}

impl Project {
    /// The recordings leave out defaults that the project does not name.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.files.iter().any(|(_, file)| file.text().contains(name))
    }

    pub(crate) fn evaluate(&self, case: &Case, closed: bool) -> Option<Settings> {
        let mut environment = Environment { closed, ..Environment::default() };
        let module = EnvironmentValue::Is(self.module.clone(), None);
        environment.given.insert("DJANGO_SETTINGS_MODULE".to_owned(), module);
        if closed {
            for (name, value) in &case.env {
                let value = EnvironmentValue::Is(value.clone(), None);
                environment.given.insert(name.clone(), value);
            }
        }
        PATHS.with_borrow_mut(|paths| {
            *paths =
                self.files.iter().map(|(_, f)| (f.path.to_string(), f.text().to_owned())).collect();
        });
        evaluate(Request {
            files: &self.files,
            program: &self.program,
            inventory: &self.inventory,
            root: "".into(),
            module: &self.module,
            configuration: case.configuration.as_deref(),
            environment,
            series: case.series,
            budget: Budget::default(),
        })
    }
}

thread_local! {
    static PATHS: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// A place as the recordings write it: `config/settings.py:12`.
pub(crate) fn place(_: &Settings, span: Span) -> String {
    PATHS.with_borrow(|paths| {
        let Some((path, text)) = paths.get(span.file.0 as usize) else { return String::new() };
        let start = usize::from(span.range.start());
        let line = text.get(..start).map_or(0, |head| head.matches('\n').count() + 1);
        format!("{path}:{line}")
    })
}

/// Whether the exception says that a text in the environment could not be parsed.
pub(crate) fn is_text_error(class: &str) -> bool {
    matches!(
        class,
        "ValueError"
            | "JSONDecodeError"
            | "EnvValidationError"
            | "InvalidValueError"
            | "ValidationError"
            | "SettingsError"
            | "InvalidConfigurationError"
            | "UnknownSchemeError"
            | "ParseError"
            | "RecursionError"
            | "SyntaxError"
    )
}
