//! Untrusted data: where it comes from, as what it can do no more harm, and the way it took.

use std::cmp::Ordering;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;

use crate::secret::{Part, is_for_browsers};
use crate::trail::Trail;
use crate::{Kind, Kinds};

/// More doubt than this says nothing new.
const MOST_DOUBT: u8 = 3;
/// A value carries at most this many pieces of untrusted data; the rest says nothing new.
const MOST: usize = 12;
/// Parts of parts are kept apart this deep.
pub(crate) const DEEPEST: usize = 3;
/// Between the names of a path.
pub(crate) const SEPARATOR: char = '\u{1}';

/// Who decides what untrusted data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Whoever sends a request.
    Remote,
    /// Whoever could write a row, some time before.
    Stored,
    /// Whoever made what a page shows: what a template hands to a filter, a form to a widget.
    Shown,
    /// Nobody but the project itself: it is a secret.
    Own,
    /// Nobody: the program tells where it failed, or what it asks its database.
    Trace,
    /// Nobody: the text of an exception that was not written for people who use the site.
    Failure,
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
    /// The column that it was read from, where it is known: the model and the name of its field.
    pub column: Option<Arc<(QualifiedName, Arc<str>)>>,
}

/// Where a piece of data comes from, as seen in one function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

/// Sources by place, then parameters. Most of what is compared is one and the same.
impl Ord for Origin {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Source(a), Self::Source(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
            (Self::Source(a), Self::Source(b)) => a.cmp(b),
            (Self::Parameter(a, mine), Self::Parameter(b, theirs)) => {
                let paths = || match (mine, theirs) {
                    (Some(a), Some(b)) if Arc::ptr_eq(a, b) => Ordering::Equal,
                    _ => mine.cmp(theirs),
                };
                a.cmp(b).then_with(paths)
            }
            (Self::Source(_), Self::Parameter(..)) => Ordering::Less,
            (Self::Parameter(..), Self::Source(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One piece of untrusted data in a value.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) origin: Origin,
    /// What it can do no harm as.
    pub(crate) safe: Kinds,
    /// What was done about it before that is undone: `html.unescape(text)` of a parameter.
    pub(crate) undone: Kinds,
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
            && self.undone == other.undone
            && self.doubt == other.doubt
            && self.proviso == other.proviso
    }
}

impl Eq for Label {}

/// Every piece of untrusted data in a value, by origin, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Taint(Option<Arc<Vec<Label>>>);

impl Taint {
    pub(crate) fn of(label: Label) -> Self {
        Self(Some(Arc::new(vec![label])))
    }

    /// What the models say of a grade, a secret or not.
    pub(crate) fn coming(place: Span, grade: Grade, secret: bool, words: &str) -> Self {
        match grade {
            Grade::Trace | Grade::Failure => Self::of_inside(place, grade, words),
            _ if secret => Self::secret(place, grade, words),
            _ => Self::source(place, grade, words),
        }
    }

    /// What the program tells of itself: it does no other harm than being told.
    pub(crate) fn of_inside(place: Span, grade: Grade, words: &str) -> Self {
        Self::of_grade(place, grade, words).sanitized(Kinds::ALL.without(Kinds::TOLD))
    }

    /// A secret of the project: what is under this name in its settings or its environment. It may be one that
    /// browsers are given.
    pub(crate) fn of_settings(place: Span, name: &str, words: &str) -> Self {
        let harmful = if is_for_browsers(name) { Kinds::SECRET } else { Kinds::SECRETS };
        Self::of_grade(place, Grade::Own, words).sanitized(Kinds::ALL.without(harmful))
    }

    /// A piece of untrusted data that comes in here.
    pub(crate) fn source(place: Span, grade: Grade, words: &str) -> Self {
        Self::of_grade(place, grade, words).sanitized(Kinds::BORN)
    }

    /// A secret.
    pub(crate) fn secret(place: Span, grade: Grade, words: &str) -> Self {
        let safe = if grade == Grade::Own { Kinds::ONLY_SECRET } else { Kinds::WHOLE };
        Self::of_grade(place, grade, words).sanitized(safe)
    }

    /// The host by which whoever sends the request calls the site.
    pub(crate) fn host(place: Span, grade: Grade, words: &str) -> Self {
        Self::of_grade(place, grade, words).sanitized(Kinds::READ)
    }

