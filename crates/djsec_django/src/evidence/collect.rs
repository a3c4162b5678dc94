//! Gathers the evidence of all files.

use djsec_base::{FileId, FileKind, Files, Role, Span, Utf8Path};
use djsec_syntax::dockerfile::Command;

use super::names::{is_development, is_development_path};
use super::{
    Evidence, EvidenceKind, Speakers, Strength, compose, configured, from_launch, image,
    kubernetes, platform, python, server, start_of, testing,
};

/// Everything that says how a project is started, the strongest first.
pub fn collect(files: &Files, speakers: &Speakers) -> Vec<Evidence> {
    let mut out = Vec::new();
    for (id, file) in files.iter() {
        if file.text.is_none() || !speakers.have(&file.path) {
            continue;
        }
        if speakers.have_role(file.role) {
            out.extend(application(files, id, speakers.root()));
        }
        if file.role != Role::Vendored {
            out.extend(testing::read(files, id));
        }
    }
    if out.iter().all(|evidence| evidence.settings_module.is_none()) {
        out.extend(launchers(files, speakers).flat_map(|id| python::launcher(files, id)));
    }
    let is_named = |evidence: &Evidence| {
        evidence.settings_module.is_some() && evidence.strength != Strength::Test
    };
    if !out.iter().any(is_named) {
        out.extend(configured::programs(files, speakers));
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

/// Python files of a project that put settings into the environment though they have no usual name: programs of a
/// project's own that start Django.
fn launchers(files: &Files, speakers: &Speakers) -> impl Iterator<Item = FileId> {
    files
        .iter()
        .filter(move |(_, file)| {
            file.path.starts_with(speakers.root())
                && speakers.have_role(file.role)
                && is_launcher(file)
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
