//! Gathers the evidence of all files.

use djsec_base::{FileId, FileKind, Files, Role, Span, Utf8Path, Utf8PathBuf};
use djsec_syntax::dockerfile::Command;

use super::names::{is_development, is_development_path};
use super::{
    Evidence, EvidenceKind, Strength, compose, from_launch, image, kubernetes, platform,
    project_roots, python, server, start_of, testing,
};

/// Everything that says how the project at `root` is started, the strongest first.
pub fn collect(files: &Files, root: &Utf8Path) -> Vec<Evidence> {
    let speaks = speaks_for(files, root);
    let roles = speaking(files, root);
    let mut out = Vec::new();
    for (id, file) in files.iter() {
        if file.text.is_none() || !speaks(&file.path) {
            continue;
        }
        if roles.contains(&file.role) {
            out.extend(application(files, id, root));
        }
        if file.role != Role::Vendored {
            out.extend(testing::read(files, id));
        }
    }
    if out.iter().all(|evidence| evidence.settings_module.is_none()) {
        out.extend(launchers(files, root, roles).flat_map(|id| python::launcher(files, id)));
    }
    // One file may be reached twice: by itself and as a part of another.
    out.sort_by(|a, b| {
        (a.strength, a.entry, a.kind, a.location.file, a.location.range.start()).cmp(&(
            b.strength,
            b.entry,
            b.kind,
            b.location.file,
            b.location.range.start(),
        ))
    });
    out
}

/// Tells whether a file speaks for the project at `root`: those in its folder do, and those in the
/// folders above it or beside them by usual names; those of sister projects do not.
pub(super) fn speaks_for(files: &Files, root: &Utf8Path) -> impl Fn(&Utf8Path) -> bool + use<> {
    let root = root.to_path_buf();
    let others: Vec<Utf8PathBuf> = project_roots(files)
        .into_iter()
        .filter(|other| *other != root && !root.starts_with(other))
        .collect();
    move |path| {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        (path.starts_with(&root) || near(folder, &root))
            && !others.iter().any(|other| path.starts_with(other))
    }
}

/// The roles of the files that speak for the project at `root`: those of the application, and where the project
/// is a template, an example or what an app's tests run in, those of such files, too.
pub(super) fn speaking(files: &Files, root: &Utf8Path) -> &'static [Role] {
    let own = |(_, file): &(FileId, &djsec_base::File)| {
        let name = file.path.file_name().unwrap_or_default();
        name.starts_with("manage.py") && file.path.parent() == Some(root)
    };
    let role =
        files.iter().find(own).map_or_else(|| role_below(files, root), |(_, file)| file.role);
    match role {
        Role::Application => &[Role::Application],
        Role::Test => &[Role::Application, Role::Test],
        Role::Example | Role::Migration | Role::Vendored => &[Role::Application, Role::Example],
    }
}

/// What the Python files below a folder are: the application's, if there is one of these.
fn role_below(files: &Files, root: &Utf8Path) -> Role {
    let below = files
        .iter()
        .filter(|(_, file)| file.path.starts_with(root) && file.kind == FileKind::Python);
    let rank = |role: &Role| match role {
        Role::Application => 0,
        Role::Example => 1,
        Role::Test => 2,
        Role::Migration | Role::Vendored => 3,
    };
    below.map(|(_, file)| file.role).min_by_key(rank).unwrap_or(Role::Example)
}

/// Python files below `root` that put settings into the environment though they have no usual name: programs of a
/// project's own that start Django.
fn launchers(files: &Files, root: &Utf8Path, roles: &[Role]) -> impl Iterator<Item = FileId> {
    files
        .iter()
        .filter(move |(_, file)| {
            file.path.starts_with(root) && roles.contains(&file.role) && is_launcher(file)
        })
        .map(|(id, _)| id)
}

/// Whether a Python file puts `DJANGO_SETTINGS_MODULE` into the environment.
pub(super) fn is_launcher(file: &djsec_base::File) -> bool {
    file.kind == FileKind::Python
        && file
            .text
            .as_deref()
            .is_some_and(|text| text.contains("DJANGO_SETTINGS_MODULE") && text.contains("environ"))
}

/// Whether a folder outside the project holds what deploys it: the folders above it, and those beside
/// them by usual names.
fn near(folder: &Utf8Path, root: &Utf8Path) -> bool {
    root.starts_with(folder)
        || folder.ancestors().any(|ancestor| {
            let usual = ancestor.file_name().is_some_and(|name| FOLDERS.contains(&name));
            usual && ancestor.parent().is_some_and(|parent| root.starts_with(parent))
        })
}

const FOLDERS: &[&str] = &[
    "docker",
    "dockerfiles",
    "deploy",
    "deployment",
    "deployments",
    "compose",
    "contrib",
    "k8s",
    "kubernetes",
    "helm",
    "chart",
    "charts",
    "infra",
    "infrastructure",
    "ops",
    "etc",
    "conf",
    "config",
    ".envs",
    "envs",
    "nginx",
    "systemd",
    "scripts",
    "bin",
    ".github",
    "ci",
    "ansible",
    "manifests",
];

fn application(files: &Files, id: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let Some(file) = files.file(id) else { return Vec::new() };
    let name = file.path.file_name().unwrap_or_default();
    match file.kind {
        FileKind::Python if is_entry(name) => python::entry(files, id),
        FileKind::Python if name.contains("gunicorn") => server::gunicorn(files, id, root),
        FileKind::Dockerfile => dockerfile(files, id, root),
        FileKind::Compose => compose::read(files, id, root),
        FileKind::Yaml => {
            let mut out = kubernetes::read(files, id, root);
            out.extend(platform::read(files, id, root));
            out
        }
        FileKind::Toml | FileKind::Json => platform::read(files, id, root),
        FileKind::Procfile => server::procfile(files, id, root),
        FileKind::Systemd => server::systemd(files, id, root),
        FileKind::Ini => server::ini_file(files, id, root),
        FileKind::DotEnv => server::env(files, id, root),
        _ => Vec::new(),
    }
}

fn is_entry(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    name.starts_with("manage.py")
        || stem.contains("wsgi")
        || stem.contains("asgi")
        || matches!(stem, "celery" | "celery_app" | "celeryapp" | "celeryconf" | "worker" | "tasks")
}

fn dockerfile(files: &Files, id: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(id);
    let image = image::read(files, id, None, None);
    let launch = image.launch(files);
    let django = launch.environment.iter().any(|variable| {
        matches!(variable.name.as_str(), "DJANGO_SETTINGS_MODULE" | "DJANGO_CONFIGURATION")
    });
    let Some(entry) = launch.entry.or_else(|| django.then_some(super::Entry::Web)) else {
        return Vec::new();
    };
    let staged = image.stage.as_deref().is_some_and(is_development);
    let development = launch.development || staged || is_development_path(path, root);
    let strength = if development { Strength::Development } else { Strength::Deployed };
    let range = image.command.as_ref().or(image.entrypoint.as_ref()).map(Command::range);
    let location = range.map_or(start_of(id), |range| Span::new(id, range));
    let name = path.file_name().unwrap_or_default();
    let note = match launch.program.as_str() {
        "" => format!("image of {name}"),
        program => format!("image of {name} ({program})"),
    };
    let kind = EvidenceKind::Image;
    vec![from_launch(kind, strength, entry, launch, location, note)]
}
