//! Trees of files for tests.

use djsec_base::{File, FileKind, Files, Role, Utf8Path};

use crate::{ModuleId, Program, QualifiedName};

/// Files given as path and text.
pub(crate) fn files(tree: &[(&str, &str)]) -> Files {
    let kind = |path: &str| match Utf8Path::new(path).extension() {
        Some("py") => FileKind::Python,
        Some("toml") => FileKind::Pyproject,
        _ => FileKind::Other,
    };
    let file = |(path, text): &(&str, &str)| {
        File::new((*path).into(), kind(path), Role::Application, Some((*text).into()))
    };
    Files::new(tree.iter().map(file).collect())
}

/// A program and its files.
pub(crate) fn build(tree: &[(&str, &str)]) -> (Program, Files) {
    let files = files(tree);
    let (program, ..) = Program::build(&files);
    (program, files)
}

/// The module of a path; ids start from 0, so an unknown path gives one that does not exist.
pub(crate) fn module(program: &Program, files: &Files, path: &str) -> ModuleId {
    files.find(path.into()).and_then(|file| program.module_of(file)).unwrap_or(ModuleId(u32::MAX))
}

/// `shop/models.py:Order.Meta` for what the project defines, `shop/models.py` for a module, the
/// name alone for externals, `?` for unknown.
pub(crate) fn show(program: &Program, name: &QualifiedName) -> String {
    match name {
        QualifiedName::External(name) => name.to_string(),
        QualifiedName::Module(module) => program.path(*module).to_string(),
        QualifiedName::Project(module, path) => format!("{}:{path}", program.path(*module)),
        QualifiedName::Unknown => "?".to_owned(),
    }
}
