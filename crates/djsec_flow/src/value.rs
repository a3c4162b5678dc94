//! What an expression may stand for: what it is, as far as calls depend on it, and which untrusted
//! data is in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Expr, ExprId, FunctionId};
use djsec_python::{ModuleId, QualifiedName};

use crate::Kinds;
use crate::args::Args;
use crate::taint::{DEEPEST, Grade, Label, SEPARATOR, Taint};

/// A value is one of at most this many things; beyond that nothing is known of it.
const MOST_ALTERNATIVES: usize = 6;

/// What a value is, as far as calls depend on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// A set.
    Set,
    /// One of several functions, classes or instances of the project.
    Either(Arc<Vec<Self>>),
    /// A function that stands in another.
    Function(ModuleId, FunctionId),
    /// The host of an address, with the address as it is written.
    Host(Arc<str>),
    /// The parts of an address, as `urlparse()` gives them, with the address as it is written.
    Parsed(Arc<str>),
    /// The network addresses of the host of an address, or one of them, with the address as it is written.
    Address(Arc<str>),
    /// A text without a sign or word at its ends that is written out, with the whole as it is written.
    Trimmed(Arc<str>),
    /// A path without links and `..` in it, with the path as it is written.
    Resolved(Arc<str>),
    /// A generator that runs this function.
    Generator(ModuleId, FunctionId),
    /// A function with some of its arguments, or a method with its object.
    Later(Arc<Later>),
    /// The result of a check: what it says of the values it looked at, where it is true or false.
    Check(Arc<Vec<Fact>>),
}

impl What {
    /// What a text, or `True` or `False`, is that is written out; nothing of other expressions.
    pub(crate) fn constant(code: &Code, id: ExprId) -> Self {
        match code.expr(id) {
            Expr::Bool(is) => Self::Bool(is),
            Expr::Str(text) => Self::Text(Arc::from(code.text(text))),
            _ => Self::Unknown,
        }
    }

    /// Whether it is an instance of this class of a package.
    pub(crate) fn is_instance_of(&self, class: &str) -> bool {
        matches!(self, Self::Instance(known) if known.is_external(class))
    }

    /// What it may be, one by one.
    pub(crate) fn alternatives(&self) -> &[Self] {
        match self {
            Self::Either(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// Whether nothing that is given to a call already is untrusted.
    fn is_clean(&self) -> bool {
        match self {
            Self::Later(later) => later.is_clean(),
            Self::Either(all) => all.iter().all(Self::is_clean),
            _ => true,
        }
    }

    /// With every piece of data in what is given to calls changed, if there is any.
    fn changed(&self, f: &impl Fn(&Taint) -> Taint) -> Option<Self> {
        match self {
            Self::Later(later) => later.changed(f).map(|later| Self::Later(Arc::new(later))),
            Self::Either(all) if !self.is_clean() => {
                let one = |what: &Self| what.changed(f).unwrap_or_else(|| what.clone());
                Some(Self::Either(Arc::new(all.iter().map(one).collect())))
            }
            _ => None,
        }
    }

    /// Whether it is something that is called: functions, classes, methods with their objects.
    pub(crate) fn is_called(&self) -> bool {
        let mut all = self.alternatives().iter();
        all.all(|what| matches!(what, Self::Name(_) | Self::Function(..) | Self::Later(_)))
    }

    /// This or that, if both are something of the project that can be called or has methods.
    fn or(&self, other: &Self) -> Self {
        let of_project = |what: &Self| match what {
            Self::Name(name) => {
                matches!(name, QualifiedName::Project(..) | QualifiedName::External(_))
            }
            Self::Instance(name) => matches!(name, QualifiedName::Project(..)),
            Self::Function(..) | Self::Generator(..) | Self::Later(_) => true,
            _ => false,
        };
        let both = || self.alternatives().iter().chain(other.alternatives());
        if !both().all(of_project) {
            return Self::Unknown;
        }
        let mut all = self.alternatives().to_vec();
        all.extend(
            other
                .alternatives()
                .iter()
                .filter(|what| !all.contains(what))
                .cloned()
                .collect::<Vec<_>>(),
        );
        if all.len() > MOST_ALTERNATIVES { Self::Unknown } else { Self::Either(Arc::new(all)) }
    }
}

/// What is called when something is called that was put together before: `partial(run, "ls")`,
/// `report.read`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Later {
    /// What is called, or whose method.
    pub(crate) callee: Value,
    /// The method's name; several, where it is chosen by a text. None: the callee itself.
    pub(crate) methods: Vec<Arc<str>>,
    /// The arguments that are given already.
    pub(crate) args: Args,
}

impl Later {
    /// Whether nothing that is given already is untrusted.
    fn is_clean(&self) -> bool {
        self.callee.is_clean()
            && self.args.each().chain(&self.args.receiver).all(|given| given.value.is_clean())
    }

    /// With every piece of data in it changed, if there is any.
    fn changed(&self, f: &impl Fn(&Taint) -> Taint) -> Option<Self> {
        if self.is_clean() {
            return None;
        }
        let mut args = self.args.clone();
        for given in args.each_mut() {
            given.value = given.value.map(f);
        }
        if let Some(receiver) = &mut args.receiver {
            receiver.value = receiver.value.map(f);
        }
        Some(Self { callee: self.callee.map(f), methods: self.methods.clone(), args })
    }

    /// As others may see it. What was put together itself is left out of what it is put together of: that might
    /// go on for ever.
    fn outside(&self) -> Self {
        let args = self.args.map(ExprId::NOWHERE, |value| value.clone().without_later());
        Self { callee: self.callee.clone().without_later(), methods: self.methods.clone(), args }
    }
}

/// What a condition says of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// It is a row of this model.
    pub(crate) row: Option<QualifiedName>,
}

/// A value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) what: What,
    /// What is in it as a whole.
    pub(crate) taint: Taint,
    /// What is in its attributes and items, where that is known to differ.
    pub(crate) fields: Option<Arc<BTreeMap<Arc<str>, Self>>>,
}

