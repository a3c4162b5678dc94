//! Classes that settings name: by dotted path, or as the class itself.

use djsec_django::hierarchy::known_class;
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
        let name = self.class_at(path);
        let answer = self.classes.derives_from(&name, classes);
        answer.or_else(|| {
            // Rules name the classes of some packages of which no others are recorded.
            let strangers = |base: &QualifiedName| match base {
                QualifiedName::External(name) => {
                    known_class(name).is_none() && !is_well_known(name)
                }
                QualifiedName::Unknown | QualifiedName::Module(_) => true,
                QualifiedName::Project(..) => false,
            };
            (!self.classes.order(&name).iter().any(strangers)).then_some(false)
        })
    }

    /// As [`Self::is_class`] for what these classes do in a method: a package's class derived from
    /// one of them does something else where its own method comes first.
    pub(crate) fn does_as(&self, data: &Data, method: &str, classes: &[&str]) -> Option<bool> {
        let is_class = self.is_class(data, classes)?;
        let Some(path) = dotted(data).filter(|_| is_class) else { return Some(is_class) };
        let owner = self.classes.attribute(&self.class_at(path), method).map(|found| found.owner);
        match owner {
            Some(QualifiedName::External(owner)) => Some(classes.contains(&&*owner)),
            _ => Some(true),
        }
    }

    pub(crate) fn class_at(&self, path: &str) -> QualifiedName {
        self.named(path).unwrap_or_else(|| QualifiedName::External(path.into()))
    }

    /// The class of the project at a dotted path, with everything it is derived from; `None` for
    /// what is not in the project.
    pub(crate) fn hierarchy(&self, path: &str) -> Option<Vec<QualifiedName>> {
        Some(self.program.mro(&self.named(path)?))
    }

    /// What a dotted path means in the project; `None` for what is not in it.
    pub(crate) fn named(&self, path: &str) -> Option<QualifiedName> {
        let (module, class) = path.rsplit_once('.')?;
        let module = self.program.find(module, &self.project.root)?;
        Some(self.program.resolve(module, class))
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
