//! Which objects the code of a view reads, lists, creates, changes and deletes, by which keys, and
//! whether they are scoped to who asks.
//!
//! The code is run abstractly: names stand for what they are (a queryset of a model, a row that was
//! fetched, a form, the request) and where they come from (a parameter of the address, the body, who
//! asks). Functions and methods of the project are followed, what Django's and DRF's generic views do
//! is done for them. What cannot be followed makes a scope [`Scope::Unknown`], never
//! [`Scope::Unscoped`].

mod attempt;
mod attribute;
mod call;
mod class;
mod conditions;
mod decide;
mod decorator;
mod drf;
mod eval;
mod form;
mod generic;
mod guards;
mod known;
mod logins;
mod lookup;
mod methods;
mod query;
mod record;
mod refusing;
mod resolver;
mod run;
mod schema;
mod sent;
mod settle;
mod shared;
#[cfg(test)]
mod tests;
mod value;

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::{Program, QualifiedName};

pub use self::sent::{Decision, Given, Sent};
use super::effects::Known;
use super::graphql::Resolver;
use crate::hierarchy::Hierarchy;
use crate::models::Models;
use crate::routes::Target;
use crate::settings::Settings;

/// What the analysis looks things up in.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// All code.
    pub program: &'a Program,
    /// The classes.
    pub hierarchy: &'a Hierarchy<'a>,
    /// The models.
    pub models: &'a Models,
    /// What is known of functions.
    pub known: &'a Known,
    /// The settings of production, where there are some.
    pub settings: Option<&'a Settings>,
}

/// What a view does with objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Objects {
    /// In the order in which they happen, each once.
    pub accesses: Vec<ObjectAccess>,
    /// Users who are logged in (`login(request, user)`) by a row that was looked up, where nothing was asked that
    /// they alone could answer: no password, no token, nothing else that was sent.
    pub logins: Vec<ObjectAccess>,
    /// The serializers that it gives the body of a request, each once for each handler.
    pub taken: Vec<Taken>,
    /// The forms and serializers it makes and saves, in the order in which that happens, each once.
    pub forms: Vec<FormUse>,
    /// Conditions on nothing but what the client sends.
    pub decisions: Vec<Decision>,
    /// Why there may be more: the code is out of sight, or too long.
    pub gaps: Vec<Arc<str>>,
}

/// A serializer of DRF that a view gives what came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its class.
    pub serializer: QualifiedName,
    /// The method or action that does it.
    pub handler: Arc<str>,
}

/// One way in which a view touches rows of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectAccess {
    /// The model's class; `django.contrib.auth.models.User` for Django's own user.
    pub model: QualifiedName,
    /// What is done.
    pub operation: Operation,
    /// What the rows are looked up by.
    pub keys: Vec<Key>,
    /// Whether only rows of who asks can be met.
    pub scope: Scope,
    /// Checks that bring together the row (or the key it is fetched by) and who asks.
    pub guards_after: Vec<Check>,
    /// Conditions on who asks alone under which it happens: a role, a permission on the model.
    pub under: Vec<Check>,
    /// Fields that are given what the client sends, unless it is compared with what the site knows, or
    /// happens for certain people only.
    pub given: Vec<Given>,
    /// Whether DRF asks the object permissions of the view about the row, whatever they answer.
    pub asked: bool,
    /// Whether the row is fetched for nothing but to tie rows of who asks to it, or to lead them to its address, and
    /// nobody is shown anything of it: `Like.objects.create(post=post, user=request.user)`, `redirect(post)`.
    pub only_joined: bool,
    /// The method or action that does it: `get`, `post`, `retrieve`; the name of a function.
    pub handler: Arc<str>,
    /// The expression.
    pub place: Span,
}

/// A form or serializer that a view makes or saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormUse {
    /// Its class; the model, where a generic view makes the form from the view's own `fields`.
    pub class: QualifiedName,
    /// The model that it saves.
    pub model: Option<QualifiedName>,
    /// What is done with it.
    pub act: FormAct,
    /// Fields that the code gives a value of its own, so that the client's does not count.
    pub given: Vec<Arc<str>>,
    /// Whether it happens only for certain people: under a condition on who asks.
    pub for_some: bool,
    /// The method or action that does it.
    pub handler: Arc<str>,
    /// The expression; for what a generic view does, the view's name.
    pub place: Span,
}

/// What a view does with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormAct {
    /// It is made, to be shown or validated.
    Made,
    /// A new row is made from it.
    Creates,
    /// A row is changed by it.
    Updates,
}

/// What is done with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// One is read.
    Fetch,
    /// Several are read.
    List,
    /// One is made.
    Create,
    /// They are changed.
    Update,
    /// They are deleted.
    Delete,
}

/// One look-up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// As in a query: `pk`, `order__id`.
    pub lookup: Arc<str>,
    /// Where its value comes from.
    pub origin: KeyOrigin,
}

