//! Reads the classes that a project takes from packages out of an installed environment.
//!
//! Nothing is executed, and no file is read that no class leads to. An environment in the tree is used as
//! it is found; one elsewhere only where the user names it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use djsec_base::{Files, Notice, System, Utf8Path, Utf8PathBuf};
use djsec_django::hierarchy::{known_packages, wanted_by_class, wanted_by_project};
use djsec_python::{Installed, Program};
use djsec_syntax::python;

use crate::Config;

/// What environments are called that stand beside the code.
const NAMES: [&str; 3] = [".venv", "venv", "env"];
/// The file that every virtual environment has.
const MARK: &str = "pyvenv.cfg";
/// Modules of packages that are read at most.
const MOST_MODULES: usize = 500;
/// Bytes of them that are read at most.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// A module larger than this is data.
const LARGEST: usize = 1024 * 1024;

/// Adds the modules to the program in which the classes stand that the project's classes and views need
/// and of which djsec has no record.
pub(crate) fn installed(
    system: &dyn System,
    config: &Config,
    files: &Files,
    program: &mut Program,
) -> Option<Notice> {
    let environment = environment(system, config, files)?;
    program.close_packages(known_packages());
    let mut reader =
        Reader { system, environment: &environment, modules: 0, bytes: 0, full: false };
    let mut asked: BTreeSet<Arc<str>> = wanted_by_project(program);
    let mut open: VecDeque<Arc<str>> = asked.iter().cloned().collect();
    let mut found: BTreeSet<Arc<str>> = BTreeSet::new();
    while let Some(name) = open.pop_front() {
        while let Installed::Unread(module) = program.installed(&name)
            && !reader.full
        {
            reader.add(&module, program);
        }
        let Installed::Class(module, class, name) = program.installed(&name) else { continue };
        if found.insert(name) {
            let more = wanted_by_class(program, module, class).into_iter();
            open.extend(more.filter(|name| asked.insert(Arc::clone(name))));
        }
    }
    notice(&environment, found.len(), reader.full)
}

fn notice(environment: &Environment, classes: usize, full: bool) -> Option<Notice> {
    let path = &environment.path;
    let classes = match classes {
        0 => return None,
        1 => "1 class of a package was".to_owned(),
        number => format!("{number} classes of packages were"),
    };
    let cut = if full { "; more of them is not read, and unknown" } else { "" };
    Some(Notice::info("python-env", format!("{classes} read from {path}{cut}")))
}

/// An environment with installed packages.
#[derive(Debug)]
struct Environment {
    /// As the user knows it.
    path: Utf8PathBuf,
    /// The folder of its packages.
    packages: Utf8PathBuf,
    /// Whether the user named it, so that it may lie anywhere.
    named: bool,
}

/// The environment that the user names, or the first one that stands beside the code.
fn environment(system: &dyn System, config: &Config, files: &Files) -> Option<Environment> {
    if let Some(path) = &config.python_env {
        let packages = packages(system, path)?;
        return Some(Environment { path: path.clone(), packages, named: true });
    }
    let manage = files.iter().filter(|(_, file)| file.path.file_name() == Some("manage.py"));
    let folders = manage.filter_map(|(_, file)| file.path.parent());
    let mut places: Vec<&Utf8Path> = vec![Utf8Path::new("")];
    for folder in folders {
        if !places.contains(&folder) {
            places.push(folder);
        }
    }
    places.iter().flat_map(|place| NAMES.map(|name| place.join(name))).find_map(|path| {
        if !system.exists(&path.join(MARK)) || !system.contains(&path) {
            return None;
        }
        let packages = packages(system, &path)?;
        Some(Environment { path, packages, named: false })
    })
}

/// The folder in which an environment has its packages.
fn packages(system: &dyn System, environment: &Utf8Path) -> Option<Utf8PathBuf> {
    if matches!(environment.file_name(), Some("site-packages" | "dist-packages")) {
        return Some(environment.to_owned());
    }
    let mark = system.read(&environment.join(MARK)).ok()?;
    let text = String::from_utf8_lossy(&mark);
    let series = series(&text).map(|series| format!("lib/python{series}/site-packages"));
    let windows = Some("Lib/site-packages".to_owned());
    let places = series.into_iter().chain(windows).map(|place| environment.join(place));
    places.into_iter().find(|place| system.exists(place))
}

/// `3.12` of `version = 3.12.1` or `version_info = 3.12.1.final.0`.
fn series(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        if !matches!(key.trim(), "version" | "version_info") {
            return None;
        }
        let mut parts = value.trim().split('.');
        let (major, minor) = (parts.next()?, parts.next()?);
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (plain(major) && plain(minor)).then(|| format!("{major}.{minor}"))
    })
}

/// Reads modules of packages, within bounds.
struct Reader<'a> {
    system: &'a dyn System,
    environment: &'a Environment,
    modules: usize,
    bytes: usize,
    full: bool,
}

impl Reader<'_> {
    /// Adds a module to the program, or that there is none of this name.
    fn add(&mut self, module: &str, program: &mut Program) {
        let folder = self.environment.packages.join(module.replace('.', "/"));
        let package = self.text(&folder.join("__init__.py"));
        let is_package = package.is_some();
        let text = package.or_else(|| self.text(&Utf8PathBuf::from(format!("{folder}.py"))));
        program.add_installed(module, is_package, text.as_deref());
    }

    fn text(&mut self, path: &Utf8Path) -> Option<String> {
        if !self.environment.named && !self.system.contains(path) {
            return None;
        }
        let bytes = self.system.read(path).ok()?;
        if bytes.len() > LARGEST {
            return None;
        }
        self.modules += 1;
        self.bytes += bytes.len();
        self.full = self.modules >= MOST_MODULES || self.bytes >= MOST_BYTES;
        Some(python::decode(bytes).text)
    }
}
