//! What an expression stands for while a view runs, and where it comes from.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};

use super::lookup::is_of_published;
pub(super) use super::shared::{Env, Heap, Origins};
use super::{How, Key};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Who asks: `request.user` and what is read from there, or what middleware puts on the request.
    User,
    /// A parameter of the address.
    Url(Arc<str>),
    /// The query string, by name where that is known.
    Query(Option<Arc<str>>),
    /// The body, by name where that is known.
    Body(Option<Arc<str>>),
    /// A header, by name where that is known.
    Header(Option<Arc<str>>),
    /// A cookie, by name where that is known.
    Cookie(Option<Arc<str>>),
    /// The session.
    Session,
    /// What this site has signed.
    Signed,
    /// Knowledge of a secret that belongs to a row: a password, a token, a signature.
    Proof,
    /// What the source says.
    Constant,
    /// A row that an access has fetched.
    Row(usize),
    /// Something made of the whole request in a way that is not followed.
    Request,
    /// Something that is not followed.
    Other,
    /// Besides what the client sends: something that is not followed has changed it, or it is reckoned up
    /// with what the source says.
    Changed,
    /// Besides the body: the form or serializer that has looked at it, and its field.
    Field(Rc<(QualifiedName, Arc<str>)>),
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Value {
    pub(super) what: What,
    pub(super) from: Origins,
}

/// A mapping of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Query,
    Body,
    Kwargs,
    Headers,
    Meta,
    Cookies,
}

/// What a value is, as far as objects need it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum What {
    #[default]
    Unknown,
    None,
    /// `True` or `False`.
    Bool(bool),
    Text(Arc<str>),
    Request,
    /// `request.GET`, `request.POST`, `self.kwargs`.
    Mapping(Source),
    /// What a form or serializer has made of the body.
    Cleaned(QualifiedName),
    /// An instance of a schema of pydantic that holds what was sent.
    Schema(QualifiedName),
    /// A class, function or module by name.
    Name(QualifiedName),
    Query(Rc<Query>),
    Row(Rc<Row>),
    /// An address on this site, and nothing else: `reverse("order", args=[order.pk])`.
    Address,
    /// A row that is not saved yet.
    New(Rc<New>),
    Form(Rc<Form>),
    /// The view itself, as `self`.
    This,
    /// The view as a decorator is given it.
    View,
    /// An instance of another class of the project.
    Instance(QualifiedName),
    /// `super()`: of which object, and after which class its attributes are searched.
    Super(Rc<Value>, QualifiedName),
    /// An attribute that is to be called.
    Method(Rc<Value>, Arc<str>),
    /// A function that stands in another, with the names around it.
    Function(ModuleId, FunctionId, Rc<Env>),
    Tuple(Rc<Vec<Value>>),
    /// One of several, as permissions are composed: `IsOwner | IsEditor`.
    AnyOf(Rc<Vec<Value>>),
    Dict(Rc<Vec<(Arc<str>, Value)>>),
    /// `data.items()` of a mapping that is known.
    Pairs(Rc<Vec<(Arc<str>, Value)>>),
    /// The name of one of its entries.
    KeyOf(Rc<Vec<(Arc<str>, Value)>>),
    /// `Q(…)`: look-ups.
    Lookups(Rc<Vec<(Arc<str>, Value)>>),
}

/// A manager or queryset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) model: QualifiedName,
    /// Classes of the project that its methods are searched in.
    pub(super) classes: Vec<QualifiedName>,
    pub(super) keys: Vec<Key>,
    pub(super) scoped: Option<(How, Span)>,
    /// Why it may be scoped all the same.
    pub(super) unknown: Option<Arc<str>>,
    /// Accesses whose rows it is narrowed to.
    pub(super) parents: BTreeSet<usize>,
    /// The row that it hangs on: `order.lines`.
    pub(super) holder: Option<Rc<Row>>,
    /// `none()`.
    pub(super) empty: bool,
    /// The condition on what the client sends that lets more rows in.
    pub(super) widened: Option<Span>,
    /// Where it was made.
    pub(super) place: Span,
}

/// A row that is in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) model: QualifiedName,
    /// How it was reached, on each path.
    pub(super) links: Vec<Link>,
}

/// How a row was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// An access fetched it.
    Access(usize),
    /// By a relation of a row that an access fetched.
    Through(usize),
    /// It is who asks, or reached from there.
    Asker,
    /// Not known.
    Unknown,
}

/// A row that is not saved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct New {
    pub(super) model: QualifiedName,
    pub(super) values: Vec<(Arc<str>, Value)>,
    /// The form it was made by, and is not saved yet.
    pub(super) form: Option<Rc<Form>>,
}

