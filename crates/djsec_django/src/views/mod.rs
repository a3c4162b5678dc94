//! What answers each route, and who may reach it: every claim with its place, what cannot be told as
//! unknown. Nothing here judges.

mod account;
mod address;
mod build;
mod classes;
mod decorators;
mod drf;
pub mod effects;
mod exceptions;
mod follow;
mod for_classes;
mod forgiven;
mod frame;
mod grade;
pub mod graphql;
mod groups;
mod known;
mod level;
mod limits;
mod marked;
mod named;
pub mod objects;
mod others;
mod page_policy;
mod permissions;
mod policy;
mod purpose;
mod reach;
mod reached;
mod resolvers;
mod role;
pub mod rows;
mod sample;
mod shared_key;
mod site;
pub mod sockets;
mod templates;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};

pub use grade::Question;
pub use level::Level;

/// What answers the routes of one project.
#[derive(Debug, Default)]
pub struct Views {
    /// One for each route, at the same index as in [`crate::routes::Routes::routes`].
    pub all: Vec<View>,
}

/// What answers one route.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its kind.
    pub kind: ViewKind,
    /// The name of its function or class, where that is in the tree.
    pub place: Option<Span>,
    /// Its dotted path: `shop.views.OrderDetail`; empty where it is not known.
    pub dotted: String,
    /// The methods it answers.
    pub methods: Methods,
    /// The functions that run for it, in the order in which they are called: the project's, and methods
    /// of package's classes that were read from an environment.
    pub bodies: Vec<Body>,
    /// Each check on the way to it, outermost first; also those without effect.
    pub guards: Vec<Guarding>,
    /// Who may reach it: by method, or `"*"` for all that have no entry of their own.
    pub access: Vec<(Arc<str>, Level)>,
    /// How users are recognised: authentication classes of DRF by dotted path, or `session`.
    pub authentication: Vec<String>,
    /// Whether requests with a session need a CSRF token.
    pub csrf: Csrf,
    /// Whether other pages may put it in a frame.
    pub framing: Framing,
    /// What becomes of the site's content security policy.
    pub page_policy: PagePolicy,
    /// What limits the rate of requests.
    pub throttles: Vec<Throttle>,
    /// Templates it renders, as far as they are named.
    pub templates: Vec<Arc<str>>,
    /// The rows that a generic view hands to its template.
    pub shown: Option<ShownRows>,
    /// Why it is meant to be public, where its nature says so.
    pub public_because: Option<PublicReason>,
}

/// What a generic view hands to its template by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownRows {
    /// The model.
    pub model: QualifiedName,
    /// Whether it is a list of rows.
    pub many: bool,
    /// Under which names it stands in the context.
    pub names: Vec<Arc<str>>,
}

/// What kind of thing answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewKind {
    /// A function.
    Function,
    /// A class of Django, by `as_view()`.
    Class,
    /// A function under DRF's `@api_view`.
    ApiFunction,
    /// A class derived from DRF's `APIView`.
    ApiClass,
    /// A viewset of DRF.
    ViewSet,
    /// A page of an admin site.
    Admin,
    /// An operation of Ninja.
    Operation,
    /// A GraphQL endpoint.
    GraphQl,
    /// A consumer of Channels.
    Consumer,
    /// Another object that is called, such as a feed.
    Instance,
    /// A view of a package, which djsec knows from its name only.
    Package,
    /// Not known; why.
    Unknown(Arc<str>),
}

/// The methods a view answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Methods {
    /// Any: it is a function that does not ask.
    Any,
    /// These, in upper case, sorted; `OPTIONS` and `HEAD` are left out where Django adds them.
    Only(Vec<Arc<str>>),
    /// Not known.
    Unknown,
}

impl Methods {
    /// Whether it may answer a method (upper case).
    pub fn may(&self, method: &str) -> bool {
        match self {
            Self::Any | Self::Unknown => true,
            Self::Only(all) => all.iter().any(|one| &**one == method),
        }
    }

    /// Whether it may answer a method that is meant to change something.
    pub fn may_write(&self) -> bool {
        ["POST", "PUT", "PATCH", "DELETE"].iter().any(|method| self.may(method))
    }
}

/// A function of the project that runs for a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its module.
    pub module: ModuleId,
    /// The function in the code of that module.
    pub function: FunctionId,
    /// The class in whose body it stands.
    pub owner: Option<QualifiedName>,
    /// The class that `self` is: the view's own.
    pub receiver: Option<QualifiedName>,
    /// The methods it runs for, in upper case; absent where it runs for all of them.
    pub methods: Option<Vec<Arc<str>>>,
    /// The action of a viewset it is.
    pub action: Option<Arc<str>>,
}

