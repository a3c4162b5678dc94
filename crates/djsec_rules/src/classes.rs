//! Classes that settings name: by dotted path, or as the class itself.

use djsec_python::QualifiedName;
use djsec_python::value::{Data, ObjectKind};

use crate::Cx;

/// The dotted path of a class that a setting names, as text or as an object.
pub(crate) fn dotted(data: &Data) -> Option<&str> {
    match data {
        Data::Str(path) => Some(path),
        Data::Object(object) if matches!(object.kind, ObjectKind::Class | ObjectKind::External) => {
            Some(&object.name)
        }
        _ => None,
    }
}

impl Cx<'_> {
    /// Whether an element of a setting is one of these classes, or a class of the project derived
    /// from one; `None` when that cannot be told, as for a class of a package nobody knows.
    pub(crate) fn is_class(&self, data: &Data, classes: &[&str]) -> Option<bool> {
        let path = match data {
            Data::Sym(_) => return None,
            other => match dotted(other) {
                Some(path) => path,
                None => return Some(false),
            },
        };
        if classes.contains(&path) {
            return Some(true);
        }
        let Some(order) = self.hierarchy(path) else {
            return is_well_known(path).then_some(false);
        };
        let mut known = true;
        for base in &order {
            match base {
                QualifiedName::External(name) if classes.contains(&&**name) => return Some(true),
                QualifiedName::External(name) => known &= is_well_known(name),
                QualifiedName::Unknown => known = false,
                QualifiedName::Project(..) | QualifiedName::Module(_) => {}
            }
        }
        known.then_some(false)
    }

    /// The class of the project at a dotted path, with everything it is derived from; `None` for
    /// what is not in the project.
    pub(crate) fn hierarchy(&self, path: &str) -> Option<Vec<QualifiedName>> {
        let (module, class) = path.rsplit_once('.')?;
        let module = self.program.find(module, &self.project.root)?;
        let name = self.program.resolve(module, class);
        Some(self.program.mro(&name))
    }
}

/// Whether it is of a package whose classes rules know by name.
fn is_well_known(path: &str) -> bool {
    const PACKAGES: &[&str] = &[
        "allauth",
        "axes",
        "builtins",
        "corsheaders",
        "dj_rest_auth",
        "django",
        "django_auth_ldap",
        "guardian",
        "knox",
        "mozilla_django_oidc",
        "oauth2_provider",
        "rest_framework",
        "rest_framework_simplejwt",
        "rules",
        "social_core",
    ];
    path.split('.').next().is_some_and(|package| PACKAGES.contains(&package))
}
