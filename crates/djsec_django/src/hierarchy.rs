//! Classes of the project and of packages in their method resolution order.
//!
//! The project's classes are read from its code; what packages have is recorded from the packages
//! themselves (`data/classes.txt`, written by `cargo xtask record classes`), so that nothing needs to
//! be installed. Classes of other packages are read from an installed environment where there is one
//! (`Program::installed`). Where a class that nobody knows could answer first, the answer says so.

mod body;
mod kept;
mod known;
mod order;
#[cfg(test)]
mod tests;
mod wanted;

use std::borrow::Cow;
use std::sync::Arc;

use djsec_python::code::{ClassId, Code, ExprId, FunctionId};
use djsec_python::{Installed, ModuleId, Program, QualifiedName};
use rustc_hash::FxHashSet;

use self::kept::Answers;
pub use self::known::{KnownClass, known_class, known_packages};
use self::order::Orders;
pub use self::wanted::{wanted_by_class, wanted_by_project};

/// What a class has under a name, found along its method resolution order.
#[derive(Debug, Clone)]
pub struct Attribute<'a> {
    /// The class in whose body it stands.
    pub owner: QualifiedName,
    /// What it is.
    pub value: AttributeValue<'a>,
}

impl Attribute<'_> {
    /// The method of the project that it is.
    pub fn method(&self) -> Option<(ModuleId, FunctionId)> {
        match self.value {
            AttributeValue::Method(module, _, function) => Some((module, function)),
            _ => None,
        }
    }
}

