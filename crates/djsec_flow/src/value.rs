//! What an expression may stand for: what it is, as far as calls depend on it, and which untrusted
//! data is in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};

use crate::args::Args;
use crate::trail::Trail;
use crate::{Kind, Kinds};

/// Fields of fields are kept apart this deep.
const DEEPEST: usize = 3;
/// More doubt than this says nothing new.
const MOST_DOUBT: u8 = 3;
/// A value carries at most this many pieces of untrusted data; the rest says nothing new.
const MOST: usize = 12;

/// Who decides what untrusted data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Whoever sends a request.
    Remote,
    /// Whoever could write a row, some time before.
    Stored,
    /// Nobody but the project itself: it is a secret.
    Own,
}

/// A piece of untrusted data where it comes in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Where.
    pub place: Span,
    /// Who decides what it is.
    pub grade: Grade,
    /// What it is: `request.GET["q"]`.
    pub words: Arc<str>,
}

/// Where a piece of data comes from, as seen in one function.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// From outside.
    Source(Arc<Source>),
    /// From a parameter of the function, or from what stands in it (`"form.data"`).
    Parameter(u16, Option<Arc<str>>),
}

impl Origin {
    /// Who decides what it is, if it comes from outside.
    pub(crate) fn grade(&self) -> Option<Grade> {
        match self {
            Self::Source(source) => Some(source.grade),
            Self::Parameter(..) => None,
        }
    }

    /// The parameter that it comes from.
    pub(crate) fn parameter(&self) -> Option<u16> {
        match self {
            Self::Source(_) => None,
            Self::Parameter(at, _) => Some(*at),
        }
    }

    /// Whether another one is a part of the same parameter's part, and not this itself.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Parameter(_, None), Self::Parameter(_, Some(_))) => true,
            (Self::Parameter(_, Some(whole)), Self::Parameter(_, Some(part))) => {
                part.strip_prefix(&**whole).is_some_and(|rest| rest.starts_with(SEPARATOR))
            }
            _ => false,
        }
    }
}

/// One piece of untrusted data in a value.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) origin: Origin,
    /// What it can do no harm as.
    pub(crate) safe: Kinds,
    /// Through how many things that nobody knows it went.
    pub(crate) doubt: u8,
    /// Where it can do less harm than that.
    pub(crate) proviso: Option<Arc<Proviso>>,
    pub(crate) trail: Trail,
}

/// Under a condition, data can do no harm as these.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Proviso {
    pub(crate) when: Condition,
    pub(crate) safe: Kinds,
}

/// What something says that stays as it is for as long as a function runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// As it is written: `self.external`.
    pub(crate) subject: Arc<str>,
    pub(crate) holds: bool,
}

/// The way does not count: two values are the same where the same data is in both.
impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin
            && self.safe == other.safe
            && self.doubt == other.doubt
            && self.proviso == other.proviso
    }
}

/// Every piece of untrusted data in a value, by origin, each once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Taint(Option<Arc<Vec<Label>>>);

impl Taint {
    pub(crate) fn of(label: Label) -> Self {
        Self(Some(Arc::new(vec![label])))
    }

    /// A piece of untrusted data that comes in here, and that is no secret.
    pub(crate) fn source(place: Span, grade: Grade, words: &str) -> Self {
        Self::of_grade(place, grade, words, Kinds::SECRET)
    }

    /// A secret.
    pub(crate) fn secret(place: Span, grade: Grade, words: &str) -> Self {
        let safe = if grade == Grade::Own { Kinds::ONLY_SECRET } else { Kinds::NONE };
        Self::of_grade(place, grade, words, safe)
    }