/// Under which name the keys of a mapping stand, apart from what is under them.
pub(crate) const KEYS: &str = "{}";

/// Stands in instances of which all is known that they were made with.
pub(crate) const MADE: &str = "=";

/// Stands in objects that are of just the class that they are known to be of, and of none derived from it.
pub(crate) const EXACT: &str = "=class";

/// Under which name attributes of unknown name stand: `setattr(self, name, value)`.
pub(crate) const ANY_ATTRIBUTE: &str = "*";

/// Under which name the last item stands, where it is known to differ.
pub(crate) const LAST: &str = "[-1]";

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

    /// Everything in it, its fields included, but for what only stands in it in another writing. An object of
    /// the project shows what its class wants.
    pub(crate) fn whole(&self) -> Taint {
        let mut all = self.taint.clone();
        let fields = self.fields.iter().flat_map(|fields| fields.iter());
        for (_, field) in fields.filter(|(name, _)| !is_apart(name)) {
            all.merge(&field.whole());
        }
        match self.what {
            What::Instance(QualifiedName::Project(..)) => all.unread(),
            _ => all,
        }
    }

    /// Everything in it, as it stands in a text that it is written into: of a mapping, as its representation.
    pub(crate) fn written(&self) -> Taint {
        let all = self.whole();
        if self.is_mapping() { all.sanitized(Kinds::REPRESENTED) } else { all }
    }

    /// Whether nothing in it is untrusted.
    pub(crate) fn is_clean(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        self.what.is_clean() && self.taint.is_empty() && fields.all(Self::is_clean)
    }

    /// Whether nothing in it is untrusted but numbers, which look the same whoever chose them.
    pub(crate) fn is_fixed(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        let mut labels = self.taint.labels().iter();
        labels.all(Label::is_fixed) && fields.all(Self::is_fixed)
    }

    /// Whether nothing in it is what a request brings: it may come from the database.
    pub(crate) fn is_of_server(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        let mut labels = self.taint.labels().iter();
        let of_server = |label: &Label| {
            matches!(label.origin.grade(), Some(Grade::Stored | Grade::Shown)) || label.is_fixed()
        };
        labels.all(of_server) && fields.all(Self::is_of_server)
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
        let mut found = Self::tainted(self.taint.part(name));
        if !name.starts_with('[') {
            if let Some(any) = self.known_field(ANY_ATTRIBUTE) {
                found.join(any);
            }
            return found;
        }
        // Which of the items is meant is not known; one of a known key may only be among the rest.
        let mut items: Vec<&Self> = match name {
            ANY => self.items().map(|(_, item)| item).collect(),
            _ => self.known_field(ANY).into_iter().collect(),
        };
        let rest = items.split_off(items.len().min(1));
        if let Some(item) = items.pop() {
            found = Self { taint: found.taint, ..item.clone() };
            found.taint.merge(&item.taint);
        }
        for item in rest {
            found.join(item);
        }
        found
    }

    /// What is known to stand under its keys and places, with these.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&str, &Self)> {
        let fields = self.fields.iter().flat_map(|fields| fields.iter());
        fields.filter_map(|(name, item)| Some((item_key(name)?, item)))
    }

    /// What stands at the end of a path: under its first name, in that under the next, and so on.
    pub(crate) fn at(&self, path: &str) -> Self {
        path.split(SEPARATOR).fold(self.clone(), |value, name| value.field(name))
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

    /// With more of what stands at the end of a path: `items` of it, in a list of which the rest stays.
    #[must_use]
    pub(crate) fn with_more(self, path: &str, more: &Self) -> Self {
        let (first, rest) = match path.split_once(SEPARATOR) {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        let mut inner = self.field(first);
        match rest {
            Some(rest) => inner = inner.with_more(rest, more),
            None => inner.join(more),
        }
        self.with_field(first, inner)
    }

    /// With what a function wrote under a name, or at the end of a path.
    #[must_use]
    pub(crate) fn with_written(self, name: &str, written: Self) -> Self {
        if name.contains(SEPARATOR) {
            self.with_more(name, &written)
        } else {
            self.with_field(name, written)
        }
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
                // Nor does what holds nothing at all: a handler that is `None` unless there is one.
                (What::Unknown, known) if known.is_called() && self.is_plain() => known.clone(),
                (known, What::Unknown) if known.is_called() && other.is_plain() => known.clone(),
                (mine, theirs) => mine.or(theirs),
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
        let mut all = self.what.alternatives().iter();
        all.all(|what| matches!(what, What::Instance(_) | What::Query(_) | What::Generator(..)))
    }

    /// Whether it is a mapping: it has keys, or something stands under one that is a text.
    pub(crate) fn is_mapping(&self) -> bool {
        let mut names = self.fields.iter().flat_map(|fields| fields.keys());
        names.any(|name| {
            &**name == KEYS
                || item_key(name)
                    .is_some_and(|key| key.bytes().any(|c| !c.is_ascii_digit() && c != b'-'))
        })
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

    /// Whether it or something in it may be a function.
    pub(crate) fn has_function(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        self.what.is_called() || fields.any(Self::has_function)
    }

    fn has_later(&self) -> bool {
        let mut fields = self.fields.iter().flat_map(|fields| fields.values());
        let mut all = self.what.alternatives().iter();
        all.any(|what| matches!(what, What::Later(_))) || fields.any(Self::has_later)
    }

    /// As others may see it: the expressions in what was put together for a call mean nothing outside of its
    /// function.
    #[must_use]
    pub(crate) fn outside(self) -> Self {
        self.each_later(&|later| What::Later(Arc::new(later.outside())))
    }

    fn without_later(self) -> Self {
        self.each_later(&|_| What::Unknown)
    }

    fn each_later(mut self, change: &impl Fn(&Later) -> What) -> Self {
        if !self.has_later() {
            return self;
        }
        if let What::Either(all) = &self.what {
            let one = |what: &What| match what {
                What::Later(later) => change(later),
                other => other.clone(),
            };
            let all: Vec<What> = all.iter().map(one).collect();
            self.what = if all.contains(&What::Unknown) {
                What::Unknown
            } else {
                What::Either(Arc::new(all))
            };
        }
        if let What::Later(later) = &self.what {
            self.what = change(later);
        }
        if let Some(fields) = &self.fields {
            let fields = fields
                .iter()
                .map(|(name, field)| (Arc::clone(name), field.clone().each_later(change)));
            self.fields = Some(Arc::new(fields.collect()));
        }
        self
    }

    /// With every piece of data in it and its fields changed. What stays as it is is shared, not built anew:
    /// most values are clean, and most of what is learnt is about others.
    #[must_use]
    pub(crate) fn map(&self, f: &impl Fn(&Taint) -> Taint) -> Self {
        self.changed(f).unwrap_or_else(|| self.clone())
    }

    /// The same, if anything is changed.
    pub(crate) fn changed(&self, f: &impl Fn(&Taint) -> Taint) -> Option<Self> {
        let taint = if self.taint.is_empty() { Taint::default() } else { f(&self.taint) };
        let fields = self.fields.as_ref().and_then(|fields| changed_fields(fields, f));
        let what = self.what.changed(f);
        if what.is_none() && fields.is_none() && taint.is(&self.taint) {
            return None;
        }
        let fields = fields.or_else(|| self.fields.clone());
        Some(Self { what: what.unwrap_or_else(|| self.what.clone()), taint, fields })
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

/// Fields with every piece of data in them changed, if that changes any.
fn changed_fields(
    fields: &BTreeMap<Arc<str>, Value>,
    f: &impl Fn(&Taint) -> Taint,
) -> Option<Arc<BTreeMap<Arc<str>, Value>>> {
    let changed: Vec<Option<Value>> = fields.values().map(|field| field.changed(f)).collect();
    if changed.iter().all(Option::is_none) {
        return None;
    }
    let all = fields.iter().zip(changed).map(|((name, field), changed)| {
        (Arc::clone(name), changed.unwrap_or_else(|| field.clone()))
    });
    Some(Arc::new(all.collect()))
}

/// The key of the item that stands under a name; an empty one for [`ANY`], `None` for attributes.
pub(crate) fn item_key(name: &str) -> Option<&str> {
    name.strip_prefix('[')?.strip_suffix(']')
}

/// Whether under a name stands what a text says in another writing: `(base64)`.
pub(crate) fn is_apart(name: &str) -> bool {
    name.starts_with('(')
}

fn joined(one: &Value, other: &Value) -> Value {
    let mut both = one.clone();
    both.join(other);
    both
}
