//! Settings modules and the files that hold them.

use djsec_base::{FileId, FileKind, Files, Role, Utf8Path, Utf8PathBuf};

/// The file of a module, looked up as Python would when started in the project's folder: from
/// there, from `src/` in it, and from the folders above it.
pub fn module_file(files: &Files, root: &Utf8Path, module: &str) -> Option<FileId> {
    module_file_among(root, module, |path| files.find(path))
}

/// The same, where `find` says what is at a path.
pub(super) fn module_file_among<T>(
    root: &Utf8Path,
    module: &str,
    find: impl Fn(&Utf8Path) -> Option<T>,
) -> Option<T> {
    let mut sources = vec![root.to_path_buf(), root.join("src"), root.join("app")];
    sources.extend(root.ancestors().skip(1).map(Utf8Path::to_path_buf));
    let paths = paths_of(module)?;
    sources.iter().find_map(|source| paths.iter().find_map(|path| find(&source.join(path))))
}

/// Where a module may stand, counted from a folder that Python looks in.
fn paths_of(module: &str) -> Option<[Utf8PathBuf; 2]> {
    if module.is_empty() || module.split('.').any(|part| part.is_empty() || part.contains('/')) {
        return None;
    }
    let path = module.replace('.', "/");
    Some([format!("{path}.py").into(), format!("{path}/__init__.py").into()])
}

/// The file of a module that a program at `path` names, where the program's folder, or one above it, is where Python
/// looks; with that folder. Programs put their own folder on the path by being started, or by code.
pub(super) fn module_beside<'p>(
    files: &Files,
    path: &'p Utf8Path,
    module: &str,
) -> Option<(&'p Utf8Path, FileId)> {
    let paths = paths_of(module)?;
    path.ancestors().skip(1).find_map(|folder| {
        let file = paths.iter().find_map(|path| files.find(&folder.join(path)))?;
        Some((folder, file))
    })
}

/// The dotted name of a file, counted from the project's folder.
pub(super) fn module_name(path: &Utf8Path, root: &Utf8Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let below = below.strip_prefix("src").unwrap_or(below);
    let text = below.as_str().strip_suffix(".py")?;
    let text = text.strip_suffix("/__init__").unwrap_or(text);
    let ok = text
        .split('/')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'));
    ok.then(|| text.replace('/', "."))
}

/// The name of a module in a package whose name no `import` statement can write: `my-site/config/settings.py`.
/// Django imports it by a text, and that it is a package says that somebody does.
fn dashed(files: &Files, path: &Utf8Path, root: &Utf8Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let package = below.components().next()?.as_str();
    let inner = below.strip_prefix(package).ok()?;
    let plain = package.replace('-', "_");
    files.find(&root.join(package).join("__init__.py"))?;
    let module = module_name(&Utf8Path::new(&plain).join(inner), Utf8Path::new(""))?;
    Some(format!("{package}{}", module.strip_prefix(&*plain)?))
}

/// The modules below the project's folder that are settings by their name, in order of their paths:
/// `settings.py`, `settings/*.py`, `*_settings.py`, `settings_*.py`.
pub(super) fn settings_modules(
    files: &Files,
    root: &Utf8Path,
    roles: &[Role],
) -> Vec<(FileId, String)> {
    let mut out = Vec::new();
    for (id, file) in files.iter() {
        if file.kind != FileKind::Python || !roles.contains(&file.role) {
            continue;
        }
        let stem = file.path.file_stem().unwrap_or_default();
        let folder = file.path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
        let settings = |name: &str| {
            matches!(name, "settings" | "setting") || {
                name.starts_with("settings_") || name.ends_with("_settings")
            }
        };
        if (settings(stem) || settings(folder))
            && let Some(module) =
                module_name(&file.path, root).or_else(|| dashed(files, &file.path, root))
        {
            out.push((id, module));
        }
    }
    out
}