    fn of_grade(place: Span, grade: Grade, words: &str, safe: Kinds) -> Self {
        let words: Arc<str> = Arc::from(words);
        let who = match grade {
            Grade::Remote => "comes with the request",
            Grade::Stored => "comes from the database",
            Grade::Own => "is a secret",
        };
        let trail = Trail::default().and(place, &format!("`{words}` {who}"));
        let origin = Origin::Source(Arc::new(Source { place, grade, words }));
        Self::of(Label { origin, safe, doubt: 0, proviso: None, trail })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn labels(&self) -> &[Label] {
        self.0.as_ref().map_or(&[], |labels| labels.as_slice())
    }

    /// With what is in another, too. Of two ways for the same data the one on which less was done about
    /// it counts, then the shorter.
    pub(crate) fn merge(&mut self, other: &Self) {
        let (Some(mine), Some(theirs)) = (&mut self.0, &other.0) else {
            if self.0.is_none() {
                self.0.clone_from(&other.0);
            }
            return;
        };
        if Arc::ptr_eq(mine, theirs) {
            return;
        }
        let all = Arc::make_mut(mine);
        for label in theirs.iter() {
            add(all, label);
        }
    }

    /// With one more piece.
    pub(crate) fn add(&mut self, label: &Label) {
        add(Arc::make_mut(self.0.get_or_insert_default()), label);
    }

    /// Each piece changed, or left out.
    pub(crate) fn map(&self, f: impl Fn(&Label) -> Option<Label>) -> Self {
        let mut all: Vec<Label> = self.labels().iter().filter_map(f).collect();
        all.sort_by(|a, b| a.origin.cmp(&b.origin));
        all.dedup_by(|later, first| {
            let same = later.origin == first.origin;
            if same {
                first.meet(later);
            }
            same
        });
        if all.is_empty() { Self(None) } else { Self(Some(Arc::new(all))) }
    }

    /// What is left where it can do no more harm as these.
    pub(crate) fn sanitized(&self, safe: Kinds) -> Self {
        if safe == Kinds::NONE {
            return self.clone();
        }
        self.map(|label| {
            let safe = label.safe.or(safe);
            (!safe.is_all()).then(|| Label { safe, ..label.clone() })
        })
    }

    /// After something that nobody knows. What that gives is rarely the secret that went in.
    pub(crate) fn weakened(&self) -> Self {
        let is_weak = |l: &Label| l.doubt >= MOST_DOUBT && l.safe.has(Kind::Secret);
        if self.labels().iter().all(is_weak) {
            return self.clone();
        }
        self.map(|label| {
            let safe = label.safe.or(Kinds::SECRET);
            (!safe.is_all()).then(|| Label { doubt: label.doubt_and(1), safe, ..label.clone() })
        })
    }

    /// With one more step.
    pub(crate) fn stepped(&self, place: Span, words: impl FnOnce() -> Arc<str>) -> Self {
        if self.is_empty() {
            return Self::default();
        }
        let words = words();
        self.map(|label| {
            let trail = label.trail.and_shared(place, || Arc::clone(&words));
            Some(Label { trail, ..label.clone() })
        })
    }
}

fn add(all: &mut Vec<Label>, label: &Label) {
    match all.binary_search_by(|known| known.origin.cmp(&label.origin)) {
        Ok(at) => {
            if let Some(known) = all.get_mut(at) {
                known.meet(label);
            }
        }
        Err(at) if all.len() < MOST => all.insert(at, label.clone()),
        Err(_) => {}
    }
}

impl Label {
    /// The same data on another way. What can do more harm counts, with its own doubt.
    fn meet(&mut self, other: &Self) {
        let both = self.safe.and(other.safe);
        let (mine, theirs) = (self.safe == both, other.safe == both);
        if (theirs && !mine) || (theirs == mine && other.rank() < self.rank()) {
            self.trail = other.trail.clone();
            self.doubt = other.doubt;
        }
        if self.proviso != other.proviso {
            self.proviso = None;
        }
        self.safe = both;
    }

    fn rank(&self) -> (u8, u16) {
        (self.doubt, self.trail.length())
    }

    /// Its doubt with more of it.
    pub(crate) fn doubt_and(&self, more: u8) -> u8 {
        self.doubt.saturating_add(more).min(MOST_DOUBT)
    }
}

/// What a value is, as far as calls depend on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum What {
    #[default]
    Unknown,
    /// A class, function or module.
    Name(QualifiedName),
    /// An instance of a class.
    Instance(QualifiedName),
    /// The rows of a model, or some of them.
    Query(QualifiedName),
    Text(Arc<str>),
    Bool(bool),
    /// A function that stands in another.
    Function(ModuleId, FunctionId),
    /// The host of an address, with the address as it is written.
    Host(Arc<str>),
    /// The parts of an address, as `urlparse()` gives them, with the address as it is written.
    Parsed(Arc<str>),
    /// A function with some of its arguments, or a method with its object.
    Later(Arc<Later>),
    /// The result of a check: what it says of the values it looked at, where it is true or false.
    Check(Arc<Vec<Fact>>),
}

impl What {
    /// Whether it is an instance of this class of a package.
    pub(crate) fn is_instance_of(&self, class: &str) -> bool {
        matches!(self, Self::Instance(known) if known.is_external(class))
    }
}

/// What is called when something is called that was put together before: `partial(run, "ls")`,
/// `report.read`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Later {
    /// What is called, or whose method.
    pub(crate) callee: Value,
    /// The method's name.
    pub(crate) method: Option<Arc<str>>,
    /// The arguments that are given already.
    pub(crate) args: Args,
}

