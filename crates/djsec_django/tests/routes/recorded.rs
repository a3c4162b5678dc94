//! What `vectors/routes` holds: the projects, and what Django's resolver says of each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use djsec_base::{File, FileKind, Files, Role};
use serde_json::Value as Json;

/// One project with what was recorded of it.
pub(crate) struct Recording {
    pub(crate) name: String,
    /// The settings module.
    pub(crate) settings: String,
    pub(crate) files: Files,
    pub(crate) environments: Vec<Recorded>,
    /// The resolution order of each view class of the project, without itself and `object`.
    pub(crate) classes: BTreeMap<String, Vec<String>>,
}

/// What one environment gives.
pub(crate) struct Recorded {
    pub(crate) env: BTreeMap<String, String>,
    /// In the order in which Django tries them.
    pub(crate) routes: Vec<Route>,
}

/// One route; the fields are those of `vectors/README.md`.
pub(crate) struct Route {
    pub(crate) segments: Vec<(String, String)>,
    pub(crate) name: Option<String>,
    pub(crate) namespaces: Vec<String>,
    /// With all wrappers taken off; for Ninja the function of the operation.
    pub(crate) view: String,
    pub(crate) kind: String,
    /// Of a consumer of Channels: `http` or `websocket`.
    pub(crate) protocol: Option<String>,
    /// Names of the arguments of `as_view`.
    pub(crate) arguments: Vec<String>,
    /// Of a viewset: method to action.
    pub(crate) actions: BTreeMap<String, String>,
    /// `None` for any.
    pub(crate) methods: Option<Vec<String>>,
    pub(crate) admin: Option<Page>,
    pub(crate) guards: Guards,
}

/// What a route's view says of who may use it.
#[expect(dead_code, reason = "for the comparison of views")]
pub(crate) struct Guards {
    /// Decorators' code around it, outermost first; `login_required` is code of `user_passes_test`.
    pub(crate) wrappers: Vec<String>,
    /// Whether the CSRF middleware lets it pass.
    pub(crate) csrf_exempt: bool,
    /// Whether `LoginRequiredMiddleware` does not let it pass.
    pub(crate) login_required: bool,
    /// What DRF would use.
    pub(crate) policy: Option<Policy>,
    /// Methods of the project's classes that make `policy` not the whole answer.
    pub(crate) overrides: Vec<String>,
    /// Classes or functions that an operation of Ninja asks.
    pub(crate) auth: Vec<String>,
}

/// A page of an admin.
pub(crate) struct Page {
    pub(crate) site: String,
    pub(crate) model: Option<String>,
    pub(crate) model_admin: Option<String>,
}

/// Classes by name; composed ones as `(a & b)`, `(a | b)`, `~a`.
#[derive(Clone)]
pub(crate) struct Policy {
    pub(crate) authentication: Vec<String>,
    pub(crate) permissions: Vec<String>,
    #[expect(dead_code, reason = "for the comparison of throttles")]
    pub(crate) throttles: Vec<String>,
}

pub(crate) fn all() -> Vec<Recording> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/routes");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().filter(|folder| folder.join("case.json").exists()).map(|f| read(f)).collect()
}

fn json(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn read(folder: &Path) -> Recording {
    let case = json(&folder.join("case.json"));
    let answer = json(&folder.join("routes.json"));
    let source = folder.join(case["source"].as_str().unwrap_or("."));
    let mut files = Vec::new();
    collect(&source, &source, &mut files);
    if !files.iter().any(|file| file.kind == FileKind::Requirements) {
        files.push(requirements(&answer["packages"]));
    }
    let policies: Vec<Policy> =
        answer["policies"].as_array().into_iter().flatten().map(policy).collect();
    Recording {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        settings: case["settings"].as_str().unwrap().to_owned(),
        files: Files::new(files),
        environments: answer["environments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| recorded(entry, &policies))
            .collect(),
        classes: answer["classes"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, bases)| (name.clone(), strings(bases)))
            .collect(),
    }
}

/// The versions that were recorded, as a project would pin them.
fn requirements(packages: &Json) -> File {
    let lines: Vec<String> = packages
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, version)| format!("{name}=={}\n", version.as_str().unwrap()))
        .collect();
    let text = Some(Arc::from(lines.concat()));
    File::new("requirements.txt".into(), FileKind::Requirements, Role::Application, text)
}

fn collect(folder: &Path, root: &Path, out: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, root, out);
            continue;
        }
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let kind = match relative.rsplit_once('.') {
            Some((_, "py")) => FileKind::Python,
            Some(("requirements", "txt")) => FileKind::Requirements,
            _ => continue,
        };
        let text = std::fs::read_to_string(&path).unwrap();
        out.push(File::new(relative.into(), kind, Role::Application, Some(Arc::from(text))));
    }
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn pairs(json: &Json) -> BTreeMap<String, String> {
    json.as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

fn policy(json: &Json) -> Policy {
    Policy {
        authentication: strings(&json["authentication_classes"]),
        permissions: strings(&json["permission_classes"]),
        throttles: strings(&json["throttle_classes"]),
    }
}

fn recorded(json: &Json, policies: &[Policy]) -> Recorded {
    let mut routes: Vec<Route> = Vec::new();
    for entry in json["routes"].as_array().unwrap() {
        // Ninja gives each operation of a path a pattern; all of them lead to the same view.
        let segments = segments(&entry["segments"]);
        let place = routes.iter().rev().take_while(|before| before.segments == segments).count();
        routes.push(route(entry, segments, &entry["operations"][place], policies));
    }
    Recorded { env: pairs(&json["env"]), routes }
}

fn segments(json: &Json) -> Vec<(String, String)> {
    let one = |pair: &Json| (text(&pair[0]).unwrap(), text(&pair[1]).unwrap());
    json.as_array().unwrap().iter().map(one).collect()
}

fn route(
    entry: &Json,
    segments: Vec<(String, String)>,
    operation: &Json,
    policies: &[Policy],
) -> Route {
    let owner = if operation.is_object() { operation } else { entry };
    let admin = &entry["admin"];
    Route {
        segments,
        name: text(&entry["name"]),
        namespaces: strings(&entry["namespaces"]),
        view: text(&entry["view"]).or_else(|| text(&operation["function"])).unwrap(),
        kind: text(&entry["kind"]).unwrap(),
        protocol: text(&entry["protocol"]),
        arguments: strings(&entry["arguments"]),
        actions: pairs(&entry["actions"]),
        methods: owner["methods"].as_array().map(|_| strings(&owner["methods"])),
        admin: admin["site"].as_str().map(|site| Page {
            site: site.to_owned(),
            model: text(&admin["model"]),
            model_admin: text(&admin["admin"]),
        }),
        guards: Guards {
            wrappers: strings(&entry["wrappers"]),
            csrf_exempt: entry["csrf_exempt"].as_bool().unwrap_or(false),
            login_required: entry["login_required"].as_bool().unwrap_or(true),
            policy: entry["policy"]
                .as_u64()
                .map(|at| policies[usize::try_from(at).unwrap()].clone()),
            overrides: strings(&entry["overrides"]),
            auth: strings(&operation["auth"]),
        },
    }
}
