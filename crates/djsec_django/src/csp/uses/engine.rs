//! Frameworks in the browser that make code of texts.

use djsec_templates::page::Part;

/// What needs `'unsafe-eval'`.
///
/// `AngularJS` is none: it sees that it may not evaluate, and interprets its expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// Alpine in its standard build; `@alpinejs/csp` is the other.
    Alpine,
    /// Vue with its compiler, which makes functions of the templates in the page.
    Vue,
    /// htmx's `hx-on` attributes.
    HtmxOn,
}

/// Builds of Vue with the compiler. Those called `vue.runtime…` have none.
const VUE: [&str; 8] = [
    "vue.js",
    "vue.min.js",
    "vue.esm.browser.js",
    "vue.global.js",
    "vue.global.min.js",
    "vue.global.prod.js",
    "vue.esm-browser.js",
    "vue.esm-browser.prod.js",
];

impl Engine {
    /// What the address of a script surely loads: the package by its name, or a build by the name that
    /// its makers gave it.
    pub(super) fn of(address: &[Part]) -> Option<Self> {
        let path = match address {
            [Part::Text(path) | Part::Static(Some(path))] => path.to_ascii_lowercase(),
            _ => return None,
        };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        let is_package = |segment: &&str, name: &str| {
            segment.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
        };
        if segments.iter().any(|segment| is_package(segment, "alpinejs")) {
            return Some(Self::Alpine);
        }
        let last = segments.last().copied().unwrap_or_default();
        let bare = path.contains("//") && is_package(&last, "vue");
        (VUE.contains(&last) || bare).then_some(Self::Vue)
    }

    /// What it is, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Alpine => "Alpine's standard build",
            Self::Vue => "Vue with its compiler",
            Self::HtmxOn => "htmx's `hx-on`",
        }
    }

    /// What does without it.
    pub const fn instead(self) -> &'static str {
        match self {
            Self::Alpine => "use the build `@alpinejs/csp`",
            Self::Vue => "compile the templates beforehand and load the runtime build",
            Self::HtmxOn => "listen to the event in a script",
        }
    }
}
