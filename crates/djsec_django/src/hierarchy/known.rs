//! The recorded classes of packages.
//!
//! `data/classes.txt` has one class or module a line (its form is described in
//! `tools/record/classes.py`), sorted by name. A class is looked up in the text and read when it is first asked for:
//! most of them never are, and a table of all would take longer than what is asked of it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use djsec_python::KeptByText;
use serde_json::Value as Json;

use super::KnownValue;

/// A class of a package, as recorded.
#[derive(Debug)]
pub struct KnownClass {
    bases: Vec<Box<str>>,
    methods: Vec<&'static str>,
    attributes: Vec<(Box<str>, KnownValue)>,
}

impl KnownClass {
    /// Its bases by canonical name, in source order; `object` is left out.
    pub fn bases(&self) -> impl Iterator<Item = &str> {
        self.bases.iter().map(|base| &**base)
    }

    /// The methods and properties of its own body, sorted.
    pub fn methods(&self) -> &[&'static str] {
        &self.methods
    }

    /// Whether its own body has this method or property.
    pub fn has_method(&self, name: &str) -> bool {
        self.methods.binary_search(&name).is_ok()
    }

    /// The other attributes of its own body, sorted by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &KnownValue)> {
        self.attributes.iter().map(|(name, value)| (&**name, value))
    }

    /// An attribute of its own body that is no method.
    pub fn attribute(&self, name: &str) -> Option<&KnownValue> {
        let at = self.attributes.binary_search_by(|(found, _)| (**found).cmp(name)).ok()?;
        self.attributes.get(at).map(|(_, value)| value)
    }
}

/// The recorded class of this canonical name.
pub fn known_class(name: &str) -> Option<&'static KnownClass> {
    let line = line(name)?;
    if line.rest.starts_with('>') {
        return None;
    }
    Some(&**line.class.get_or_init(|| Box::new(read(line.name, line.rest))))
}

/// The top-level packages of which classes are recorded.
pub fn known_packages() -> impl Iterator<Item = &'static str> {
    let names = TEXT.lines().filter(|line| !line.starts_with('#'));
    let tops: BTreeSet<_> = names.filter_map(|line| line.split(['.', '\t']).next()).collect();
    tops.into_iter()
}

/// Functions of Django that its modules offer under names of theirs, and from where they have them: the records
/// know of classes only. `from django.utils.html import mark_safe` is as usual as the name in the manual.
const OFFERED: &[(&str, &str)] = &[
    ("django.contrib.auth.base_user.make_password", "django.contrib.auth.hashers.make_password"),
    ("django.contrib.auth.forms.authenticate", "django.contrib.auth.authenticate"),
    ("django.contrib.auth.models.make_password", "django.contrib.auth.hashers.make_password"),
    ("django.shortcuts.reverse", "django.urls.reverse"),
    ("django.template.defaultfilters.conditional_escape", "django.utils.html.conditional_escape"),
    ("django.template.defaultfilters.mark_safe", "django.utils.safestring.mark_safe"),
    ("django.template.defaultfilters.strip_tags", "django.utils.html.strip_tags"),
    ("django.utils.html.mark_safe", "django.utils.safestring.mark_safe"),
];

/// The name under which something of a package is defined; the name itself where no other is known.
pub(super) fn canonical(name: &str) -> Cow<'_, str> {
    if let Some((_, home)) = OFFERED.iter().find(|(known, _)| *known == name) {
        return Cow::Owned((*home).to_owned());
    }
    for (dot, _) in name.rmatch_indices('.') {
        let (Some(module), Some(rest)) = (name.get(..dot), name.get(dot + 1..)) else { continue };
        let Some(line) = line(module) else { continue };
        let Some(offers) = line.rest.strip_prefix(">\t") else { continue };
        let (head, tail) = match rest.split_once('.') {
            Some((head, _)) => (head, rest.get(head.len()..).unwrap_or_default()),
            None => (rest, ""),
        };
        if let Some((home, there)) = offered(offers, head) {
            return Cow::Owned(format!("{home}.{there}{tail}"));
        }
    }
    Cow::Borrowed(name)
}