/// Where the value of a look-up comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyOrigin {
    /// A parameter of the address.
    UrlParameter(Arc<str>),
    /// The query string; the name, where it is plain.
    Query(Option<Arc<str>>),
    /// The body; the name, where it is plain.
    Body(Option<Arc<str>>),
    /// A header; the name, where it is plain: `X-User-Id`.
    Header(Option<Arc<str>>),
    /// A cookie; the name, where it is plain.
    Cookie(Option<Arc<str>>),
    /// Who asks.
    User,
    /// The session.
    Session,
    /// Something that carries a signature of this site.
    Signed,
    /// Another row of this view.
    Object,
    /// The source.
    Constant,
    /// Not followed.
    Other,
}

impl KeyOrigin {
    /// Whether who asks chooses it freely.
    pub fn is_chosen(&self) -> bool {
        matches!(
            self,
            Self::UrlParameter(_)
                | Self::Query(_)
                | Self::Body(_)
                | Self::Header(_)
                | Self::Cookie(_)
        )
    }

    /// Whether it goes with every request, whatever the page sends: a header or cookie.
    pub fn is_ambient(&self) -> bool {
        matches!(self, Self::Header(_) | Self::Cookie(_))
    }
}

/// Whether only rows of who asks can be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Yes; how, and where.
    Scoped {
        /// How.
        how: How,
        /// Where.
        place: Span,
    },
    /// No: whoever may run the code may name any row.
    Unscoped,
    /// Not known; why.
    Unknown(Arc<str>),
}

/// What ties rows to who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// A look-up compares with who asks: `order__customer`.
    User(Arc<str>),
    /// Who asks is handed to a method of the manager or queryset, or to a function that makes the
    /// query: its name.
    Method(Arc<str>),
    /// By a row that is scoped or checked itself.
    Parent,
    /// By something in the session: the look-up.
    Session(Arc<str>),
    /// By something that carries a signature of this site: the look-up.
    Signed(Arc<str>),
    /// By a key that nobody can guess: the field.
    Unguessable(Arc<str>),
    /// The rows are of who asks: `request.user.profile`.
    Own,
    /// It is a new row that hangs on no other.
    New,
}

/// A condition on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is compared or called.
    pub kind: CheckKind,
    /// Whether failing it ends the request, or keeps what is done from being done; otherwise it only
    /// sets a flag.
    pub enforced: bool,
    /// Where.
    pub place: Span,
}

/// What kind of condition it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckKind {
    /// A condition in which the row and who asks meet: `obj.owner != request.user`; or a secret of
    /// the row and what is given: `check_token(user, token)`.
    Condition,
    /// A condition in which the key and who asks meet, before or beside the fetch.
    KeyCondition,
    /// A function that is given both and may refuse, by its name.
    Call(Arc<str>),
    /// A decorator, by its name.
    Decorator(Arc<str>),
    /// `has_object_permission` of a permission class, by its name.
    Permission(Arc<str>),
    /// The same rows are fetched scoped elsewhere in the view.
    Sibling,
    /// A condition on who asks alone.
    Asker,
}

impl ObjectAccess {
    /// Whether something makes sure that who asks may meet the row.
    pub fn is_protected(&self) -> bool {
        matches!(self.scope, Scope::Scoped { .. })
            || self.guards_after.iter().any(|check| check.enforced)
    }

    /// Whether who asks chooses the row freely.
    pub fn is_chosen(&self) -> bool {
        self.keys.iter().any(|key| key.origin.is_chosen())
    }

    /// Whether rows are only read, and only those that their owner (or the site) shows to everybody, as far as the
    /// row itself says so: `public=True`, `published_at__lte=now`.
    pub fn is_of_published(&self) -> bool {
        matches!(self.operation, Operation::Fetch | Operation::List)
            && self.keys.iter().any(lookup::is_of_published)
    }
}

/// What the code behind a route does with objects. `parameters`: the names in its pattern, absent
/// where they are not known.
pub fn objects(world: World<'_>, target: &Target, parameters: Option<&[Arc<str>]>) -> Objects {
    run::Run::new(world, parameters).target(target, None)
}

/// As [`objects`], of what runs for one method (upper case) alone, where a class tells that apart: whether
/// it is worth asking for everything. What other handlers do is missing, and so are the checks that they
/// share with it.
pub fn objects_of_method(
    world: World<'_>,
    target: &Target,
    parameters: Option<&[Arc<str>]>,
    method: &str,
) -> Objects {
    run::Run::new(world, parameters).target(target, Some(method))
}

/// What a method of a class does with objects that Django or a package calls with a request before a view
/// runs: of a middleware, an authentication class, a backend.
pub fn objects_of_hook(world: World<'_>, class: &QualifiedName, method: &str) -> Objects {
    run::Run::new(world, None).hook(class, method)
}

/// What a resolver of GraphQL does with objects: whoever sends a query chooses what its parameters are.
pub fn objects_of_resolver(world: World<'_>, resolver: &Resolver) -> Objects {
    run::Run::new(world, None).resolver(resolver)
}