/// What a condition says of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    /// The value, as it is written: `next_url`, `self.path`.
    pub(crate) subject: Arc<str>,
    /// As what it can do no harm…
    pub(crate) safe: Kinds,
    /// …or how unsure it is that it can…
    pub(crate) doubt: u8,
    /// …where the condition is this…
    pub(crate) when: bool,
    /// …if this can be said of it already.
    pub(crate) needs: Kinds,
}

/// A value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Value {
    pub(crate) what: What,
    /// What is in it as a whole.
    pub(crate) taint: Taint,
    /// What is in its attributes and items, where that is known to differ.
    pub(crate) fields: Option<Arc<BTreeMap<Arc<str>, Self>>>,
}

/// Between the names of a path.
pub(crate) const SEPARATOR: char = '\u{1}';

/// Under which name the keys of a mapping stand, apart from what is under them.
pub(crate) const KEYS: &str = "{}";

/// Under which name items of unknown key stand.
pub(crate) const ANY: &str = "[]";

impl Value {
    pub(crate) fn of(what: What) -> Self {
        Self { what, ..Self::default() }
    }

    pub(crate) fn tainted(taint: Taint) -> Self {
        Self { taint, ..Self::default() }
    }

    pub(crate) fn instance(class: &str) -> Self {
        Self::instance_of(QualifiedName::External(Arc::from(class)))
    }

    pub(crate) fn instance_of(class: QualifiedName) -> Self {
        Self::of(What::Instance(class))
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::of(What::Text(Arc::from(text)))
    }