/// Module and name of what a module offers under a name: `home:a,b=there home:c`.
fn offered(offers: &'static str, name: &str) -> Option<(&'static str, &'static str)> {
    offers.split(' ').find_map(|group| {
        let (home, names) = group.split_once(':')?;
        names.split(',').find_map(|entry| {
            let (offered, there) = entry.split_once('=').unwrap_or((entry, entry));
            (offered == name).then_some((home, there))
        })
    })
}

/// One class or module a line, sorted by name; lines about the recording begin with `#`, which no name does.
const TEXT: &str = include_str!("../../data/classes.txt");

struct Line {
    name: &'static str,
    rest: &'static str,
    class: OnceLock<Box<KnownClass>>,
}

fn line(name: &str) -> Option<&'static Line> {
    // By their length first, so that threads seldom wait for each other. Kept as long as the text is that the parts of a
    // line are borrowed from: to the end of the program.
    static ASKED: LazyLock<KeptByText<usize, Option<&Line>>> = LazyLock::new(KeptByText::default);
    ASKED.get_or(&name.len(), name, || search(name).map(|line| &*Box::leak(Box::new(line))))
}

fn search(name: &str) -> Option<Line> {
    // Both are places where lines begin.
    let (mut low, mut high) = (0, TEXT.len());
    while low < high {
        let middle = TEXT.floor_char_boundary(low + (high - low) / 2);
        let start = TEXT.get(low..middle)?.rfind('\n').map_or(low, |end| low + end + 1);
        let line = TEXT.get(start..high)?.lines().next()?;
        let (found, rest) = line.split_once('\t').unwrap_or((line, ""));
        match found.cmp(name) {
            Ordering::Less => low = start + line.len() + 1,
            Ordering::Equal => return Some(Line { name: found, rest, class: OnceLock::new() }),
            Ordering::Greater => high = start,
        }
    }
    None
}

fn read(name: &'static str, rest: &'static str) -> KnownClass {
    let home = home(name);
    let mut fields = rest.split('\t');
    let mut words = || {
        let field: &'static str = fields.next().unwrap_or_default();
        field.split(' ').filter(|word| !word.is_empty())
    };
    let bases = words().map(|base| absolute(home, base)).collect();
    let methods = words().collect();
    let attributes = fields.next().map_or_else(Vec::new, |text| attributes(home, text));
    KnownClass { bases, methods, attributes }
}

/// The module of a class: modules are written small, classes are not. The recorder leaves the
/// module away by the same rule.
fn home(class: &str) -> &str {
    let mut parts = class.rsplit_once('.').map_or("", |(module, _)| module);
    while let Some((module, last)) = parts.rsplit_once('.')
        && last.starts_with(char::is_uppercase)
    {
        parts = module;
    }
    parts
}

fn absolute(home: &str, name: &str) -> Box<str> {
    if name.starts_with('.') { format!("{home}{name}").into() } else { name.into() }
}

fn attributes(home: &str, text: &str) -> Vec<(Box<str>, KnownValue)> {
    let json: Json = serde_json::from_str(text).unwrap_or_default();
    let Json::Object(map) = json else { return Vec::new() };
    let mut found: Vec<(Box<str>, KnownValue)> =
        map.iter().map(|(name, json)| (name.as_str().into(), value(home, json))).collect();
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    found
}

fn value(home: &str, json: &Json) -> KnownValue {
    match json {
        Json::Null => KnownValue::None,
        Json::Bool(value) => KnownValue::Bool(*value),
        Json::Number(number) => number.as_i64().map_or(KnownValue::Other, KnownValue::Int),
        Json::Array(items) => {
            KnownValue::List(items.iter().map(|item| value(home, item)).collect())
        }
        Json::String(text) => tagged(home, text),
        Json::Object(_) => KnownValue::Other,
    }
}

/// A text whose first character says what it stands for.
fn tagged(home: &str, text: &str) -> KnownValue {
    if let Some(text) = text.strip_prefix('=') {
        return KnownValue::Str(text.into());
    }
    if let Some(name) = text.strip_prefix('@') {
        return KnownValue::Name(absolute(home, name));
    }
    if let Some(setting) = text.strip_prefix('$') {
        return KnownValue::Setting(setting.into());
    }
    let Some(field) = text.strip_prefix('%') else { return KnownValue::Other };
    let (class, to) = match field.split_once('>') {
        Some((class, to)) => (class, Some(to.into())),
        None => (field, None),
    };
    KnownValue::Field { class: absolute(home, class), to }
}
