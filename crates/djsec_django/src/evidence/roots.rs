//! The Django projects of a tree.

use std::collections::BTreeSet;

use djsec_base::{File, FileKind, Files, Role, Utf8Path, Utf8PathBuf};

/// The folders of the Django projects: those of each `manage.py`, and of a `wsgi.py` or `asgi.py`
/// where there is none. Tests, examples and templates of projects count only when there is nothing
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
        if roots.iter().any(|root| place.starts_with(root)) {
            continue;
        }
        // `shop/wsgi.py` that names `shop.settings` is imported from the folder above.
        let package = place.file_name().unwrap_or_default();
        let above = !package.is_empty() && file.text().contains(&format!("{package}."));
        let named = above || place.file_name().is_some_and(|name| name == "project_name");
        let root = if named { place.parent().unwrap_or(Utf8Path::new("")) } else { &place };
        roots.insert(root.to_path_buf());
    }
    roots
}

fn is_manage(file: &File) -> bool {
    let name = file.path.file_name().unwrap_or_default();
    let text = file.text();
    (name == "manage.py" || name.starts_with("manage.py-") || name.starts_with("manage.py."))
        && (text.contains("DJANGO_SETTINGS_MODULE") || text.contains("execute_from_command_line"))
}

fn is_entry(file: &File) -> bool {
    let name = file.path.file_name().unwrap_or_default();
    file.kind == FileKind::Python
        && ["wsgi.py", "asgi.py"].iter().any(|entry| name.starts_with(entry))
        && file.text().contains("DJANGO_SETTINGS_MODULE")
}
