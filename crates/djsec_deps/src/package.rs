//! A package as one file names it.

use djsec_base::Span;

/// A package that a file of the project names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The normalised name (PEP 503).
    pub name: String,
    /// The version that is asked for.
    pub pin: Pin,
    /// Where it stands.
    pub source: Span,
    /// What it is installed for.
    pub group: Group,
    /// Whether the project itself asks for it.
    pub relation: Relation,
    /// What kind of file says so.
    pub origin: Origin,
}

/// The version that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// This one.
    Exact(String),
    /// Any that fits, in PEP 440's or Poetry's notation.
    Specifier(String),
    /// Any.
    Any,
    /// Whatever is found at this URL or path.
    Url(String),
}

/// What a package is installed for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The application in production.
    Production,
    /// Development, tests, documentation; with the group's or file's name.
    Development(String),
    /// Nothing says.
    Unknown,
}

impl Group {
    /// The group that a name of a file, extra or dependency group tells.
    pub(crate) fn of_name(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let word = |words: &[&str]| {
            lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| words.contains(&part))
        };
        if word(DEVELOPMENT) {
            Self::Development(name.to_owned())
        } else if word(PRODUCTION) {
            Self::Production
        } else {
            Self::Unknown
        }
    }
}

const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "development",
    "test",
    "tests",
    "testing",
    "local",
    "doc",
    "docs",
    "documentation",
    "lint",
    "linting",
    "linter",
    "linters",
    "typing",
    "types",
    "mypy",
    "ci",
    "qa",
    "coverage",
    "tox",
    "nox",
    "build",
    "debug",
    "format",
    "style",
    "security",
    "benchmark",
    "release",
    "pytest",
    "selenium",
    "precommit",
    "tools",
    "tooling",
];

const PRODUCTION: &[&str] = &[
    "production",
    "prod",
    "deploy",
    "deployment",
    "main",
    "default",
    "base",
    "common",
    "server",
    "live",
    "heroku",
    "requirements",
];

/// Whether the project itself asks for a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It does.
    Direct,
    /// Another package does.
    Transitive,
    /// Nothing says.
    Unknown,
}

/// What kind of file names a package, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A lock file.
    Lock,
    /// A requirements file.
    Requirements,
    /// A constraints file: it tells the version if something else installs the package.
    Constraints,
    /// `pyproject.toml`, `setup.cfg`, `Pipfile`.
    Manifest,
}

/// The normalised name of a package (PEP 503): lower case, runs of `-`, `_` and `.` as one `-`.
pub fn normalized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if matches!(c, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.push(c.to_ascii_lowercase());
        }
    }
    out
}
