//! The models of one project: fields, relations, and whose their rows are.

mod apps;
mod collect;
mod field;
mod owner;
mod random;
mod reverse;
mod sensitive;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use rustc_hash::FxHashMap;

pub use apps::{App, Apps};
pub use collect::collect;
pub use reverse::Reverse;
pub use sensitive::{Sensitive, Why, ends_like_secret, is_secret_name};

/// The models of one project, abstract ones included.
#[derive(Debug, Default)]
pub struct Models {
    /// In the order of their modules and places.
    pub all: Vec<Model>,
    by_class: FxHashMap<QualifiedName, usize>,
    /// The other ends of relations, collected when they are first asked for.
    reverses: std::sync::OnceLock<reverse::Reverses>,
    /// The user model (`AUTH_USER_MODEL`), when it is one of the project's own.
    pub user: Option<QualifiedName>,
}

impl Models {
    /// The model of a class.
    pub fn get(&self, class: &QualifiedName) -> Option<&Model> {
        self.by_class.get(class).and_then(|at| self.all.get(*at))
    }

    /// A model by app label and name, in any case, as Django's registry takes them.
    pub fn labelled(&self, app: &str, name: &str) -> Option<&Model> {
        self.all.iter().find(|model| {
            model.app_label.eq_ignore_ascii_case(app) && model.name.eq_ignore_ascii_case(name)
        })
    }

    /// Whether a class is the user model: the project's own, or Django's.
    pub fn is_user(&self, class: &QualifiedName) -> bool {
        match class {
            QualifiedName::External(name) => is_django_user(name),
            _ => self.user.as_ref() == Some(class),
        }
    }

    /// Whether a model is the user's, or has one row for each user, as profiles do.
    pub fn is_account(&self, class: &QualifiedName) -> bool {
        self.is_user(class)
            || self.get(class).is_some_and(|model| {
                model.fields.iter().any(|field| {
                    field.relation.as_ref().is_some_and(|relation| {
                        relation.kind == RelationKind::OneToOne && self.is_user(&relation.to)
                    })
                })
            })
    }

    /// A field of a model by name; the foreign key's column (`owner_id`) and `pk` count.
    pub fn field(&self, class: &QualifiedName, name: &str) -> Option<&Field> {
        let model = self.get(class)?;
        let named = |name: &str| model.fields.iter().find(|field| &*field.name == name);
        match named(name) {
            Some(field) => Some(field),
            None if name == "pk" => model.fields.iter().find(|field| field.primary_key),
            None => name.strip_suffix("_id").and_then(named).filter(|f| f.relation.is_some()),
        }
    }
}

/// Django's own user model under the names it is imported by.
fn is_django_user(name: &str) -> bool {
    matches!(
        name,
        "django.contrib.auth.models.User"
            | "django.contrib.auth.models.AbstractUser"
            | "django.contrib.auth.get_user_model"
    )
}

/// A model.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its class.
    pub class: QualifiedName,
    /// Its name.
    pub name: Arc<str>,
    /// The label of its app.
    pub app_label: Arc<str>,
    /// Whether it is only a base for others.
    pub is_abstract: bool,
    /// Whether it is another face of its base's table.
    pub is_proxy: bool,
    /// Its fields, inherited ones included; of several with one name the nearest.
    pub fields: Vec<Field>,
    /// Its managers: attribute and class, where that is known.
    pub managers: Vec<(Arc<str>, QualifiedName)>,
    /// The ways to whom its rows belong, shortest first.
    pub owners: Vec<OwnerPath>,
    /// Whether a base is not known, so that there may be more fields.
    pub open: bool,
    /// The class's name.
    pub place: Span,
}

impl Model {
    /// The strongest way to its owner.
    pub fn owner(&self) -> Option<&OwnerPath> {
        self.owners.iter().min_by_key(|path| (path.strength, path.steps.len()))
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "options of fields are independent")]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// The class of the field, last part: `CharField`, `ForeignKey`.
    pub kind: Arc<str>,
    /// Where it leads.
    pub relation: Option<Relation>,
    /// `primary_key=True`.
    pub primary_key: bool,
    /// `unique=True`.
    pub unique: bool,
    /// `null=True`.
    pub null: bool,
    /// `editable=False`, `auto_now`, `auto_now_add`: forms leave it out.
    pub uneditable: bool,
    /// Whether it has `limit_choices_to`: forms offer some of the related rows only.
    pub limited: bool,
    /// Whether it has `choices`.
    pub has_choices: bool,
    /// Whether nobody can guess what a new row has in it: a UUID, or what a function makes at random.
    pub unguessable: bool,
    /// The class in whose body it stands.
    pub owner: QualifiedName,
    /// Its assignment; absent for a field that a package brings.
    pub place: Option<Span>,
}

/// A relation.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// The other model; [`QualifiedName::Unknown`] when that is not known.
    pub to: QualifiedName,
    /// Its kind.
    pub kind: RelationKind,
    /// `related_name`, where it is given and plain.
    pub related_name: Option<Arc<str>>,
    /// The model in between of a many-to-many relation.
    pub through: Option<QualifiedName>,
}

/// How many rows stand on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// A foreign key.
    ManyToOne,
    /// One to one.
    OneToOne,
    /// Many to many.
    ManyToMany,
    /// A generic foreign key: to any model.
    Generic,
}

/// A way from a model to whom its rows belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerPath {
    /// Field names: `["order", "customer"]` for `order__customer`; empty where the model is the owner.
    pub steps: Vec<Arc<str>>,
    /// Who.
    pub who: Owner,
    /// How surely that means ownership.
    pub strength: Strength,
}

impl OwnerPath {
    /// As a look-up in a query: `order__customer`.
    pub fn lookup(&self) -> String {
        self.steps.join("__")
    }
}

/// Who owns a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A user.
    User,
    /// A group of users with data of their own (an organisation, a team), by its model.
    Tenant(QualifiedName),
}

/// How surely a relation means ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// By a field that says so (`owner`, `user`, `customer`), or one to one.
    Owner,
    /// By membership: a many-to-many relation to users, or through a tenant.
    Member,
    /// By a field that may only record who did something (`created_by`, `assignee`).
    Trace,
}
