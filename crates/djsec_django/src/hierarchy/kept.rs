//! Answers that are asked for again and again, kept for all threads.

use std::sync::Arc;

use djsec_python::code::{ClassId, ExprId, FunctionId};
use djsec_python::{Kept, KeptByText, ModuleId, Program, QualifiedName};
use rustc_hash::FxHashMap;

use super::body::Bound;
use super::{Attribute, AttributeValue, KnownValue};

/// An attribute without the code that it stands in, so that it may be kept beside it.
#[derive(Debug, Clone)]
struct KeptAttribute {
    owner: QualifiedName,
    value: KeptValue,
}

#[derive(Debug, Clone, Copy)]
enum KeptValue {
    Assigned(ModuleId, ExprId),
    Method(ModuleId, FunctionId),
    Class(ModuleId, ClassId),
    Known(&'static KnownValue),
    KnownMethod,
    Unseen,
}

impl KeptAttribute {
    fn of(attribute: Attribute<'_>) -> Self {
        let value = match attribute.value {
            AttributeValue::Assigned(module, _, id) => KeptValue::Assigned(module, id),
            AttributeValue::Method(module, _, id) => KeptValue::Method(module, id),
            AttributeValue::Class(module, _, id) => KeptValue::Class(module, id),
            AttributeValue::Known(value) => KeptValue::Known(value),
            AttributeValue::KnownMethod => KeptValue::KnownMethod,
            AttributeValue::Unseen => KeptValue::Unseen,
        };
        Self { owner: attribute.owner, value }
    }

    fn restore(self, program: &Program) -> Option<Attribute<'_>> {
        let value = match self.value {
            KeptValue::Assigned(module, id) => {
                AttributeValue::Assigned(module, program.code(module)?, id)
            }
            KeptValue::Method(module, id) => {
                AttributeValue::Method(module, program.code(module)?, id)
            }
            KeptValue::Class(module, id) => {
                AttributeValue::Class(module, program.code(module)?, id)
            }
            KeptValue::Known(value) => AttributeValue::Known(value),
            KeptValue::KnownMethod => AttributeValue::KnownMethod,
            KeptValue::Unseen => AttributeValue::Unseen,
        };
        Some(Attribute { owner: self.owner, value })
    }
}

/// What has been asked of a hierarchy so far.
#[derive(Debug, Default)]
pub(super) struct Answers {
    attributes: KeptByText<QualifiedName, Option<KeptAttribute>>,
    canonical: KeptByText<(), Option<Arc<str>>>,
    bodies: Kept<QualifiedName, Option<Arc<Body>>>,
}

/// What the body of a class binds.
pub(super) type Body = FxHashMap<Box<str>, Bound>;

impl Answers {
    /// What the body of a class binds, found by `find` when it is asked for the first
    /// time; absent where its code is not kept.
    pub(super) fn body(
        &self,
        class: &QualifiedName,
        find: impl FnOnce() -> Option<Body>,
    ) -> Option<Arc<Body>> {
        self.bodies.get_or(class, || find().map(Arc::new))
    }

    /// What a class has under a name, found by `find` when it is asked for the first time.
    pub(super) fn attribute<'a>(
        &self,
        program: &'a Program,
        (class, name): (&QualifiedName, &str),
        find: impl FnOnce() -> Option<Attribute<'a>>,
    ) -> Option<Attribute<'a>> {
        let keep = || find().map(KeptAttribute::of);
        self.attributes.get_or(class, name, keep)?.restore(program)
    }

    /// The name of a package's definition; absent where it is the name itself.
    pub(super) fn canonical(
        &self,
        name: &str,
        find: impl FnOnce() -> Option<Arc<str>>,
    ) -> Option<Arc<str>> {
        self.canonical.get_or(&(), name, find)
    }
}
