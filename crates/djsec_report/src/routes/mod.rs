//! `djsec routes`: the attack surface of a project, one row for each address.
//!
//! The caller hands in plain tables; nothing here knows Django. What is not known is said to be
//! so in every format, and never shown as public or as protected.

mod csv;
mod diff;
mod html;
mod json;
mod lock;
mod markdown;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod text;
mod words;

use std::collections::BTreeMap;
use std::io;

use djsec_base::{Files, Location, Notice, NoticeKind, ProfileSummary};

use crate::Options;

pub use diff::{Diff, write_diff};
pub use lock::{Lock, LockError};

/// How the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteFormat {
    /// For people, in a terminal.
    Text,
    /// For programs; `docs/schema/djsec-routes-1.schema.json` describes it.
    Json,
    /// For spreadsheets.
    Csv,
    /// For issues and wikis.
    Markdown,
    /// One page that needs nothing else.
    Html,
}

/// What is written: the tables, and what happened on the way to them.
#[derive(Debug, Clone, Copy)]
pub struct RoutesReport<'a> {
    /// One table for each Django project of the tree.
    pub tables: &'a [RouteTable<'a>],
    /// The notices of the run.
    pub notices: &'a [Notice],
    /// The audited tree.
    pub files: &'a Files,
    /// How it looks.
    pub options: Options<'a>,
}

impl RoutesReport<'_> {
    /// Whether addresses or views may be missing from the tables.
    pub fn incomplete(&self) -> bool {
        self.run_incomplete() || self.tables.iter().any(RouteTable::incomplete)
    }

    /// Whether the run skipped something, which no table shows.
    pub fn run_incomplete(&self) -> bool {
        self.notices.iter().any(|notice| notice.kind == NoticeKind::Incomplete)
    }
}

/// The addresses of one Django project.
#[derive(Debug, Clone)]
pub struct RouteTable<'a> {
    /// The folder of the project, empty for the audited one.
    pub project: String,
    /// The Django version, if known.
    pub django: Option<String>,
    /// The settings in whose worlds the addresses are there.
    pub profile: &'a ProfileSummary,
    /// The dotted name of the root URLconf, if known.
    pub urlconf: Option<String>,
    /// In the order in which Django tries them.
    pub routes: Vec<RouteView>,
    /// Where addresses may be missing.
    pub gaps: Vec<GapView>,
    /// What a filter left out.
    pub hidden: Hidden,
}

/// How many routes a filter left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hidden {
    /// All of them.
    pub routes: usize,
    /// Those of which it is not known who may reach them, though the filter asks for that.
    pub unknown: usize,
}

/// Places whose addresses are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapView {
    /// The pattern in front of them.
    pub prefix: String,
    /// Why they are not known.
    pub reason: String,
    /// Where that comes from.
    pub place: Option<Location>,
}

/// One address with what answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteView {
    /// The whole pattern, from `/`.
    pub pattern: String,
    /// The patterns on the way.
    pub segments: Vec<SegmentView>,
    /// Its name, without namespaces.
    pub name: Option<String>,
    /// Namespaces around it, outermost first.
    pub namespaces: Vec<String>,
    /// The app that the view belongs to.
    pub app: Option<AppView>,
    /// The dotted path of the view, or why it is not known.
    pub view: Result<String, String>,
    /// What kind of view it is: `function`, `class`, `viewset`, `admin`, `instance`, `operation`.
    pub kind: Option<&'static str>,
    /// Where the view stands.
    pub view_place: Option<Location>,
    /// The call that makes the route.
    pub place: Option<Location>,
    /// What made it: `pattern`, `router`, `admin`, `package`, `ninja`, `websocket`.
    pub origin: &'static str,
    /// Methods in upper case; `*` for a view that does not look at them; `None` when not known.
    pub methods: Option<Vec<String>>,
    /// Who may reach it, for groups of methods. Empty when nothing is known.
    pub access: Vec<AccessView>,
    /// What guards it, outermost first.
    pub guards: Vec<GuardView>,
    /// Why an open view is open, if that is by nature: `a login page`.
    pub public_because: Option<String>,
    /// Whether state-changing requests need a CSRF token.
    pub csrf: Csrf,
    /// What makes it so, or why it is not known.
    pub csrf_detail: Option<String>,
    /// Where the CSRF policy comes from, if the view has one of its own.
    pub csrf_place: Option<Location>,
    /// Who may frame its answers: `DENY`, `SAMEORIGIN`, `anyone`; `None` when not known.
    pub framing: Option<String>,
    /// Limits of how often it may be asked; `None` when not known.
    pub throttle: Option<Vec<String>>,
    /// Whether the objects it fetches are those of who asks.
    pub scoping: Scoping,
    /// Templates that it renders.
    pub templates: Vec<String>,
    /// When the route is there, in words; `None` means always.
    pub when: Option<String>,
}

/// One pattern on the way to a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentView {
    /// `path`, `regex` or `locale`.
    pub kind: &'static str,
    /// As Django keeps it.
    pub text: String,
}

/// An installed app, or for views outside of them their top package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppView {
    /// Its label, as `--app` takes it.
    pub label: String,
    /// Its package.
    pub package: String,
}

/// Who may reach a view by some of its methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessView {
    /// The methods; empty for all that no other group has.
    pub methods: Vec<String>,
    /// How much it takes.
    pub level: Level,
    /// How users are told apart: `session`, `rest_framework.authentication.TokenAuthentication`.
    pub authentication: Vec<String>,
    /// What is asked of them beyond that: `orders.change_order`, `IsOwner`.
    pub permission: Option<String>,
}

