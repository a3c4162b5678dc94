//! How Django calls the project: views with what their address names.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_django::hierarchy::Hierarchy;
use djsec_django::routes::{Parameter, Route, Routes, Target};
use djsec_django::settings::Settings;
use djsec_django::views::Views;
use djsec_python::QualifiedName;
use rustc_hash::FxHashSet;

use crate::index::{FunctionKey, Index};
use crate::{Kind, Kinds};

/// What a parameter of an address may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Converter {
    /// A UUID, a short number, one of a few words: nothing that does harm.
    Harmless,
    /// A number, which may be large.
    Number,
    /// A slug, which may still be the name of a model.
    Word,
    /// A text without slashes.
    Segment,
    /// Any text.
    Text,
}

impl Converter {
    fn of(parameter: &Parameter) -> Self {
        match parameter.converter.as_str() {
            "int" => Self::Number,
            "uuid" => Self::Harmless,
            "slug" => Self::Word,
            "str" | "" => Self::Segment,
            "path" => Self::Text,
            pattern if is_narrow(pattern) && is_of_few(pattern) && is_long(pattern) => Self::Number,
            pattern if is_narrow(pattern) && is_of_few(pattern) => Self::Harmless,
            pattern if is_narrow(pattern) => Self::Word,
            pattern if pattern.contains("[^/]") => Self::Segment,
            _ => Self::Text,
        }
    }

    /// As what such a text can do no harm.
    pub(crate) fn safe(self) -> Kinds {
        match self {
            Self::Harmless => Kinds::ALL,
            Self::Number => Kinds::NUMBER,
            Self::Word => Kinds::WORD,
            // Without a slash there is no other folder, and no other site.
            Self::Segment => Kinds::of([Kind::Path, Kind::Redirect, Kind::Ssrf]),
            Self::Text => Kinds::NONE,
        }
    }
}

/// Whether the expression of a group takes letters, digits, `-` and `_` only.
fn is_narrow(pattern: &str) -> bool {
    let open = [".*", ".+", "[^", "\\S", "\\W", "\\D", ".{", "."];
    !pattern.is_empty() && !open.iter().any(|part| pattern.contains(part)) && !pattern.contains('/')
}

/// Whether the expression of a group takes numbers only, or words that it lists: `\\d+`, `(users|orders)`.
fn is_of_few(pattern: &str) -> bool {
    let rest = pattern.replace("\\d", "").replace("0-9", "");
    let open = ["\\w", "a-z", "A-Z", "[a", "[A"];
    !open.iter().any(|part| rest.contains(part))
}

/// Whether the expression of a group takes as much as there is: `\\d+`, and not `[0-9]{4}`.
fn is_long(pattern: &str) -> bool {
    pattern.contains(['+', '*'])
}

/// The functions that Django calls with parts of addresses.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    /// For each function: the names of its parameters that come from the address.
    pub(crate) functions: BTreeMap<FunctionKey, BTreeMap<Arc<str>, Converter>>,
    classes: BTreeMap<QualifiedName, BTreeMap<Arc<str>, Converter>>,
    /// Operations of Ninja: their parameters are as their types say.
    operations: FxHashSet<FunctionKey>,
    views: FxHashSet<QualifiedName>,
}

impl Entries {
    pub(crate) fn new(
        routes: &Routes,
        views: &Views,
        settings: Option<&Settings>,
        hierarchy: &Hierarchy<'_>,
        index: &Index,
    ) -> Self {
        let mut this = Self::default();
        for (route, view) in routes.routes.iter().zip(&views.all) {
            if settings.is_some_and(|settings| !is_in_production(settings, route)) {
                continue;
            }
            let parameters = route.parameters();
            for body in &view.bodies {
                let Some(key) = index.key(body.module, body.function) else { continue };
                add(this.functions.entry(key).or_default(), &parameters);
                if is_operation(&route.target) {
                    this.operations.insert(key);
                }
            }
            if let Target::Class { class, .. } | Target::ViewSet { class, .. } = &route.target {
                for owner in hierarchy.order(class).iter() {
                    if matches!(owner, QualifiedName::Project(..)) {
                        this.views.insert(owner.clone());
                        add(this.classes.entry(owner.clone()).or_default(), &parameters);
                    }
                }
            }
        }
        this
    }

    /// Whether Ninja makes of what is sent what the parameters of a function say.
    pub(crate) fn is_operation(&self, key: FunctionKey) -> bool {
        self.operations.contains(&key)
    }

    /// Whether a class is a view that is routed, or a base of one.
    pub(crate) fn is_view(&self, class: &QualifiedName) -> bool {
        self.views.contains(class)
    }

    /// What a name may be that any address of the project fills. One that none does is not there.
    pub(crate) fn of_any(&self, name: &str) -> Converter {
        let all = self.functions.values().chain(self.classes.values());
        if self.functions.is_empty() && self.classes.is_empty() {
            return Converter::Text;
        }
        all.filter_map(|names| names.get(name).copied()).max().unwrap_or(Converter::Harmless)
    }

    /// What a name of `self.kwargs` may be in the methods of a class. One that no address of the class fills
    /// is not there.
    pub(crate) fn of_class(&self, class: &QualifiedName, name: &str) -> Converter {
        match self.classes.get(class) {
            Some(names) => names.get(name).copied().unwrap_or(Converter::Harmless),
            None => Converter::Text,
        }
    }
}

/// Whether Ninja calls a function that stands in no class.
fn is_operation(target: &Target) -> bool {
    match target {
        Target::Operation { function: QualifiedName::Project(_, path), .. } => !path.contains('.'),
        _ => false,
    }
}

/// Whether production may answer an address: not what stands under `if settings.DEBUG`.
fn is_in_production(settings: &Settings, route: &Route) -> bool {
    let production = settings.production();
    settings.with_worlds(|worlds| {
        let there = worlds.and(route.when, production);
        !worlds.impossible(there)
    })
}

/// Of several routes the one that lets most through counts.
fn add(names: &mut BTreeMap<Arc<str>, Converter>, parameters: &[Parameter]) {
    for parameter in parameters {
        let converter = Converter::of(parameter);
        let known = names.entry(Arc::from(parameter.name.as_str())).or_insert(converter);
        *known = (*known).max(converter);
    }
}