impl Body {
    /// Whether it may run for a method (upper case).
    pub fn runs_for(&self, method: &str) -> bool {
        self.methods.as_ref().is_none_or(|all| all.iter().any(|one| &**one == method))
    }
}

/// A check on the way to a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarding {
    /// What it is, by dotted path or in words: `django.contrib.auth.decorators.login_required`.
    pub what: String,
    /// Whom it lets in.
    pub level: Level,
    /// In which form it stands there.
    pub source: GuardSource,
    /// Where; absent where a package brings it.
    pub place: Option<Span>,
    /// The methods it covers, in upper case; absent for all of them.
    pub methods: Option<Vec<Arc<str>>>,
    /// Why it does nothing; absent where it has effect.
    pub without_effect: Option<NoEffect>,
}

impl Guarding {
    /// Whether it has effect on a method; `"*"` asks for those it covers without exception.
    pub fn covers(&self, method: &str) -> bool {
        self.without_effect.is_none()
            && self.methods.as_ref().is_none_or(|all| all.iter().any(|one| &**one == method))
    }
}

/// In which form a check stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuardSource {
    /// A decorator of the function.
    Decorator,
    /// A call around the view in the URLconf.
    UrlConf,
    /// A base class.
    Mixin,
    /// `method_decorator` on the class or a method.
    MethodDecorator,
    /// Statements in the body.
    Body,
    /// A middleware.
    Middleware,
    /// `permission_classes` or `get_permissions` of a view of DRF.
    DrfClass,
    /// `DEFAULT_PERMISSION_CLASSES` of the settings.
    DrfDefault,
    /// The admin site.
    AdminSite,
    /// `auth=` of Ninja.
    NinjaAuth,
    /// Something around a consumer of Channels.
    Channels,
    /// The package that the view comes from.
    Package,
}

/// Why a check does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoEffect {
    /// The decorator stands above the one that registers the function: `@login_required @api_view`
    /// on the outside of DRF sees no user of DRF, or `@register` has taken the function before it.
    DecoratorOrder,
    /// The mixin comes after `View` in the resolution order, whose `dispatch` answers first.
    MixinAfterView,
    /// A decorator for functions is put on a class.
    DecoratorOnClass,
    /// A class before it in the resolution order overrides what it does and does not call it.
    Overridden,
    /// The attribute's name is not one that is read (`permission_class`).
    NameNotRead,
    /// The result of the check is thrown away.
    ResultIgnored,
}

/// Whether requests that carry a session need a CSRF token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Csrf {
    /// By the middleware.
    Enforced,
    /// By DRF's `SessionAuthentication`, for those it logs in.
    EnforcedForSessions,
    /// There is nothing to enforce: no cookie logs anybody in.
    NotNeeded(String),
    /// The view is exempt; by what, and where.
    Exempt(String, Option<Span>),
    /// No middleware checks.
    Off,
    /// Not known; why.
    Unknown(String),
}

/// Whether other pages may put a view in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framing {
    /// Nobody (`X-Frame-Options: DENY`).
    Deny,
    /// Pages of the same origin.
    SameOrigin,
    /// Anybody, by an exemption; where.
    Exempt(Option<Span>),
    /// Anybody: no header is sent.
    Open,
    /// Not known.
    Unknown,
}

/// What becomes of the site's content security policy on a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagePolicy {
    /// It is sent.
    AsSite,
    /// The view has a policy of its own.
    Own,
    /// Nothing is enforced.
    Lifted {
        /// The decorator that says so, by dotted path.
        what: String,
        /// Where.
        place: Option<Span>,
    },
}

/// Something that limits the rate of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throttle {
    /// What it is, by dotted path.
    pub what: String,
    /// Its scope or rate, as written: `login`, `5/m`.
    pub rate: Option<String>,
    /// Where.
    pub place: Option<Span>,
}

/// Why a view is meant to be public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicReason {
    /// What it is for.
    pub purpose: Purpose,
    /// What says so: `calls django.contrib.auth.login`.
    pub words: String,
    /// Where.
    pub place: Option<Span>,
}

/// What a view that is public by nature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Logging in.
    Login,
    /// Making an account.
    Signup,
    /// Getting a new password without the old one.
    PasswordReset,
    /// Logging out.
    Logout,
    /// Getting or refreshing a token.
    Token,
    /// The way back from a provider of logins.
    OauthCallback,
    /// Telling a monitor that the site is up.
    Health,
    /// A call from another service, with a signature that is checked.
    Webhook,
    /// Something that a secret in the address opens.
    SecretLink,
    /// The same page for everybody.
    StaticPage,
    /// Files that are public anyway.
    StaticFiles,
    /// Content that is published.
    Published,
    /// The description of an interface.
    Schema,
}
