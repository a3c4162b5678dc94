//! What goes into an evaluation and what is noticed on the way.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;

use super::{Args, At, Func, Interp, ObjId, Val};
use crate::ModuleId;
use crate::worlds::Guard;

/// What the environment of the audited process is known to be.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Variables that are known: their value (`None` = known to be set, value unknown) and place.
    pub given: BTreeMap<String, EnvironmentValue>,
    /// Whether variables that are not given are known to be unset.
    pub closed: bool,
}

/// A known variable.
#[derive(Debug, Clone)]
pub enum EnvironmentValue {
    /// It has this value.
    Is(String, Option<Span>),
    /// It has this value unless whoever deploys sets another (compose's `${X:-value}`).
    Default(String, Option<Span>),
    /// It is set to something.
    Set(Option<Span>),
    /// It is not set.
    Unset,
}

/// Knowledge about packages outside the project.
pub trait Library {
    /// A constant or module attribute, such as `django.conf.global_settings.LANGUAGES`.
    fn value(&self, it: &mut Interp<'_>, name: &str, at: At) -> Option<Val>;
    /// A call of something external by its qualified name.
    fn call(&self, it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val>;
    /// A method of an instance of an external class, or of a project class derived from one.
    fn method(
        &self,
        it: &mut Interp<'_>,
        object: ObjId,
        class: &str,
        method: &str,
        args: &Args,
        at: At,
    ) -> Option<Val>;
    /// An attribute of such an instance.
    fn attribute(
        &self,
        it: &mut Interp<'_>,
        object: ObjId,
        class: &str,
        name: &str,
        at: At,
    ) -> Option<Val>;
    /// Makes an instance of a project class one of whose bases is the external class `base`.
    fn instantiate(
        &self,
        it: &mut Interp<'_>,
        class: ObjId,
        base: &str,
        args: &Args,
        at: At,
    ) -> Option<Val>;
    /// Whether the package is installed in production, if the dependency files say so.
    fn installed(&self, package: &str) -> Option<bool>;
    /// Whether importing this module of the project need not run it until something is asked of it
    /// that [`Library::reference`] does not answer.
    fn defers(&self, _it: &Interp<'_>, _module: ModuleId) -> bool {
        false
    }
    /// A name of a module that was not run: a class or function as a reference.
    fn reference(
        &self,
        _it: &mut Interp<'_>,
        _module: ModuleId,
        _name: &str,
        _at: At,
    ) -> Option<Val> {
        None
    }
    /// A call of a function of the project that is not to be run.
    fn call_function(
        &self,
        _it: &mut Interp<'_>,
        _function: &Rc<Func>,
        _args: &Args,
        _at: At,
    ) -> Option<Val> {
        None
    }
    /// An attribute of a class of the project, asked before the class itself.
    fn class_attribute(
        &self,
        _it: &mut Interp<'_>,
        _class: ObjId,
        _name: &str,
        _at: At,
    ) -> Option<Val> {
        None
    }
    /// What a decorated function or class is: given what was defined and what the decorator made of
    /// it.
    fn decorated(&self, _it: &mut Interp<'_>, _defined: &Val, made: Val) -> Val {
        made
    }
    /// Whether the decorators of classes are to be called.
    fn decorates_classes(&self) -> bool {
        false
    }
    /// In which worlds an instance of an external class is true; always, when nothing is said.
    fn truth(&self, _it: &mut Interp<'_>, _object: ObjId, _class: &str) -> Option<Guard> {
        None
    }
    /// What a class or function that is only known by its name, or a class that is not in the tree in
    /// parts, has under a name where [`Library::value`] says nothing; [`super::Leaf::Absent`] where it
    /// has nothing of that name.
    fn member(
        &self,
        _it: &mut Interp<'_>,
        _owner: &super::Leaf,
        _name: &str,
        _at: At,
    ) -> Option<Val> {
        None
    }
    /// The names that `dir` lists of such a class, and whether there may be more.
    fn members(&self, _class: &super::Leaf) -> Option<(Vec<Arc<str>>, bool)> {
        None
    }
    /// `isinstance` (with `instance`) and `issubclass` of what is no plain data.
    fn is_a(
        &self,
        _it: &mut Interp<'_>,
        _val: &super::Leaf,
        _class: &super::Leaf,
        _instance: bool,
    ) -> Option<bool> {
        None
    }
}

/// An exception in flight.
#[derive(Debug, Clone)]
pub struct Raised {
    /// In which worlds.
    pub guard: Guard,
    /// The exception's class name.
    pub kind: Arc<str>,
    /// Its message, or what caused it.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Something worth telling about the evaluation itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A module that may exist beside the code where it runs (`local_settings`).
    LocalOverride {
        /// The module or file.
        name: String,
        /// Whether it is in the tree.
        present: bool,
        /// Where it is imported.
        span: Span,
    },
    /// A configuration module that the operator supplies.
    OperatorModule {
        /// Its dotted name.
        name: String,
        /// Where it is imported.
        span: Span,
    },
    /// A call with arguments that rules want to see (`sentry_sdk.init`).
    Call {
        /// Qualified name.
        name: String,
        /// Its keyword arguments; exported at the end.
        keywords: Vec<(Arc<str>, u32)>,
        /// Where.
        span: Span,
    },
    /// A budget ran out.
    Budget {
        /// Which.
        what: &'static str,
        /// Where.
        span: Span,
    },
    /// An assertion that never holds, as far as could be told; what follows was evaluated all the same.
    Assertion {
        /// Where.
        span: Span,
    },
    /// Names with this prefix may be set from outside.
    PrefixFamily {
        /// The prefix.
        prefix: String,
        /// Where.
        span: Span,
    },
    /// A file that was executed or read.
    ReadFile {
        /// The path as evaluated.
        path: String,
        /// Whether it is in the tree.
        present: bool,
        /// Where.
        span: Span,
    },
}

/// The most work one evaluation may do.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Expressions and statements.
    pub steps: u64,
    /// Nested calls and expressions.
    pub depth: u32,
    /// Iterations of one loop.
    pub iterations: u32,
    /// Alternatives of one value.
    pub alternatives: usize,
    /// Elements of one sequence.
    pub elements: usize,
    /// Bytes of one string.
    pub text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: 1_000_000,
            depth: 200,
            iterations: 2_000,
            alternatives: 48,
            elements: 20_000,
            text: 1 << 20,
        }
    }
}
