//! What is known of the functions and classes of Django, the standard library and packages: models as
//! data.
//!
//! The files in `models/` and those that a user adds have one format, described in
//! `docs/flow-models.md`. A model names a function (`os.system`), a method
//! (`django.db.models.query.QuerySet.raw`) or an attribute (`django.http.request.HttpRequest.GET`) by the
//! dotted name of its definition.

mod read;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

pub(crate) use djsec_base::last_part as last;
use rustc_hash::{FxHashMap, FxHashSet};

pub use self::read::ModelError;
use crate::taint::Grade;
use crate::{Kind, Kinds};

/// The models that come with djsec, by file.
pub(crate) const BUILT_IN: &[(&str, &str)] = &[
    ("models/python.toml", include_str!("../../models/python.toml")),
    ("models/django.toml", include_str!("../../models/django.toml")),
    ("models/drf.toml", include_str!("../../models/drf.toml")),
    ("models/packages.toml", include_str!("../../models/packages.toml")),
];

/// Everything known of what code calls.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    calls: FxHashMap<Box<str>, Model>,
    attributes: FxHashMap<Box<str>, Attribute>,
    /// The last parts of all names: most names are not among them, and need no look at classes.
    lasts: FxHashSet<Box<str>>,
    /// Last parts of the names of methods and attributes of classes that do harm with what they are given.
    members: FxHashSet<Box<str>>,
    /// Last parts of the names of functions that check something.
    checks: FxHashSet<Box<str>>,
    /// Exceptions whose texts say what is inside.
    exceptions: FxHashSet<Box<str>>,
    /// Sinks that are methods of something whose class is not known, by the method's name.
    loose: FxHashMap<Box<str>, Vec<Sink>>,
}

/// What is known of a function or method.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Model {
    pub(crate) sinks: Vec<Sink>,
    /// As what its result can do no harm, whatever went in.
    pub(crate) safe: Kinds,
    /// The same, where other arguments are something.
    pub(crate) safe_if: Vec<Sanitizer>,
    /// As what its result can do harm again, whatever was done about it before.
    pub(crate) undoes: Kinds,
    /// What it says of an argument where it gives true.
    pub(crate) checks: Vec<CheckModel>,
    /// The class of what it gives.
    pub(crate) gives: Option<Arc<str>>,
    /// What it gives is untrusted.
    pub(crate) source: Option<Grade>,
    /// Whether what it gives is a secret, too.
    pub(crate) secret: bool,
    /// Whether what goes in comes out, as far as is known: nothing is lost and nothing is unsure.
    pub(crate) passes: bool,
    /// Whether what it is called on (or its first argument) is what it gives.
    pub(crate) itself: bool,
    /// In which other writing it gives what it is given: `(base64)`.
    pub(crate) writes: Option<Arc<str>>,
    /// From which writing it reads that back.
    pub(crate) reads: Option<Arc<str>>,
}

/// What is known of an attribute.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) gives: Option<Arc<str>>,
    pub(crate) source: Option<Grade>,
    /// Whether it is a secret, or holds some.
    pub(crate) secret: bool,
    /// As what the untrusted data in it can do no harm.
    pub(crate) safe: Kinds,
    /// Whether nothing untrusted is in it, whatever it is an attribute of.
    pub(crate) clean: bool,
    /// What becomes of what is put there.
    pub(crate) sinks: Vec<Sink>,
}

/// Where untrusted data does harm.
#[derive(Debug, Clone, PartialEq)]
pub struct Sink {
    /// As what.
    pub kind: Kind,
    /// Which arguments.
    pub(crate) argument: Vec<Slot>,
    /// What the argument is, for people: `the SQL of a query`.
    pub words: Arc<str>,
    /// Only where other arguments are this, all of them.
    pub(crate) when: Vec<Condition>,
    /// Not where other arguments are this, any of them.
    pub(crate) unless: Vec<Condition>,
}

/// What makes data harmless under conditions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sanitizer {
    pub(crate) safe: Kinds,
    pub(crate) when: Vec<Condition>,
    pub(crate) unless: Vec<Condition>,
}

/// An argument.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Slot {
    /// By position.
    At(usize),
    /// By name.
    Named(Arc<str>),
    /// What stands under a key of the mapping in a place: `headers={"Location": …}`.
    Entry(Box<Self>, Arc<str>),
    /// Those whose names end like this: `name__regex=`.
    Suffix(Arc<str>),
    /// What it is called on.
    Receiver,
    /// The object in whose method the call stands, or the function.
    Owner,
    /// What a method of the project gives back to the framework that calls it.
    Return,
    /// The first element of the list at a position: `["ls", "-l"]`.
    First(usize),
    /// What a shell runs that the list at a position starts: `["sh", "-c", text]`.
    Script(usize),
    /// What a program that does harm by its options takes for one in the list at a position, if it begins so:
    /// `["git", "clone", url]`.
    Options(usize),
    /// What messages of a language model say that are not those of its user: those of a list with the role
    /// `system` or `developer`.
    System,
    /// The names of what is unpacked: `**options`.
    Keywords,
    /// Every positional argument.
    Each,
    /// Every argument by name, but for these.
    Others(Arc<[Arc<str>]>),
}

