//! What a URLconf learns of classes that it looks at by name: `dir(viewset)`, `hasattr(viewset, "list")`,
//! `getattr(method, "bind_to_methods", None)`. Routers of the project's own do that.

use std::sync::Arc;

use djsec_python::QualifiedName;
use djsec_python::eval::{At, Interp, Leaf, Object, Val};

use super::library::UrlLibrary;
use super::urls::{REGEX_PATTERN, ROUTE_PATTERN};
use super::urls::{attr, class_of, instance};
use crate::hierarchy::{Attribute, AttributeValue};

/// Class of a compiled pattern.
const COMPILED: &str = "re.Pattern";

impl UrlLibrary<'_> {
    /// What a class has under a name, or a function of a class: [`Leaf::Absent`] where it has nothing.
    pub(super) fn member_of(
        &self,
        it: &mut Interp<'_>,
        owner: &Leaf,
        name: &str,
        at: At,
    ) -> Option<Val> {
        let owner_name = match owner {
            Leaf::Ext(dotted) => self.names.qualify(dotted),
            Leaf::Ref(id) if matches!(it.object(*id), Some(Object::Class(_))) => {
                self.class_name(it, owner)?
            }
            _ => return None,
        };
        if self.names.is_class(&owner_name) {
            return self.member_of_class(it, &owner_name, name, at);
        }
        let method = self.method_value(it, &owner_name, at)?;
        // What Python itself puts on functions is not known here.
        let known = !name.starts_with("__");
        known.then(|| it.attribute_or_absent(&method, name, at))
    }

    fn member_of_class(
        &self,
        it: &mut Interp<'_>,
        class: &QualifiedName,
        name: &str,
        at: At,
    ) -> Option<Val> {
        let hierarchy = self.names.hierarchy;
        let Some(Attribute { owner, value }) = hierarchy.attribute(class, name) else {
            let absent = Val::of(Leaf::Absent, Some(at.span));
            return (hierarchy.is_complete(class) && !name.starts_with("__")).then_some(absent);
        };
        match (value, &owner) {
            (AttributeValue::Unseen, _) => None,
            (AttributeValue::Assigned(..), QualifiedName::Project(..)) => {
                let owner = self.run(it, &owner, at)?;
                Some(it.attribute(&owner, name, at))
            }
            _ => {
                let dotted = match class {
                    QualifiedName::External(name) => Arc::clone(name),
                    class => self.names.dotted(class)?,
                };
                Some(Val::of(Leaf::Ext(Arc::from(format!("{dotted}.{name}"))), Some(at.span)))
            }
        }
    }

    /// The names that a class and what it is derived from bind, and whether there may be more.
    pub(super) fn members_of(&self, class: &Leaf) -> Option<(Vec<Arc<str>>, bool)> {
        let Leaf::Ext(dotted) = class else { return None };
        let class = self.names.qualify(dotted);
        if !self.names.is_class(&class) {
            return None;
        }
        let hierarchy = self.names.hierarchy;
        let names = hierarchy.names_all(&class).into_iter().map(Arc::from).collect();
        Some((names, !hierarchy.is_complete(&class)))
    }

    /// A method of a class of the project as the class has it, with what its decorators set on it.
    fn method_value(&self, it: &mut Interp<'_>, method: &QualifiedName, at: At) -> Option<Val> {
        let QualifiedName::Project(module, path) = method else { return None };
        let (class, name) = path.rsplit_once('.')?;
        let class = QualifiedName::Project(*module, Arc::from(class));
        if !self.names.is_class(&class) {
            return None;
        }
        let Attribute { owner, value } = self.names.hierarchy.attribute(&class, name)?;
        if !matches!(value, AttributeValue::Method(..)) {
            return None;
        }
        let owner = self.run(it, &owner, at)?;
        let method = it.attribute(&owner, name, at);
        method
            .alts
            .iter()
            .all(|alt| matches!(alt.leaf, Leaf::Func(_) | Leaf::Method(_)))
            .then_some(method)
    }

    /// What was set on a method: `UsersViewSet.contacts.kwargs`.
    pub(super) fn set_on_method(&self, it: &mut Interp<'_>, name: &str, at: At) -> Option<Val> {
        let (method, attribute) = name.rsplit_once('.')?;
        // A class has to stand in front of it.
        if method.matches('.').count() < 2 || attribute.starts_with("__") {
            return None;
        }
        let method = self.names.qualify(method);
        let method = self.method_value(it, &method, at)?;
        let found = it.attribute_or_absent(&method, attribute, at);
        found.alts.iter().any(|alt| !matches!(alt.leaf, Leaf::Absent)).then_some(found)
    }

    /// `pattern.regex`, `pattern.regex.pattern` of the patterns that `path` and `re_path` make.
    pub(super) fn pattern_attribute(
        &self,
        it: &mut Interp<'_>,
        object: &Leaf,
        name: &str,
        at: At,
    ) -> Option<Val> {
        let class = class_of(it, object)?;
        let text = attr(it, object, "djsec text")?;
        match (&*class, name) {
            (REGEX_PATTERN, "regex") => {
                let args = vec![("pattern", text)];
                Some(instance(it, COMPILED, args, at))
            }
            (REGEX_PATTERN, "_regex") | (ROUTE_PATTERN, "_route") => Some(text),
            (ROUTE_PATTERN, "regex") => {
                let end = if self.is_older("django", 4, 1) { "$" } else { "\\Z" };
                let regex = it.map(&text, at, |it, leaf, at| match leaf {
                    Leaf::Str(route) if !route.contains('<') => {
                        Val::str(format!("^{}{end}", super::urls::escape(route)))
                    }
                    _ => it.unknown("the expression of a route", at),
                });
                Some(instance(it, COMPILED, vec![("pattern", regex)], at))
            }
            _ => None,
        }
    }
}
