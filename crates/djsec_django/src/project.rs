//! One Django project as rules see it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use djsec_base::{Files, Role, Span};
use djsec_deps::{DjangoVersion, Inventory};
use djsec_python::eval::Environment;
use djsec_python::value::Data;
use djsec_python::{Module, ModuleId, Program, QualifiedName};

use crate::hierarchy::{Hierarchy, known_class};
use crate::middleware::SESSION;
use crate::settings::{Cond, Settings};
use crate::structure::Structure;
use crate::templates::Templates;

/// Everything djsec knows of one Django project.
#[derive(Debug)]
pub struct Project {
    /// Its folder, relative to the audited root.
    pub root: Utf8PathBuf,
    /// The files that speak for it.
    pub speakers: crate::evidence::Speakers,
    /// Its packages.
    pub inventory: Inventory,
    /// The Django version in use, if the project says so.
    pub django: Option<DjangoVersion>,
    /// Where that was read.
    pub django_source: Option<Span>,
    /// The settings that production loads.
    pub settings: Settings,
    /// The variables that production sees.
    pub environment: Environment,
    /// How it is built; see [`Project::structure`].
    pub structure: OnceLock<Structure>,
    /// Its templates; see [`Project::templates`].
    pub templates: OnceLock<Templates>,
    /// For each middleware of the project's own or of a package that djsec knows (by dotted path): the
    /// external classes that it is derived from.
    pub middleware_bases: BTreeMap<String, Vec<String>>,
    /// What says that production loads these settings, strongest first.
    pub evidence: Vec<djsec_base::EvidenceLine>,
    /// How well that is known.
    pub certainty: djsec_base::Certainty,
    /// Evidence that says another settings module than the one chosen.
    pub conflicts: Vec<crate::evidence::Conflict>,
    /// What the proxies in front of it do, as far as the repository says.
    pub edges: Vec<crate::evidence::edge::Edge>,
    /// The variables that its files give to processes, deployed or not, in order of their places.
    pub variables: Vec<crate::evidence::Assigned>,
}

/// The modules of a project's own code, without tests, migrations and vendored code.
pub fn own_modules<'a>(
    files: &'a Files,
    program: &'a Program,
    root: &'a Utf8Path,
) -> impl Iterator<Item = (ModuleId, &'a Module)> {
    program.modules().filter(move |(_, module)| {
        files
            .file(module.file)
            .is_some_and(|file| file.role == Role::Application && file.path.starts_with(root))
    })
}

impl Project {
    /// Resolves what each middleware is derived from, as far as that can be seen.
    pub fn middleware_bases(
        settings: &Settings,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        root: &Utf8Path,
    ) -> BTreeMap<String, Vec<String>> {
        let mut bases = BTreeMap::new();
        for part in settings.get("MIDDLEWARE").elements() {
            let Data::Str(path) = &part.data else { continue };
            let Some((module, class)) = path.rsplit_once('.') else { continue };
            let name = match program.find(module, root) {
                Some(id) => program.resolve(id, class),
                None => QualifiedName::External((&**path).into()),
            };
            let order = hierarchy.order(&name);
            let stands_in = sets_session_cookie(program, &name).then_some(SESSION);
            // Of a package's class that nobody knows there is nothing to say.
            if matches!(&*order, [QualifiedName::External(name)] if known_class(name).is_none()) {
                continue;
            }
            bases.insert(
                path.to_string(),
                order
                    .iter()
                    .filter_map(|name| match name {
                        QualifiedName::External(name) => Some(name.to_string()),
                        _ => None,
                    })
                    .chain(stands_in.map(str::to_owned))
                    .collect(),
            );
        }
        bases
    }

    /// Whether a middleware is active, itself or as a project class derived from it.
    pub fn has_middleware(&self, path: &str) -> Cond<'_> {
        self.settings.get("MIDDLEWARE").any(|data| self.is_middleware(data, path))
    }

    /// Whether an element of `MIDDLEWARE` is this middleware or derived from it.
    pub fn is_middleware(&self, data: &Data, path: &str) -> Option<bool> {
        match data {
            Data::Str(s) if &**s == path => Some(true),
            Data::Str(s) => Some(
                self.middleware_bases
                    .get(&**s)
                    .is_some_and(|bases| bases.iter().any(|b| b == path)),
            ),
            Data::Sym(_) => None,
            _ => Some(false),
        }
    }
}

/// Whether a middleware of the project sets the session cookie itself, as the settings of Django's own
/// say: a copy of that with something changed.
fn sets_session_cookie(program: &Program, class: &QualifiedName) -> bool {
    let QualifiedName::Project(module, _) = class else { return false };
    let Some(module) = program.module(*module) else { return false };
    program
        .settings_reads()
        .any(|read| read.span.file == module.file && read.name == "SESSION_COOKIE_SECURE")
}
