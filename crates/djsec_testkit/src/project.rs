//! The minimal Django project that examples stand in.

use djsec_base::Utf8PathBuf;

use crate::memory::MemorySystem;

/// The package of the minimal project.
const PACKAGE: &str = "shop";

/// What is put in front of an example's `settings.py`: one line, without the line end.
pub(crate) const BASE_IMPORT: &str = "from .base_settings import *";

/// The files of the minimal project; a file of the example with the same path takes its place.
const FILES: [(&str, &str); 7] = [
    ("manage.py", include_str!("project/manage.py.txt")),
    ("requirements.txt", "Django==5.2\n"),
    ("shop/__init__.py", ""),
    ("shop/base_settings.py", include_str!("project/base_settings.py.txt")),
    ("shop/settings.py", "from .base_settings import *\n"),
    ("shop/urls.py", include_str!("project/urls.py.txt")),
    ("shop/wsgi.py", include_str!("project/wsgi.py.txt")),
];

/// Modules that an example may name without a folder: they stand in the project's package.
const MODULES: [&str; 11] = [
    "admin.py",
    "apps.py",
    "asgi.py",
    "forms.py",
    "middleware.py",
    "models.py",
    "serializers.py",
    "settings.py",
    "urls.py",
    "views.py",
    "wsgi.py",
];

/// Where a file of an example stands in the minimal project.
pub(crate) fn place(path: &str) -> Utf8PathBuf {
    if MODULES.contains(&path) { format!("{PACKAGE}/{path}").into() } else { path.into() }
}

/// The minimal project under the files at these paths.
pub(crate) fn minimal(paths: &[Utf8PathBuf]) -> MemorySystem {
    // A package of settings takes the module's place, as it would when Python imports it.
    let package = paths.iter().any(|path| path.starts_with("shop/settings"));
    let mut system = MemorySystem::new();
    for (path, content) in FILES {
        if !(package && path == "shop/settings.py") {
            system.insert(path, content);
        }
    }
    system
}

/// Whether an example's `settings.py` builds on the secure settings of the minimal project. One
/// that defines its own apps or middleware, or imports a base of its own, stands by itself.
pub(crate) fn builds_on_base(settings: &str) -> bool {
    let defines = |line: &str| {
        ["INSTALLED_APPS", "MIDDLEWARE"].iter().any(|name| {
            let rest = line.strip_prefix(name).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with([':', '=']) && !rest.starts_with("=="))
        })
    };
    let code = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let own_base = settings.lines().find(code).is_some_and(|first| first.starts_with("from .base"));
    !own_base && !settings.lines().any(defines)
}

#[cfg(test)]
mod tests;
