//! Python files that stand elsewhere where they run than in the repository: `COPY deploy/production.py
//! shop/settings/production.py`, `RUN cp docker/config.py settings/config.py`, and `settings.py.example`, which whoever
//! installs the project makes `settings.py` from. Settings are often kept so.

use djsec_base::{FileId, FileKind, Files, Location, Role, Span, Utf8Path, Utf8PathBuf};
use djsec_syntax::dockerfile::{Command, Instruction};
use djsec_syntax::{Text, shell};

use super::container::Container;
use super::image;
use super::modules::module_file_among;
use super::names::{is_development, is_development_path, is_production};
use super::roots::{is_entry, is_manage};

/// A Python file that has another path where it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The file.
    pub file: FileId,
    /// The path that it has there, counted as those of the repository are.
    pub path: Utf8PathBuf,
    /// What puts it there.
    pub said: Location,
    /// Whether it is a sample, which somebody copies by hand.
    pub sample: bool,
}

/// The Python files that the images of a repository put where the repository has none, each once, and the samples of
/// settings that a project names, or that are for production by their name, and the repository has not.
pub fn placed(files: &Files) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::new();
    for (id, file) in files.iter() {
        let shipped = file.kind == FileKind::Dockerfile
            && file.role == Role::Application
            && file.text.as_deref().is_some_and(|text| text.contains(".py"))
            && !is_development_path(&file.path, Utf8Path::new(""));
        if shipped {
            of(files, id, &mut out);
        }
    }
    for (id, file) in files.iter().filter(|(_, file)| file.kind == FileKind::Python) {
        let Some(path) = sampled(&file.path) else { continue };
        let taken = out.iter().any(|other| other.path == path);
        let meant = || is_named(files, &path) || is_production_path(&path);
        if file.text.is_some() && files.find(&path).is_none() && !taken && meant() {
            out.push(Placed { file: id, path, said: Location::File(id), sample: true });
        }
    }
    out
}

/// What a sample is copied to: `settings.py` of `settings.py.example`, `settings.py-dist` and the like. (Which endings
/// those are has been decided by then: a file with another one is of no kind that is read as Python.)
fn sampled(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let (stem, rest) = path.file_name()?.split_once(".py")?;
    let stem = match rest {
        "" => SAMPLES
            .iter()
            .find_map(|word| stem.strip_suffix(word)?.strip_suffix(['.', '-', '_']))?,
        _ if rest.starts_with(['.', '-', '_']) => stem,
        _ => return None,
    };
    (!stem.is_empty()).then(|| path.with_file_name(format!("{stem}.py")))
}

/// Whether a Python file is a sample by its name.
pub fn is_sample(path: &Utf8Path) -> bool {
    sampled(path).is_some()
}

/// What the name of a sample ends in, before `.py`: `production.example.py`.
const SAMPLES: &[&str] = &["example", "sample", "dist", "template"];

/// Whether a path is that of settings for production, by its name and place.
fn is_production_path(path: &Utf8Path) -> bool {
    let folder = path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
    let stem = path.file_stem().unwrap_or_default();
    (folder == "settings" && is_production(stem))
        || stem.strip_prefix("settings_").is_some_and(is_production)
}

/// Whether a `manage.py`, `wsgi.py` or `asgi.py` loads the module with this path as settings.
fn is_named(files: &Files, path: &Utf8Path) -> bool {
    let module = path.with_extension("");
    files.iter().any(|(_, file)| {
        (is_manage(file) || is_entry(file)) && {
            let above =
                file.path.ancestors().skip(1).filter_map(|from| module.strip_prefix(from).ok());
            above.map(|module| module.as_str().replace('/', ".")).any(|name| {
                ["\"", "'"]
                    .iter()
                    .any(|quote| file.text().contains(&format!("{quote}{name}{quote}")))
            })
        }
    })
}

/// The module that is put where Python looks for this one.
pub(super) fn module_placed<'p>(
    placed: &'p [Placed],
    root: &Utf8Path,
    module: &str,
) -> Option<&'p Placed> {
    module_file_among(root, module, |path| placed.iter().find(|one| one.path == path))
}

fn of(files: &Files, dockerfile: FileId, out: &mut Vec<Placed>) {
    let tree = djsec_syntax::dockerfile::parse(files.text(dockerfile)).tree;
    let Some(last) = image::shipped(&tree) else { return };
    let lineage = tree.lineage(last);
    if lineage.last().is_some_and(|stage| stage.name.as_deref().is_some_and(is_development)) {
        return;
    }
    let mut container = Container::new(image::contexts(files, dockerfile, None));
    let mut add = |container: &Container, target: &str, found: Option<FileId>, said: Location| {
        let Some(file) = found.filter(|id| files.file(*id).is_some_and(is_python)) else { return };
        let Some(path) = container.origin(files, target) else { return };
        let taken = out.iter().any(|other| other.file == file || other.path == path);
        if path.extension() == Some("py") && files.find(&path).is_none() && !taken {
            out.push(Placed { file, path, said, sample: false });
        }
    };
    for instruction in lineage.iter().flat_map(|stage| &stage.instructions) {
        image::copies(&mut container, std::slice::from_ref(instruction), &[]);
        match instruction {
            Instruction::Copy { from: None, sources, target } => {
                for source in sources.iter().filter(|source| is_module(source)) {
                    let target = target_of(source, target);
                    let found = container.find(files, &target);
                    add(&container, &target, found, Location::File(dockerfile));
                }
            }
            Instruction::Run(Command::Shell(line)) => {
                for command in shell::parse(&line.text) {
                    let Some((source, target)) = copied(&command) else { continue };
                    let place = command.range.checked_add(line.range.start());
                    let said = place.map_or(Location::File(dockerfile), |range| {
                        Location::Span(Span::new(dockerfile, range))
                    });
                    let target = target_of(source, target);
                    add(&container, &target, container.find(files, source), said);
                }
            }
            _ => {}
        }
    }
}

fn is_python(file: &djsec_base::File) -> bool {
    file.kind == FileKind::Python && file.text.is_some()
}

fn is_module(path: &str) -> bool {
    Utf8Path::new(path).extension() == Some("py")
}

/// What `cp a.py b.py` copies and where to.
fn copied(command: &shell::Command) -> Option<(&str, &str)> {
    if !matches!(command.name(), "cp" | "mv" | "ln") {
        return None;
    }
    let words = command.words.iter().skip(1).map(Text::as_str);
    let words: Vec<&str> = words.filter(|word| !word.starts_with('-')).collect();
    match words.as_slice() {
        [source, target] if is_module(source) => Some((source, target)),
        _ => None,
    }
}

/// A file that is copied to a folder keeps its name.
fn target_of(source: &str, target: &str) -> String {
    if is_module(target) {
        return target.to_owned();
    }
    let name = source.rsplit('/').next().unwrap_or(source);
    format!("{}/{name}", target.trim_end_matches('/'))
}