    fn of_grade(place: Span, grade: Grade, words: &str) -> Self {
        let who = match grade {
            Grade::Remote => "comes with the request",
            Grade::Stored => "comes from the database",
            Grade::Shown => "is what a page shows",
            Grade::Own => "is a secret",
            Grade::Trace => "tells how the program works inside",
            Grade::Failure => "says what went wrong inside",
        };
        Self::told(place, grade, words, &format!("`{words}` {who}"))
    }

    /// The same, where the first step on its way is told in other words.
    pub(crate) fn source_told(place: Span, grade: Grade, words: &str, told: &str) -> Self {
        Self::told(place, grade, words, told).sanitized(Kinds::BORN)
    }

    fn told(place: Span, grade: Grade, words: &str, told: &str) -> Self {
        let words: Arc<str> = Arc::from(words);
        let trail = Trail::default().and(place, told);
        let origin = Origin::Source(Arc::new(Source { place, grade, words, column: None }));
        let safe = if grade == Grade::Stored { Kinds::KEPT } else { Kinds::NONE };
        Self::of(Label { safe, ..Label::new(origin, trail) })
    }

    /// The same, read from a column of a model.
    pub(crate) fn of_column(self, model: &QualifiedName, field: &str) -> Self {
        let column = Arc::new((model.clone(), Arc::from(field)));
        self.moved(|label| {
            let Origin::Source(source) = &label.origin else { return Some(label.clone()) };
            let source = Source { column: Some(Arc::clone(&column)), ..Source::clone(source) };
            Some(Label { origin: Origin::Source(Arc::new(source)), ..label.clone() })
        })
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
        // Who shares it goes on doing so where nothing is new.
        let Some(new) = theirs.iter().position(|label| is_new(mine, label)) else { return };
        let all = Arc::make_mut(mine);
        for label in theirs.iter().skip(new) {
            if is_new(all, label) {
                add(all, label.clone());
            }
        }
    }

    /// Whether this is the other itself, and not only the same data.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// With one more piece.
    pub(crate) fn add(&mut self, label: Label) {
        add(Arc::make_mut(self.0.get_or_insert_default()), label);
    }

    /// Whether a piece from there would be kept, if it was added.
    pub(crate) fn takes(&self, origin: &Origin) -> bool {
        let labels = self.labels();
        labels.len() < MOST || position(labels, origin).is_ok()
    }

    /// Each piece changed, or left out. It stays from where it is.
    pub(crate) fn map(&self, f: impl Fn(&Label) -> Option<Label>) -> Self {
        Self::in_order(self.labels().iter().filter_map(f).collect())
    }

    /// Each piece changed, or left out, perhaps to one from elsewhere.
    pub(crate) fn moved(&self, f: impl Fn(&Label) -> Option<Label>) -> Self {
        let mut all: Vec<Label> = self.labels().iter().filter_map(f).collect();
        all.sort_by(|a, b| a.origin.cmp(&b.origin));
        all.dedup_by(|later, first| {
            let same = later.origin == first.origin;
            if same {
                first.meet(later);
            }
            same
        });
        Self::in_order(all)
    }

    fn in_order(all: Vec<Label>) -> Self {
        if all.is_empty() { Self(None) } else { Self(Some(Arc::new(all))) }
    }

    /// What is in a part of it, of which nothing else is known.
    pub(crate) fn part(&self, name: &str) -> Self {
        let stays = |l: &Label| {
            matches!(l.origin, Origin::Source(_)) && l.safe.has(Kind::Secret) && !l.is_of_inside()
        };
        if self.labels().iter().all(stays) {
            return self.clone();
        }
        let part = Part::of(name);
        self.moved(|label| {
            let (origin, safe) = match &label.origin {
                Origin::Parameter(at, path) => {
                    let longer = extended(path.as_ref(), name);
                    // As deep as this, a part is not told from its whole.
                    let same = path.as_ref() == Some(&longer);
                    let safe = if same { part.safe(label) } else { label.safe };
                    (Origin::Parameter(*at, Some(longer)), safe)
                }
                Origin::Source(source) => (part.origin(source, label), part.safe(label)),
            };
            (!safe.is_all()).then(|| Label { origin, safe, ..label.clone() })
        })
    }

    /// What is left where it can do no more harm as these.
    pub(crate) fn sanitized(&self, safe: Kinds) -> Self {
        if self.labels().iter().all(|label| label.safe.holds(safe)) {
            return self.clone();
        }
        self.map(|label| {
            let safe = label.safe.or(safe);
            (!safe.is_all()).then(|| Label { safe, ..label.clone() })
        })
    }

