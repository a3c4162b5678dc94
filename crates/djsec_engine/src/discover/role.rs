//! What a file is for. Rules about production leave tests, examples and foreign code alone, so a
//! wrong answer here hides findings or makes noise; names that Django apps also have are checked
//! against what the folder holds.

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{FileKind, Role, Utf8Path};

use super::kind::{rendered_config, sample_of};

const VENDORED: [&str; 11] = [
    "vendor",
    "vendors",
    "vendored",
    "_vendor",
    "_vendored",
    "third_party",
    "thirdparty",
    "third-party",
    "3rdparty",
    "bower_components",
    "site-packages",
];
const EXAMPLES: [&str; 9] = [
    "examples",
    "example",
    "samples",
    "sample",
    "example_project",
    "project_template",
    "app_template",
    "docs",
    "doc",
];
const TESTS: [&str; 6] = ["tests", "unittests", "functional_tests", "e2e", "testdata", "testutils"];

/// Which folders are Django apps of the project, whatever their name.
#[derive(Debug, Default)]
pub(super) struct Layout {
    apps: BTreeSet<String>,
}

/// What a folder says about the files in it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks; a path may have several")]
pub(super) struct Folder {
    vendored: bool,
    example: bool,
    test: bool,
    migrations: bool,
}

impl Folder {
    /// Whether what lies there is no part of the application.
    pub(super) const fn is_foreign(self) -> bool {
        self.vendored || self.example || self.test
    }
}

/// What tells whether a folder is an app.
#[derive(Debug, Default, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each set on its own")]
struct Mark {
    models: bool,
    views: bool,
    urls: bool,
    apps: bool,
    admin: bool,
    /// Settings or `manage.py`.
    project: bool,
}

impl Mark {
    /// Whether a folder is an app: it holds `models.py`, `apps.py`, or views with URLs. One that has settings of its own
    /// is a project (`test/` of a library), and `testing/` helps tests, with or without models of theirs: an app of
    /// examinations has addresses or an admin page, too.
    fn is_app(self, folder: &str) -> bool {
        let helps_tests =
            folder.rsplit('/').next() == Some("testing") && !(self.apps || self.admin || self.urls);
        let holds = self.models || self.apps || (self.views && self.urls);
        holds && !self.project && !helps_tests
    }
}

/// What the folders of a tree hold.
#[derive(Debug, Default)]
pub(super) struct Marks {
    folders: BTreeMap<String, Mark>,
}

impl Marks {
    /// Takes notice of a file.
    pub(super) fn see(&mut self, path: &Utf8Path) {
        let mark: fn(&mut Mark) -> &mut bool = match path.file_name() {
            Some("models.py") => |mark| &mut mark.models,
            Some("apps.py") => |mark| &mut mark.apps,
            Some("admin.py") => |mark| &mut mark.admin,
            Some("views.py") => |mark| &mut mark.views,
            Some("urls.py") => |mark| &mut mark.urls,
            Some("settings.py" | "manage.py") => |mark| &mut mark.project,
            _ => return,
        };
        let folder = path.parent().map_or("", Utf8Path::as_str);
        *mark(self.folders.entry(folder.to_owned()).or_default()) = true;
    }

    /// The apps among the folders.
    pub(super) fn layout(self) -> Layout {
        let apps = self.folders.into_iter().filter(|(folder, mark)| mark.is_app(folder));
        Layout { apps: apps.map(|(folder, _)| folder).collect() }
    }
}

impl Layout {
    /// Whether there are no apps.
    pub(super) fn is_empty(&self) -> bool {
        self.apps.is_empty()
    }

    /// The role of a file, given what its folder says.
    pub(super) fn role(folder: Folder, path: &Utf8Path, kind: FileKind) -> Role {
        let name = path.file_name().unwrap_or_default().to_lowercase();
        if folder.vendored {
            Role::Vendored
        } else if folder.example || is_sample(&name) {
            Role::Example
        } else if folder.test || is_test_name(&name, kind) {
            Role::Test
        } else if kind == FileKind::Python && folder.migrations {
            Role::Migration
        } else {
            Role::Application
        }
    }

    /// What a folder says about the files in it.
    pub(super) fn folder(&self, real: &str) -> Folder {
        let lower = real.to_lowercase();
        let test = |part| TESTS.contains(&part) || part.ends_with("_tests");
        Folder {
            vendored: self.inside(&lower, real, |part| VENDORED.contains(&part)),
            example: lower.contains("{{")
                || self.inside(&lower, real, |part| EXAMPLES.contains(&part)),
            test: lower.split('/').any(test)
                || self.inside(&lower, real, |part| matches!(part, "test" | "testing")),
            migrations: is_migrations_folder(&lower),
        }
    }

    /// Whether a part of the folder is a `suspect` and no Django app: shops have an app `vendors`,
    /// and `DefectDojo` has one named `test`.
    fn inside(&self, folder: &str, real_folder: &str, suspect: impl Fn(&str) -> bool) -> bool {
        let mut end = 0;
        folder.split('/').any(|part| {
            let upto = end + part.len();
            end = upto + 1;
            suspect(part) && !real_folder.get(..upto).is_some_and(|path| self.apps.contains(path))
        })
    }
}

/// `MIGRATION_MODULES` lets projects use other names, which end alike: `db_migrations`.
fn is_migrations_folder(folder: &str) -> bool {
    folder.split('/').any(|part| part == "migrations" || part.ends_with("_migrations"))
}

/// Files that other files are made from: `{{cookiecutter.slug}}/`, `manage.py-tpl`, `.env.example`.
fn is_sample(name: &str) -> bool {
    // One character is looked for several times as fast as two, and hardly any name has it.
    let placeholder = name.contains('{') && (name.contains("{{") || name.contains("{%"));
    let stem = name.trim_start_matches('.');
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let said = ["example", "sample", "dist"].into_iter().any(|word| {
        stem == word
            || [".", "_", "-"].into_iter().any(|mark| {
                let at_end = stem.strip_suffix(word).is_some_and(|rest| rest.ends_with(mark));
                let at_start = stem.strip_prefix(word).is_some_and(|rest| rest.starts_with(mark));
                at_end || (at_start && word != "dist")
            })
    });
    placeholder || said || sample_of(name).is_some() || rendered_config(name).is_some()
}

fn is_test_name(name: &str, kind: FileKind) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match kind {
        FileKind::Python => {
            matches!(stem, "test" | "tests" | "testing" | "unittests" | "conftest" | "runtests")
                || stem.starts_with("test_")
                || stem.ends_with("_test")
                || stem.ends_with("_tests")
                || (stem.ends_with("_testing")
                    && ["settings", "conf"].iter().any(|word| stem.contains(word)))
        }
        FileKind::DotEnv => {
            name.split(['.', '_', '-']).any(|part| matches!(part, "test" | "tests" | "testing"))
        }
        FileKind::Ini => matches!(name, "tox.ini" | "pytest.ini"),
        _ => false,
    }
}
