//! The Django projects of a tree.

use std::collections::BTreeSet;

use djsec_base::{File, FileKind, Files, Role, Utf8Path, Utf8PathBuf};

use super::collect::is_launcher;
use super::modules::module_beside;
use super::{configured, python};

/// The folders of the Django projects: those of each `manage.py`, and of a `wsgi.py` or `asgi.py`
/// where there is none, then of what a project's own program loads. Tests, examples and templates of projects count only when there is nothing
/// else. Sorted.
pub fn project_roots(files: &Files) -> Vec<Utf8PathBuf> {
    for roles in [&[Role::Application][..], &[Role::Example], &[Role::Test]] {
        let roots = roots_of(files, roles);
        if !roots.is_empty() {
            return roots.into_iter().collect();
        }
    }
    Vec::new()
}

fn roots_of(files: &Files, roles: &[Role]) -> BTreeSet<Utf8PathBuf> {
    let mut roots: BTreeSet<Utf8PathBuf> = BTreeSet::new();
    let folder = |file: &File| file.path.parent().unwrap_or(Utf8Path::new("")).to_path_buf();
    for (_, file) in files.iter() {
        let placeholder = file.path.as_str().contains("{{");
        if roles.contains(&file.role)
            && (!placeholder || roles.contains(&Role::Example))
            && is_manage(file)
        {
            roots.insert(folder(file));
        }
    }
    for (_, file) in files.iter() {
        if !roles.contains(&file.role) || !is_entry(file) {
            continue;
        }
        let place = folder(file);
        if place.ancestors().any(|above| roots.contains(above)) {
            continue;
        }
        roots.insert(imported_from(&place, file.text()).to_path_buf());
    }
    if roots.is_empty() {
        roots.extend(launched(files, roles));
    }
    if roots.is_empty() {
        let programs = files.iter().filter(|(_, file)| roles.contains(&file.role));
        roots.extend(
            programs.filter(|(_, file)| configured::is_program(file)).map(|(_, f)| folder(f)),
        );
    }
    roots
}

/// The folder that a module at `place` is imported from, by the packages that it names: `shop/wsgi.py` that names
/// `shop.settings` is imported from the folder above, and so is `shop/core/wsgi.py` that names `shop.core.settings`.
fn imported_from<'p>(place: &'p Utf8Path, text: &str) -> &'p Utf8Path {
    if place.file_name() == Some("project_name") {
        return place.parent().unwrap_or(Utf8Path::new(""));
    }
    let above: Vec<&Utf8Path> = place.ancestors().skip(1).collect();
    let named = above.into_iter().rev().find(|folder| {
        let package = place.strip_prefix(folder).map(|below| below.as_str().replace('/', "."));
        package.is_ok_and(|package| !package.is_empty() && names_package(text, &package))
    });
    named.unwrap_or(place)
}

/// Whether a text has the name of something in a package.
fn names_package(text: &str, package: &str) -> bool {
    let within = format!("{package}.");
    text.match_indices(&within).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
    })
}

/// The folders from which programs of a project's own, which start Django under no usual name, import the settings
/// that they name; each that a file of the tree holds.
fn launched(files: &Files, roles: &[Role]) -> BTreeSet<Utf8PathBuf> {
    let mut out = BTreeSet::new();
    for (id, file) in files.iter().filter(|(_, file)| roles.contains(&file.role)) {
        if !is_launcher(file) {
            continue;
        }
        for (module, _) in
            python::launcher(files, id).into_iter().filter_map(|it| it.settings_module)
        {
            let found = module_beside(files, &file.path, &module);
            let served = found.filter(|(_, settings)| !is_without_addresses(files.text(*settings)));
            out.extend(served.map(|(folder, _)| folder.to_path_buf()));
        }
    }
    out
}

/// Whether settings say that nothing is served with them: those of a program that only runs commands.
fn is_without_addresses(settings: &str) -> bool {
    let values = settings.lines().rev().filter_map(|line| line.strip_prefix("ROOT_URLCONF"));
    let mut values = values.filter_map(|rest| rest.trim_start().strip_prefix('='));
    values.next().is_some_and(|value| matches!(value.trim(), "''" | "\"\"" | "None"))
}

/// Whether a file is a program as `manage.py` is.
pub(super) fn is_manage(file: &File) -> bool {
    let name = file.path.file_name().unwrap_or_default();
    let text = file.text();
    (name == "manage.py" || name.starts_with("manage.py-") || name.starts_with("manage.py."))
        && (text.contains("DJANGO_SETTINGS_MODULE") || text.contains("execute_from_command_line"))
}

/// Whether a file is what servers load, and names settings.
pub(super) fn is_entry(file: &File) -> bool {
    let name = file.path.file_name().unwrap_or_default();
    file.kind == FileKind::Python
        && ["wsgi.py", "asgi.py"].iter().any(|entry| name.starts_with(entry))
        && file.text().contains("DJANGO_SETTINGS_MODULE")
}