/// What another argument must be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) slots: Vec<Slot>,
    /// What it was made with, instead of itself: `resolve_entities` of a parser.
    pub(crate) field: Option<Arc<str>>,
    pub(crate) test: Test,
}

/// How another argument is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// It is this boolean.
    Is(bool),
    /// It is a text with this in it.
    Contains(Arc<str>),
    /// It is a text without this in it.
    Lacks(Arc<str>),
    /// It is one of these names (`yaml.SafeLoader`) or texts.
    Names(Vec<Arc<str>>),
    /// It is one of these classes or derived from one, or an instance of that.
    Class(Vec<Arc<str>>),
    /// It is a class of the project that has a method of this name, or an instance of one.
    Defines(Arc<str>),
    /// It is given.
    Given,
}

/// What a function that checks something says of an argument.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckModel {
    pub(crate) argument: Vec<Slot>,
    pub(crate) safe: Kinds,
    /// Only if this can be said of the argument already.
    pub(crate) needs: Kinds,
}

impl Model {
    /// As what its result can do no harm, if other arguments are as they have to be.
    fn may_be_safe(&self) -> Kinds {
        self.safe_if.iter().fold(self.safe, |all, one| all.or(one.safe))
    }

    /// What is known besides sinks, in words.
    pub(crate) fn words(&self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        if self.safe.is_all() {
            words.push("what it gives can do no harm".to_owned());
        } else if self.may_be_safe() != Kinds::NONE {
            let safe = self.may_be_safe();
            let kinds: Vec<&str> =
                Kind::all().filter(|kind| safe.has(*kind)).map(Kind::name).collect();
            words.push(format!("what it gives can do no harm as {}", kinds.join(", ")));
        }
        if self.passes {
            words.push("it passes on what it is given".to_owned());
        }
        words.extend(self.gives.as_ref().map(|class| format!("it gives a {class}")));
        words.extend(self.source.map(|_| "it gives untrusted data".to_owned()));
        words.extend(self.checks.first().map(|_| "it checks an argument".to_owned()));
        (!words.is_empty()).then(|| words.join("; "))
    }
}

impl Catalog {
    /// What comes with djsec.
    pub fn built_in() -> &'static Self {
        static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
            let mut catalog = Catalog::default();
            for (file, text) in BUILT_IN {
                // That they can be read is what the tests of this module are for.
                let _flaws = catalog.add(file, text);
            }
            catalog
        });
        &CATALOG
    }

    /// Adds a file of models; what is wrong with it, if something is. What can be read counts.
    pub fn add(&mut self, file: &str, text: &str) -> Vec<ModelError> {
        let errors = read::read(self, file, text);
        let names = self.calls.keys().chain(self.attributes.keys());
        self.lasts = names.map(|name| last(name).into()).collect();
        let calls = self.calls.iter().filter(|(_, model)| !model.sinks.is_empty());
        let written = self.attributes.iter().filter(|(_, found)| !found.sinks.is_empty());
        let names = calls.map(|(name, _)| name).chain(written.map(|(name, _)| name));
        self.members = names.filter_map(|name| member(name)).map(Into::into).collect();
        errors
    }

    pub(crate) fn call(&self, name: &str) -> Option<&Model> {
        self.calls.get(name)
    }

    /// Whether some function of this name checks something.
    pub(crate) fn may_check(&self, last: &str) -> bool {
        self.checks.contains(last)
    }

    /// Whether some class of a package has a method or an attribute of this name that does harm with what it
    /// is given.
    pub(crate) fn is_member(&self, name: &str) -> bool {
        self.members.contains(name)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    /// Whether an exception of this class says what is inside, and nothing that was written for people who use
    /// the site.
    pub(crate) fn leaks(&self, exception: &str) -> bool {
        self.exceptions.contains(exception)
    }

    /// Whether anything is known of something of this name, whatever class it belongs to.
    pub(crate) fn names(&self, last: &str) -> bool {
        self.lasts.contains(last)
    }

    pub(crate) fn loose(&self, method: &str) -> &[Sink] {
        self.loose.get(method).map_or(&[], Vec::as_slice)
    }

    /// The sinks of a kind with the names they are called by, sorted: for people who ask what djsec
    /// knows.
    pub fn sinks(&self, kind: Kind) -> Vec<(&str, &Sink)> {
        let calls = self.calls.iter();
        let mut names: Vec<(String, usize)> = calls
            .flat_map(|(name, model)| {
                let found = model.sinks.iter().enumerate().filter(|(_, sink)| sink.kind == kind);
                found.map(|(at, _)| (name.to_string(), at)).collect::<Vec<_>>()
            })
            .collect();
        names.sort();
        names
            .into_iter()
            .filter_map(|(name, at)| {
                let (name, model) = self.calls.get_key_value(name.as_str())?;
                Some((&**name, model.sinks.get(at)?))
            })
            .collect()
    }
}

/// The name of a method or an attribute of a class: `get` of `requests.Session.get`.
fn member(name: &str) -> Option<&str> {
    let (class, member) = name.rsplit_once('.')?;
    let is_class =
        last(class).trim_start_matches('_').starts_with(|c: char| c.is_ascii_uppercase());
    is_class.then_some(member)
}