/// What an attribute is.
#[derive(Debug, Clone, Copy)]
pub enum AttributeValue<'a> {
    /// Assigned in a class of the project, or of a package that was read from an environment.
    Assigned(ModuleId, &'a Code, ExprId),
    /// A method of a class of the project, or of a package that was read from an environment.
    Method(ModuleId, &'a Code, FunctionId),
    /// A class that stands in the body of a class of the project: `Meta`.
    Class(ModuleId, &'a Code, ClassId),
    /// An attribute of a package's class.
    Known(&'static KnownValue),
    /// A method of a package's class.
    KnownMethod,
    /// The owner may have the attribute or not, or has something that cannot be told: a class nobody
    /// knows, or a body that sets the attribute in several branches, in place or by unpacking.
    Unseen,
}

/// A plain attribute of a package's class, as recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum KnownValue {
    /// `None`.
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A text.
    Str(Box<str>),
    /// A class or function, by dotted name.
    Name(Box<str>),
    /// What the project's settings say, by path: `REST_FRAMEWORK.DEFAULT_PERMISSION_CLASSES`.
    Setting(Box<str>),
    /// A field of a model, form or serializer.
    Field {
        /// The field's class, by dotted name.
        class: Box<str>,
        /// The model that a relation points to: a dotted name, or as written (`auth.Group`, `self`).
        to: Option<Box<str>>,
    },
    /// A list, tuple or set.
    List(Vec<Self>),
    /// Something that is not kept.
    Other,
}

/// All classes and what they are derived from. Answers are kept; may be asked from several threads.
#[derive(Debug)]
pub struct Hierarchy<'a> {
    program: &'a Program,
    orders: Orders,
    answers: Answers,
}

impl<'a> Hierarchy<'a> {
    /// The hierarchy of a program's classes. Costs nothing until it is asked.
    pub fn new(program: &'a Program) -> Self {
        Self { program, orders: Orders::default(), answers: Answers::default() }
    }

    /// A name under the name that its definition gives it: what a package offers in several modules
    /// (`django.views.generic.View`) has one (`django.views.generic.base.View`).
    pub fn canonical(&self, name: &QualifiedName) -> QualifiedName {
        match name {
            QualifiedName::External(external) => match self.canonical_text(external) {
                None => name.clone(),
                Some(canonical) => QualifiedName::External(canonical),
            },
            other => other.clone(),
        }
    }

    /// Another name under which a package defines something, if there is one.
    fn canonical_text(&self, name: &str) -> Option<Arc<str>> {
        self.answers.canonical(name, || match known::canonical(name) {
            Cow::Borrowed(_) => match self.program.installed(name) {
                Installed::Class(_, _, canonical) if &*canonical != name => Some(canonical),
                Installed::Elsewhere(other) if &*other != name => {
                    Some(known::canonical(&other).into())
                }
                _ => None,
            },
            Cow::Owned(canonical) => Some(canonical.into()),
        })
    }

    /// A class and everything it is derived from, in the order in which Python searches them, under
    /// canonical names; `object` is left out. A class that nobody knows stands without its bases.
    pub fn order(&self, class: &QualifiedName) -> Arc<[QualifiedName]> {
        self.lineage(class).order
    }

    /// Whether all classes of [`Self::order`] are known, so that what is not found is not there.
    pub fn is_complete(&self, class: &QualifiedName) -> bool {
        self.lineage(class).complete
    }

    /// Whether a class has so many above it that they were not all followed.
    pub(crate) fn is_cut(&self, class: &QualifiedName) -> bool {
        let lineage = self.lineage(class);
        !lineage.complete && lineage.order.len() >= order::DEEPEST
    }

    /// Whether a class is one of these, or derived from one (by any of their public names); `None`
    /// where it is not derived from one as far as can be seen, but from a class that nobody knows.
    pub fn derives_from(&self, class: &QualifiedName, names: &[&str]) -> Option<bool> {
        let lineage = self.lineage(class);
        let found = names.iter().any(|name| {
            let canonical = self.canonical_text(name);
            let name = canonical.as_deref().unwrap_or(name);
            lineage.order.iter().any(|base| base.is_external(name))
        });
        if found { Some(true) } else { lineage.complete.then_some(false) }
    }

    /// What a class has under a name: the first along its order, as Python would find it.
    pub fn attribute(&self, class: &QualifiedName, name: &str) -> Option<Attribute<'a>> {
        self.answers.attribute(self.program, (class, name), || {
            self.order(class).iter().find_map(|owner| self.own(owner, name))
        })
    }

    /// What a class has under a name behind one of its bases: what `super()` in that one finds.
    pub fn attribute_behind(
        &self,
        class: &QualifiedName,
        base: &QualifiedName,
        name: &str,
    ) -> Option<Attribute<'a>> {
        let order = self.order(class);
        let mut behind = order.iter().skip_while(|one| *one != base).skip(1);
        behind.find_map(|owner| self.own(owner, name))
    }

    /// The method of the project that a class has under a name, by itself or from its bases.
    pub fn method(&self, class: &QualifiedName, name: &str) -> Option<(ModuleId, FunctionId)> {
        self.attribute(class, name)?.method()
    }

    /// Everything that stands under a name along a class's order, in that order.
    pub fn attributes_all(&self, class: &QualifiedName, name: &str) -> Vec<Attribute<'a>> {
        let order = self.order(class);
        order.iter().filter_map(|owner| self.own(owner, name)).collect()
    }

    /// What the body of a class itself has under a name.
    pub fn own(&self, owner: &QualifiedName, name: &str) -> Option<Attribute<'a>> {
        let value = match owner {
            QualifiedName::External(class) => match known_class(class) {
                Some(class) => match class.attribute(name) {
                    Some(value) => Some(AttributeValue::Known(value)),
                    None => class.has_method(name).then_some(AttributeValue::KnownMethod),
                },
                None => match self.program.class_home(owner) {
                    Some((module, code, class)) => {
                        let body = self.answers.body(owner, || Some(body::index(code, class)));
                        body?.get(name).map(|bound| bound.value(module, code))
                    }
                    None => Some(AttributeValue::Unseen),
                },
            },
            QualifiedName::Project(module, _) => {
                let body = self.answers.body(owner, || {
                    let (code, class) = self.program.class_code(owner)?;
                    Some(body::index(code, class))
                });
                match (body, self.program.code(*module)) {
                    (Some(body), Some(code)) => self
                        .set_by_decorator(owner, *module, name)
                        .or_else(|| body.get(name).map(|bound| bound.value(*module, code))),
                    _ => self.summarised(owner, name),
                }
            }
            QualifiedName::Module(_) | QualifiedName::Unknown => Some(AttributeValue::Unseen),
        };
        value.map(|value| Attribute { owner: owner.clone(), value })
    }

    /// `@permission_classes([…])` of REST framework on a class sets the attribute of that name, as on a function.
    fn set_by_decorator(
        &self,
        owner: &QualifiedName,
        module: ModuleId,
        name: &str,
    ) -> Option<AttributeValue<'a>> {
        if !matches!(name, "permission_classes" | "authentication_classes" | "throttle_classes") {
            return None;
        }
        let (code, class) = self.program.class_code(owner)?;
        let value = code.exprs(code.class(class)?.decorators).iter().find_map(|decorator| {
            let (callee, arguments) = code.call(*decorator)?;
            let is = self.program.resolve(module, code.dotted(callee)?.as_ref());
            let sets = format!("rest_framework.decorators.{name}");
            is.is_external(&sets).then_some(arguments.first()?.value)
        })?;
        Some(AttributeValue::Assigned(module, code, value))
    }

    /// What is known of a class whose code is not kept: only whether it has something of that name.
    fn summarised(&self, owner: &QualifiedName, name: &str) -> Option<AttributeValue<'a>> {
        match self.program.class(owner) {
            Some(class) => {
                let has = class.attributes.iter().any(|attribute| *attribute.name == *name);
                has.then_some(AttributeValue::Unseen)
            }
            None => Some(AttributeValue::Unseen),
        }
    }

    /// The names of all methods along a class's order with the class whose method counts: first
    /// come those of the class itself, in source order. A method that something else hides
    /// (`delete = None`) is not among them.
    pub fn methods(&self, class: &QualifiedName) -> Vec<(&'a str, QualifiedName)> {
        let mut taken: FxHashSet<&'a str> = FxHashSet::default();
        let mut methods = Vec::new();
        for owner in self.order(class).iter() {
            for (name, is_method) in self.names(owner) {
                if taken.insert(name) && is_method {
                    methods.push((name, owner.clone()));
                }
            }
        }
        methods
    }

    /// The names that a class and all classes above it bind.
    pub fn names_all(&self, class: &QualifiedName) -> Vec<&'a str> {
        let order = self.order(class);
        let mut names: Vec<&'a str> =
            order.iter().flat_map(|owner| self.names(owner)).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names that the body of a class binds, and whether each is a method.
    pub fn names(&self, owner: &QualifiedName) -> Vec<(&'a str, bool)> {
        match owner {
            QualifiedName::External(class) if let Some(class) = known_class(class) => {
                let methods = class.methods().iter().map(|name| (*name, true));
                methods.chain(class.attributes().map(|(name, _)| (name, false))).collect()
            }
            QualifiedName::External(_) | QualifiedName::Project(..) => {
                match self.program.class_home(owner) {
                    Some((_, code, class)) => body::names(code, class),
                    None => Vec::new(),
                }
            }
            QualifiedName::Module(_) | QualifiedName::Unknown => Vec::new(),
        }
    }
}