/// A form or serializer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) class: QualifiedName,
    pub(super) model: Option<QualifiedName>,
    pub(super) instance: Option<Value>,
    /// Whether the class is only one of several that the view may choose.
    pub(super) doubtful: bool,
    /// Whether it is told who asks.
    pub(super) told: bool,
}

impl Value {
    pub(super) fn new(what: What) -> Self {
        Self { what, from: Origins::new() }
    }

    pub(super) fn from(origin: Origin) -> Self {
        Self { what: What::Unknown, from: Origins::from(origin) }
    }

    pub(super) fn of(from: Origins) -> Self {
        Self { what: What::Unknown, from }
    }

    pub(super) fn other() -> Self {
        Self::from(Origin::Other)
    }

    pub(super) fn constant() -> Self {
        Self::from(Origin::Constant)
    }

    pub(super) fn is(&self, origin: &Origin) -> bool {
        self.from.contains(origin)
    }

    pub(super) fn with(mut self, from: &Origins) -> Self {
        self.from.merge(from);
        self
    }

    /// Whether it is nothing but what the source says.
    pub(super) fn is_constant(&self) -> bool {
        matches!(self.what, What::Unknown | What::None | What::Bool(_) | What::Text(_))
            && self.from.iter().all(|origin| *origin == Origin::Constant)
    }

    /// The model of a row, or of one that is not saved yet.
    pub(super) fn model(&self) -> Option<&QualifiedName> {
        match &self.what {
            What::Row(row) => Some(&row.model),
            What::New(new) => Some(&new.model),
            _ => None,
        }
    }

    /// The row, or none.
    pub(super) fn row(&self) -> Option<&Rc<Row>> {
        match &self.what {
            What::Row(row) => Some(row),
            _ => None,
        }
    }

    pub(super) fn query(&self) -> Option<&Rc<Query>> {
        match &self.what {
            What::Query(query) => Some(query),
            _ => None,
        }
    }

    /// The accesses whose rows it comes from.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> {
        self.from.iter().filter_map(|origin| match origin {
            Origin::Row(at) => Some(*at),
            _ => None,
        })
    }

    /// The value where two paths meet. `by_asker`: whether who asks decides which path runs.
    pub(super) fn join(self, other: Self, by_asker: bool) -> Self {
        let mut from = self.from;
        from.merge(&other.from);
        let what = match (self.what, other.what) {
            (a, b) if a == b => a,
            (What::None, what) | (what, What::None) => what,
            (What::Query(a), What::Query(b)) if a.model == b.model => {
                What::Query(Rc::new(a.join(&b, by_asker)))
            }
            (What::Row(a), What::Row(b)) if a.model == b.model => {
                let mut row = Row::clone(&a);
                let more: Vec<Link> =
                    b.links.iter().filter(|link| !row.links.contains(link)).cloned().collect();
                row.links.extend(more);
                What::Row(Rc::new(row))
            }
            (What::Form(a), What::Form(b)) if a.class == b.class => {
                What::Form(if a.instance.is_some() { a } else { b })
            }
            (What::New(a), What::New(b)) if a.model == b.model => What::New(a),
            // A row that was fetched on one path and made on another.
            (row @ What::Row(_), What::New(_)) | (What::New(_), row @ What::Row(_)) => row,
            _ => What::Unknown,
        };
        Self { what, from }
    }
}

impl Query {
    pub(super) fn new(model: QualifiedName, place: Span) -> Self {
        Self {
            model,
            classes: Vec::new(),
            keys: Vec::new(),
            scoped: None,
            unknown: None,
            parents: BTreeSet::new(),
            holder: None,
            empty: false,
            widened: None,
            place,
        }
    }

    pub(super) fn is_narrowed(&self) -> bool {
        self.scoped.is_some() || !self.parents.is_empty()
    }

    fn join(&self, other: &Self, by_asker: bool) -> Self {
        if self.empty {
            return other.clone();
        }
        if other.empty {
            return self.clone();
        }
        let mut joined = self.clone();
        for key in &other.keys {
            if !joined.keys.contains(key) {
                joined.keys.push(key.clone());
            }
        }
        if !by_asker {
            // That rows are public holds only where it is asked on both paths.
            let both = |key: &Key| self.keys.contains(key) && other.keys.contains(key);
            joined.keys.retain(|key| !is_of_published(key) || both(key));
        }
        joined.unknown = joined.unknown.or_else(|| other.unknown.clone());
        joined.scoped = joined.scoped.or_else(|| other.scoped.clone());
        joined.parents.extend(&other.parents);
        if !by_asker && self.is_narrowed() != other.is_narrowed() {
            joined.scoped = None;
            joined.parents = BTreeSet::new();
            joined.unknown = Some(Arc::from("it is scoped on one path only"));
        }
        joined
    }
}
