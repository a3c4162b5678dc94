//! Every address that the project answers, as Django's resolver has them.

mod admin;
mod app_config;
mod apps;
mod callable;
mod constants;
mod evaluate;
mod library;
mod made;
mod names;
mod nested;
mod ninja;
mod packaged;
mod pattern;
mod reflect;
mod routers;
mod sockets;
mod suffixes;
mod urls;
mod viewset;
mod walk;

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::value::Value;
use djsec_python::worlds::Guard;

pub use evaluate::{Request, evaluate};

/// The addresses of one project.
#[derive(Debug, Default)]
pub struct Routes {
    /// In the order in which Django tries them.
    pub routes: Vec<Route>,
    /// Where addresses may be missing, and why.
    pub gaps: Vec<Gap>,
}

/// A place whose addresses djsec does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The pattern in front of them.
    pub prefix: String,
    /// What is not known: `include of shop.plugins, which is not in the tree`.
    pub reason: String,
    /// Where.
    pub place: Span,
    /// Whether a bound of djsec's own cut them off, rather than that their code is not in the tree.
    pub cut: bool,
}

/// One address with what answers it.
#[derive(Debug, Clone)]
pub struct Route {
    /// Patterns from the root URLconf to this one.
    pub segments: Vec<Segment>,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Namespaces of the includes around it, outermost first.
    pub namespaces: Vec<Arc<str>>,
    /// What answers.
    pub target: Target,
    /// What stands around the target in the URLconf, outermost first:
    /// `login_required(cache_page(60)(view))`.
    pub wrappers: Vec<Wrapper>,
    /// In which worlds of the settings it is there.
    pub when: Guard,
    /// The `path(…)` call, or what else made it.
    pub place: Span,
    /// What made it.
    pub origin: Origin,
}

/// One pattern on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Its kind.
    pub kind: SegmentKind,
    /// The pattern as Django keeps it: `orders/<int:pk>/`, `^orders/(?P<pk>\d+)/$`.
    pub text: Arc<str>,
}

/// How a pattern is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// `path()`.
    Path,
    /// `re_path()`.
    Regex,
    /// `i18n_patterns()`: the language's prefix.
    Locale,
}

/// A parameter of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; empty for an unnamed group.
    pub name: String,
    /// The converter of `path()`, or the expression of a regex group.
    pub converter: String,
}

/// What answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A function of the project or of a package.
    Function(QualifiedName),
    /// `Class.as_view(arguments)`.
    Class {
        /// The class.
        class: QualifiedName,
        /// Keyword arguments of `as_view`.
        arguments: Vec<(Arc<str>, Value)>,
    },
    /// A viewset of DRF, by `as_view({"get": "list"})` or through a router.
    ViewSet {
        /// The class.
        class: QualifiedName,
        /// Methods in lower case with the action that answers each.
        actions: Vec<(Arc<str>, Arc<str>)>,
        /// Keyword arguments of `as_view`, with those of `@action`.
        arguments: Vec<(Arc<str>, Value)>,
    },
    /// A page of an admin site.
    Admin {
        /// The class of the site (`django.contrib.admin.sites.AdminSite` for Django's own).
        site: QualifiedName,
        /// The model, for pages of a model.
        model: Option<QualifiedName>,
        /// The `ModelAdmin`, for pages of a model.
        admin: Option<QualifiedName>,
        /// The page: `index`, `login`, `changelist_view`, or the method of an own page.
        page: Arc<str>,
    },
    /// An object that is called, such as a `Feed()`.
    Instance {
        /// Its class.
        class: QualifiedName,
        /// Keyword arguments it was made with.
        arguments: Vec<(Arc<str>, Value)>,
    },
    /// An operation of Ninja.
    Operation {
        /// The function.
        function: QualifiedName,
        /// Methods in upper case.
        methods: Vec<Arc<str>>,
        /// What `auth=` says, from the operation, its router or its API; absent where nobody says.
        auth: Option<Value>,
    },
    /// Not known; why.
    Unknown(Arc<str>),
}

/// Something called with the view, or with an `include`, that gives another view.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrapper {
    /// What it is (`django.contrib.auth.decorators.login_required`).
    pub name: QualifiedName,
    /// Positional arguments, when it was called first: `cache_page(60)(view)`.
    pub arguments: Vec<Value>,
    /// Keyword arguments.
    pub keywords: Vec<(Arc<str>, Value)>,
    /// Where.
    pub place: Span,
}

/// What made a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// `path()`, `re_path()`, `url()`.
    Pattern,
    /// A router of DRF.
    Router,
    /// An admin site.
    Admin,
    /// A package's URLconf that is known as data.
    Package,
    /// Ninja.
    Ninja,
    /// A WebSocket route of Channels.
    WebSocket,
}