    /// What is left where something undoes what was done about it.
    pub(crate) fn undone(&self, kinds: Kinds) -> Self {
        if kinds == Kinds::NONE {
            return self.clone();
        }
        self.map(|label| {
            let (safe, undone) = (label.safe.without(kinds), label.undone.or(kinds));
            Some(Label { safe, undone, ..label.clone() })
        })
    }

    /// After something that nobody knows.
    pub(crate) fn weakened(&self) -> Self {
        let is_weak = |l: &Label| l.doubt >= MOST_DOUBT && l.safe.holds(Kinds::UNTOLD);
        if self.labels().iter().all(is_weak) {
            return self.clone();
        }
        self.map(|label| {
            let safe = label.safe.or(Kinds::UNTOLD);
            (!safe.is_all()).then(|| Label { doubt: label.doubt_and(1), safe, ..label.clone() })
        })
    }

    /// Whether some of it is what a page shows, and nothing has been done with it: it need not be a text.
    pub(crate) fn is_just_shown(&self) -> bool {
        let mut labels = self.labels().iter();
        labels.any(|l| l.origin.grade() == Some(Grade::Shown) && l.trail.length() <= 1)
    }

    /// What is in an attribute or an item of it, where that is not known to be a text: of what unknown code
    /// gives, and of what a page shows.
    pub(crate) fn of_part(&self) -> Self {
        let unsure = |label: &Label| label.doubt > 0 || label.origin.grade() == Some(Grade::Shown);
        if !self.labels().iter().any(unsure) {
            return self.clone();
        }
        self.map(|label| {
            let more = u8::from(unsure(label));
            Some(Label { doubt: label.doubt_and(more), ..label.clone() })
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

fn position(all: &[Label], origin: &Origin) -> Result<usize, usize> {
    all.binary_search_by(|known| known.origin.cmp(origin))
}

/// Whether a piece says something that is not said yet.
fn is_new(all: &[Label], label: &Label) -> bool {
    match position(all, &label.origin) {
        Ok(at) => all.get(at).is_some_and(|known| known.learns(label)),
        Err(_) => all.len() < MOST,
    }
}

fn add(all: &mut Vec<Label>, label: Label) {
    match position(all, &label.origin) {
        Ok(at) => {
            if let Some(known) = all.get_mut(at) {
                known.meet(&label);
            }
        }
        Err(at) if all.len() < MOST => all.insert(at, label),
        Err(_) => {}
    }
}

impl Label {
    /// A piece of data of which nothing is known but where it is from.
    pub(crate) fn new(origin: Origin, trail: Trail) -> Self {
        let (safe, undone) = (Kinds::NONE, Kinds::NONE);
        Self { origin, safe, undone, doubt: 0, proviso: None, trail }
    }

    /// The same data on another way. What can do more harm counts, with its own doubt. A number that is bounded
    /// on one of them was thought about: `if MOST: count = min(count, MOST)`.
    fn meet(&mut self, other: &Self) {
        let both = self.safe_on_both(other);
        if self.yields_to(other) {
            self.trail = other.trail.clone();
            self.doubt = other.doubt;
        }
        if self.proviso != other.proviso {
            self.proviso = None;
        }
        self.safe = both;
        self.undone = self.undone.or(other.undone);
    }

    /// Whether meeting another changes anything.
    fn learns(&self, other: &Self) -> bool {
        self.safe_on_both(other) != self.safe
            || self.yields_to(other)
            || self.undone.or(other.undone) != self.undone
            || (self.proviso.is_some() && self.proviso != other.proviso)
    }

    fn safe_on_both(&self, other: &Self) -> Kinds {
        let bounded = self.safe.or(other.safe).and(Kinds::just(Kind::Amount));
        self.safe.and(other.safe).or(bounded)
    }

    /// Whether the way of another counts.
    fn yields_to(&self, other: &Self) -> bool {
        let both = self.safe_on_both(other);
        let (mine, theirs) = (self.safe == both, other.safe == both);
        (theirs && !mine) || (theirs == mine && other.rank() < self.rank())
    }

    fn rank(&self) -> (u8, u16) {
        (self.doubt, self.trail.length())
    }

    /// Its doubt with more of it.
    pub(crate) fn doubt_and(&self, more: u8) -> u8 {
        self.doubt.saturating_add(more).min(MOST_DOUBT)
    }
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