/// What it takes to reach a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing.
    Public,
    /// Not known.
    Unknown,
    /// A check that is seen but cannot be graded.
    Custom,
    /// To be signed in.
    Authenticated,
    /// A permission, a group, or a test of the project's own.
    Permission,
    /// `is_staff`.
    Staff,
    /// `is_superuser`.
    Superuser,
    /// Nobody may.
    Nobody,
}

impl Level {
    /// All levels, the least first.
    pub const ALL: [Self; 8] = [
        Self::Public,
        Self::Unknown,
        Self::Custom,
        Self::Authenticated,
        Self::Permission,
        Self::Staff,
        Self::Superuser,
        Self::Nobody,
    ];

    /// The word for it in every format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unknown => "unknown",
            Self::Custom => "custom",
            Self::Authenticated => "authenticated",
            Self::Permission => "permission",
            Self::Staff => "staff",
            Self::Superuser => "superuser",
            Self::Nobody => "nobody",
        }
    }
}

/// Something that decides who reaches a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardView {
    /// What it is: `login_required`, `PermissionRequiredMixin`.
    pub text: String,
    /// Whom it lets in, in a word or two.
    pub lets_in: String,
    /// How it is there: `decorator`, `mixin`, `middleware`, `body`, `urlconf`.
    pub kind: &'static str,
    /// The methods it covers; `None` for all.
    pub methods: Option<Vec<String>>,
    /// Why it has no effect; `None` where it has.
    pub without_effect: Option<&'static str>,
    /// Where.
    pub place: Option<Location>,
}

/// Whether state-changing requests need a CSRF token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Csrf {
    /// They do.
    Checked,
    /// They do where a session logs somebody in, and need not elsewhere.
    ForSessions,
    /// The view is exempt, and cookies count there.
    Exempt,
    /// Nothing checks.
    Off,
    /// No cookie logs anybody in there.
    NotNeeded,
    /// Not known.
    Unknown,
}

impl Csrf {
    /// Whether requests of other sites are obeyed.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Exempt | Self::Off)
    }

    /// The word for it in every format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::ForSessions => "for-sessions",
            Self::Exempt => "exempt",
            Self::Off => "off",
            Self::NotNeeded => "not-needed",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether the objects a view fetches are those of who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scoping {
    /// It fetches no objects by what the request says.
    None,
    /// They are; by what, in words: `by customer`.
    Scoped(String),
    /// They are not, and have no owner that they could be scoped to.
    Shared(String),
    /// They are not, though they have an owner; what is fetched, in words: `Order by pk`.
    Unscoped(String),
    /// Not known.
    Unknown,
}

impl Scoping {
    /// The word for it in every format.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Scoped(_) => "scoped",
            Self::Shared(_) => "shared",
            Self::Unscoped(_) => "unscoped",
            Self::Unknown => "unknown",
        }
    }

    /// What is known of it, in words.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Scoped(words) | Self::Shared(words) | Self::Unscoped(words) => Some(words),
            Self::None | Self::Unknown => None,
        }
    }
}

impl RouteView {
    /// The least that it takes to reach it by some method. Where the answer for one method is not
    /// known and no other is open to all, nothing is known.
    pub fn level(&self) -> Level {
        self.access.iter().map(|access| access.level).min().unwrap_or(Level::Unknown)
    }

    /// Whether it answers, or may answer, methods that change state.
    pub fn has_unsafe_method(&self) -> bool {
        const SAFE: [&str; 4] = ["GET", "HEAD", "OPTIONS", "TRACE"];
        self.methods
            .as_ref()
            .is_none_or(|methods| methods.iter().any(|method| !SAFE.contains(&method.as_str())))
    }

    /// `accounts:login`; `None` for a route without a name.
    pub fn full_name(&self) -> Option<String> {
        let name = self.name.as_ref()?;
        let parts: Vec<&str> =
            self.namespaces.iter().chain(std::iter::once(name)).map(String::as_str).collect();
        Some(parts.join(":"))
    }
}

impl RouteTable<'_> {
    /// Whether addresses may be missing, or views were not found.
    pub fn incomplete(&self) -> bool {
        !self.gaps.is_empty() || self.routes.iter().any(|route| route.view.is_err())
    }

    /// Keeps the routes that `wanted` wants. With `by_access`, what is left out though its access
    /// is not known is counted apart.
    pub fn retain(&mut self, by_access: bool, wanted: impl Fn(&RouteView) -> bool) {
        let mut hidden = self.hidden;
        self.routes.retain(|route| {
            let keep = wanted(route);
            if !keep {
                hidden.routes += 1;
                hidden.unknown += usize::from(by_access && route.level() == Level::Unknown);
            }
            keep
        });
        self.hidden = hidden;
    }

    /// How many routes there are of each level.
    fn levels(&self) -> BTreeMap<Level, usize> {
        let mut levels = BTreeMap::new();
        for route in &self.routes {
            *levels.entry(route.level()).or_insert(0) += 1;
        }
        levels
    }
}

/// Writes the tables.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    out: &mut dyn io::Write,
    format: RouteFormat,
    report: &RoutesReport<'_>,
) -> io::Result<()> {
    match format {
        RouteFormat::Text => text::write(out, report),
        RouteFormat::Json => json::write(out, report),
        RouteFormat::Csv => csv::write(out, report),
        RouteFormat::Markdown => markdown::write(out, report),
        RouteFormat::Html => html::write(out, report),
    }
}