    pub(crate) fn as_text(&self) -> Option<&Arc<str>> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.what == What::Unknown && self.taint.is_empty() && self.fields.is_none()
    }

    /// Everything in it, its fields included. An object of the project shows what its class wants.
    pub(crate) fn whole(&self) -> Taint {
        let mut all = self.taint.clone();
        for field in self.fields.iter().flat_map(|fields| fields.values()) {
            all.merge(&field.whole());
        }
        match self.what {
            What::Instance(QualifiedName::Project(..)) => all.untold(),
            _ => all,
        }
    }

    /// Whether nothing in it is untrusted.
    pub(crate) fn is_clean(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        self.taint.is_empty() && fields.all(Self::is_clean)
    }

    /// A field, if it is known to differ from the rest.
    pub(crate) fn known_field(&self, name: &str) -> Option<&Self> {
        self.fields.as_ref()?.get(name)
    }

    /// What stands under a name: what was put there, else what is in the whole.
    pub(crate) fn field(&self, name: &str) -> Self {
        if let Some(known) = self.known_field(name) {
            return known.clone();
        }
        let taint = self.taint.map(|label| {
            let (origin, safe) = match &label.origin {
                Origin::Parameter(at, path) => {
                    let longer = extended(path.as_ref(), name);
                    // As deep as this, a part is not told from its whole.
                    let same = path.as_ref() == Some(&longer);
                    let safe = if same { label.safe_in_part(name) } else { label.safe };
                    (Origin::Parameter(*at, Some(longer)), safe)
                }
                Origin::Source(source) => (source.part(name, label), label.safe_in_part(name)),
            };
            (!safe.is_all()).then(|| Label { origin, safe, ..label.clone() })
        });
        let mut found = Self::tainted(taint);
        if !name.starts_with('[') {
            return found;
        }
        let items = self.fields.iter().flat_map(|fields| fields.iter());
        // Which of the items is meant is not known; one of a known key may only be among the rest.
        let mut first = true;
        for (_, item) in items.filter(|(key, _)| match name {
            ANY => key.starts_with('['),
            _ => &***key == ANY,
        }) {
            if first {
                found = Self { taint: found.taint, ..item.clone() };
                found.taint.merge(&item.taint);
                first = false;
            } else {
                found.join(item);
            }
        }
        found
    }

    /// With something under a name.
    #[must_use]
    pub(crate) fn with_field(mut self, name: &str, value: Self) -> Self {
        let fields = Arc::make_mut(self.fields.get_or_insert_default());
        if fields.len() < 64 || fields.contains_key(name) {
            fields.insert(Arc::from(name), value.flattened(DEEPEST - 1));
        } else {
            self.taint.merge(&value.whole());
        }
        self
    }

    /// How deep fields stand in each other.
    fn depth(&self) -> usize {
        let fields = self.fields.iter().flat_map(|fields| fields.values());
        fields.map(|field| field.depth() + 1).max().unwrap_or_default()
    }

    fn flattened(self, depth: usize) -> Self {
        if self.depth() <= depth {
            return self;
        }
        if depth == 0 {
            return Self { taint: self.whole(), what: self.what, fields: None };
        }
        let flat = |(name, field): (&Arc<str>, &Self)| {
            (Arc::clone(name), field.clone().flattened(depth - 1))
        };
        let fields = self.fields.map(|fields| Arc::new(fields.iter().map(flat).collect()));
        Self { fields, ..self }
    }

    /// The value where two paths meet.
    pub(crate) fn join(&mut self, other: &Self) {
        if self.what != other.what {
            let either = match (&self.what, &other.what) {
                // A check that also ends early says what it says where it is true.
                (What::Check(facts), What::Bool(false))
                | (What::Bool(false), What::Check(facts)) => {
                    What::Check(Arc::new(facts.iter().filter(|fact| fact.when).cloned().collect()))
                }
                (What::Check(mine), What::Check(theirs)) => {
                    let both = |fact: &&Fact| theirs.contains(fact);
                    What::Check(Arc::new(mine.iter().filter(both).cloned().collect()))
                }
                // What is not known on one path (`None`, a default) does not hide what is on the other.
                (What::Unknown | What::Text(_) | What::Bool(_), known) if other.is_object() => {
                    known.clone()
                }
                (known, What::Unknown | What::Text(_) | What::Bool(_)) if self.is_object() => {
                    known.clone()
                }
                _ => What::Unknown,
            };
            self.what = either;
        }
        match (&self.fields, &other.fields) {
            (None, None) => {}
            (Some(a), Some(b)) if Arc::ptr_eq(a, b) => {}
            _ => self.join_fields(other),
        }
        self.taint.merge(&other.taint);
    }

    fn is_object(&self) -> bool {
        matches!(self.what, What::Instance(_) | What::Query(_))
    }

    fn join_fields(&mut self, other: &Self) {
        let mut changed: Vec<(Arc<str>, Self)> = Vec::new();
        for (name, mine) in self.fields.iter().flat_map(|fields| fields.iter()) {
            match other.known_field(name) {
                // Most of what two paths leave is the same.
                Some(theirs) if theirs == mine => {}
                Some(theirs) => changed.push((Arc::clone(name), joined(mine, theirs))),
                None => changed.push((Arc::clone(name), joined(mine, &other.field(name)))),
            }
        }
        for (name, theirs) in other.fields.iter().flat_map(|fields| fields.iter()) {
            if self.known_field(name).is_none() {
                changed.push((Arc::clone(name), joined(&self.field(name), theirs)));
            }
        }
        if !changed.is_empty() {
            Arc::make_mut(self.fields.get_or_insert_default()).extend(changed);
        }
    }

    fn has_later(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        matches!(self.what, What::Later(_)) || fields.any(Self::has_later)
    }

    /// As others may see it: what was put together for a call means nothing outside of its function.
    #[must_use]
    pub(crate) fn outside(mut self) -> Self {
        if !self.has_later() {
            return self;
        }
        if matches!(self.what, What::Later(_)) {
            self.what = What::Unknown;
        }
        if let Some(fields) = &self.fields {
            let fields =
                fields.iter().map(|(name, field)| (Arc::clone(name), field.clone().outside()));
            self.fields = Some(Arc::new(fields.collect()));
        }
        self
    }

    /// With every piece of data in it and its fields changed. Where there is none, nothing is built
    /// anew: most values are clean.
    #[must_use]
    pub(crate) fn map(&self, f: &impl Fn(&Taint) -> Taint) -> Self {
        if self.is_clean() {
            return self.clone();
        }
        let fields = self.fields.as_ref().map(|fields| {
            Arc::new(fields.iter().map(|(name, field)| (Arc::clone(name), field.map(f))).collect())
        });
        Self { what: self.what.clone(), taint: f(&self.taint), fields }
    }

    /// With one more step on the way of all data in it. The words are only made where there is some.
    #[must_use]
    pub(crate) fn stepped(self, place: Span, words: impl FnOnce() -> Arc<str>) -> Self {
        if self.is_clean() {
            return self;
        }
        let words = words();
        self.map(&|taint| taint.stepped(place, || Arc::clone(&words)))
    }
}

fn joined(one: &Value, other: &Value) -> Value {
    let mut both = one.clone();
    both.join(other);
    both
}

/// The path to a field of what a path leads to; as deep as is kept apart.
fn extended(path: Option<&Arc<str>>, name: &str) -> Arc<str> {
    match path {
        None => Arc::from(name),
        Some(path) if path.matches(SEPARATOR).count() + 1 >= DEEPEST => Arc::clone(path),
        // Where rows lead to rows in circles, what stands further down is a part of what is there already.
        Some(path) if path.split(SEPARATOR).any(|part| part == name) => Arc::clone(path),
        Some(path) => Arc::from(format!("{path}{SEPARATOR}{name}")),
    }
}
