//! Which files speak for a project.

use std::collections::BTreeSet;

use djsec_base::{FileId, FileKind, Files, Role, Utf8Path, Utf8PathBuf};

/// The files that speak for one of the projects of a tree: those in its folder, and those in the folders above it or
/// beside them by usual names; those of sister projects do not.
#[derive(Debug, Clone)]
pub struct Speakers {
    root: Utf8PathBuf,
    /// The folders of the other projects, but for those that hold this one. Sorted.
    others: BTreeSet<Utf8PathBuf>,
    roles: &'static [Role],
}

impl Speakers {
    /// Those of the project at `root`, which is one of `roots`.
    pub fn new(files: &Files, roots: &[Utf8PathBuf], root: &Utf8Path) -> Self {
        let others = roots.iter().filter(|other| *other != root && !root.starts_with(other));
        Self {
            root: root.to_path_buf(),
            others: others.cloned().collect(),
            roles: roles(files, root),
        }
    }

    /// The folder of the project.
    pub(super) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Whether a file at `path` is one of them.
    pub(super) fn have(&self, path: &Utf8Path) -> bool {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        (path.starts_with(&self.root) || near(folder, &self.root))
            && !folder.ancestors().any(|above| self.others.contains(above))
    }

    /// Their roles: that of the application, and where the project is a template, an example or what an app's tests
    /// run in, that of such files, too.
    pub(super) fn roles(&self) -> &'static [Role] {
        self.roles
    }

    /// Whether files of a role are among them.
    pub(super) fn have_role(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

fn roles(files: &Files, root: &Utf8Path) -> &'static [Role] {
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
