//! What libraries of tags register, and which of them a template has loaded.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::error::{ErrorCode, Fault};
use crate::filter::{FilterLookup, Filters};
use crate::tags::{Structure, structure};
use crate::tree::Word;

/// How far a tag reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagShape {
    /// Nobody could tell: it is a block where its `end…` follows.
    Unknown,
    /// It stands alone.
    Simple,
    /// It holds nodes.
    Block {
        /// The name of the tag that ends it.
        end: Box<str>,
        /// The names of the tags that divide it, such as `else`.
        between: Vec<Box<str>>,
    },
    /// Nothing is read until the tag with these contents.
    Raw {
        /// The contents of the tag that ends it.
        end: Box<str>,
    },
}

impl Arity {
    /// Whatever it is given.
    pub const ANY: Self = Self { least: 0, most: u8::MAX };
}

impl TagShape {
    /// A block that ends with a tag of that name.
    pub fn block(end: impl Into<Box<str>>) -> Self {
        Self::Block { end: end.into(), between: Vec::new() }
    }
}

/// How many arguments a filter takes, the value that is filtered included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arity {
    /// At least.
    pub least: u8,
    /// At most.
    pub most: u8,
}

/// The tags and filters of one library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// By name.
    pub tags: BTreeMap<Box<str>, TagShape>,
    /// By name.
    pub filters: BTreeMap<Box<str>, Arity>,
}

/// What is known of a library that a template loads.
#[derive(Debug, Clone, Copy)]
pub enum Known<'k> {
    /// All that it registers.
    Library(&'k Library),
    /// There is none of that name.
    Absent,
    /// It may be there, and register anything.
    Unknown,
}

/// A library that a template has loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its name.
    pub library: Box<str>,
    /// What alone was taken of it: `{% load name from library %}`.
    pub only: Option<Box<str>>,
}

/// The name as templates write it of a tag or filter that is kept apart: `shop.templatetags.texts bold` is `bold`.
pub fn written_name(name: &str) -> &str {
    name.rsplit_once(' ').map_or(name, |(_, name)| name)
}

/// Whether any series of Django has a tag of this name.
pub fn django_has_tag(name: &str) -> bool {
    DJANGO.1.values().any(|library| library.tags.contains_key(name))
}

/// Whether any series of Django has a filter of this name.
pub fn django_has_filter(name: &str) -> bool {
    DJANGO.1.values().any(|library| library.filters.contains_key(name))
}

/// What the caller knows of the project's libraries. The default is to know nothing: then Django's own are
/// taken for what they are, and no tag or filter is called invalid.
pub trait Knowledge {
    /// How far a tag reaches that no known library registers.
    fn shape(&self, _tag: &str) -> Option<TagShape> {
        None
    }

    /// The name under which a tag is kept apart that several libraries have, where a template has loaded these, in
    /// order: the last one that has it counts.
    fn own_tag(&self, _name: &str, _loaded: &[Loaded]) -> Option<&str> {
        None
    }

    /// The same of a filter.
    fn own_filter(&self, _name: &str, _loaded: &[Loaded]) -> Option<&str> {
        None
    }

    /// The library that `{% load name %}` loads.
    fn library(&self, _name: &str) -> Known<'_> {
        Known::Unknown
    }

    /// The libraries that are loaded besides Django's own (`builtins` in `OPTIONS`), if all are known.
    fn builtins(&self) -> Option<Vec<&Library>> {
        None
    }

    /// The series of Django in use, such as 5 and 2. Without it a tag or filter is Django's if any series has it.
    fn django(&self) -> Option<(u8, u8)> {
        None
    }

    /// The name under which the loader knows the template, which relative names start from.
    fn template_name(&self) -> Option<&str> {
        None
    }
}

/// Nothing is known of the project.
impl Knowledge for () {}

/// Libraries by name.
pub type Libraries = BTreeMap<Box<str>, Library>;

type Series = (u8, u8);

/// The libraries of Django, those that are always loaded as `builtins`: of each series, and of all together.
/// Recorded from Django by `cargo xtask record templates`.
static DJANGO: LazyLock<(BTreeMap<Series, Libraries>, Libraries)> =
    LazyLock::new(|| parse_series(include_str!("../data/django.txt")));

/// Libraries of well-known packages by the name that is loaded, recorded in the same way. They say how far tags
/// reach, but not that there are no others: another release may have more.
static PACKAGES: LazyLock<Libraries> = LazyLock::new(|| {
    let libraries = parse(include_str!("../data/packages.txt"));
    let named = libraries.into_iter().map(|(name, library)| {
        let name = name.split_once(':').map_or(&*name, |(_, name)| name);
        (Box::from(name), library)
    });
    named.collect()
});

/// The library of Django that `{% load name %}` loads; `builtins` are the ones that nobody has to load.
/// Without a series, or with one that was not recorded, it is what any series has.
pub fn of_django(name: &str, series: Option<(u8, u8)>) -> Option<&'static Library> {
    let (by_series, all) = &*DJANGO;
    series.and_then(|series| by_series.get(&series)).unwrap_or(all).get(name)
}

/// Lines as [`parse`] reads them, each after the series that have it: `4.2,5.2`.
fn parse_series(text: &str) -> (BTreeMap<Series, Libraries>, Libraries) {
    let (mut by_series, mut all) = (BTreeMap::new(), Libraries::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((series, rest)) = line.split_once(' ') else { continue };
        for series in series.split(',').filter_map(parse_one_series) {
            add_line(by_series.entry(series).or_default(), rest);
        }
        add_line(&mut all, rest);
    }
    (by_series, all)
}

fn parse_one_series(text: &str) -> Option<Series> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Reads lines of `library` followed by `tag name`, `tag name end`, `tag name end between…`,
/// `raw name end` and `filter name least most`. Other lines are comments.
pub fn parse(text: &str) -> Libraries {
    let mut libraries = Libraries::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        add_line(&mut libraries, line);
    }
    libraries
}

fn add_line(libraries: &mut Libraries, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    if let Some((name, rest)) = words.split_first() {
        libraries.entry(Box::from(*name)).or_default().add(rest);
    }
}

impl Library {
    fn add(&mut self, words: &[&str]) {
        let shape = match *words {
            ["filter", name, least, most] => {
                let number = |text: &str| text.parse().unwrap_or_default();
                let (least, most) = (number(least), number(most));
                // Of several series together: what any of them takes.
                let arity = self.filters.entry(name.into()).or_insert(Arity { least, most });
                *arity = Arity { least: arity.least.min(least), most: arity.most.max(most) };
                return;
            }
            ["tag", name] => (name, TagShape::Simple),
            ["tag", name, end, ref between @ ..] => {
                let between = between.iter().copied().map(Box::from).collect();
                (name, TagShape::Block { end: end.into(), between })
            }
            ["raw", name, end] => (name, TagShape::Raw { end: end.into() }),
            _ => return,
        };
        self.tags.insert(shape.0.into(), shape.1);
    }
}

/// What a tag's name means here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The tag of Django, from a library that is loaded.
    Django,
    /// A tag of that name is in a library of Django that the template does not load: it may be loaded by the
    /// settings, and it may be another's.
    Namesake,
    /// Another whose reach is known.
    Shape(TagShape),
    Unknown,
}

/// The libraries that a template has loaded so far.
pub(crate) struct Scope<'k> {
    pub(crate) knowledge: &'k dyn Knowledge,
    /// The last stands first in the search. Each once.
    loaded: Vec<(&'k Library, bool)>,
    /// Their names, in order, each as often as it was loaded.
    names: Vec<Loaded>,
    /// What `{% load x from library %}` took.
    taken: BTreeMap<Box<str>, (&'k Library, bool)>,
    /// Whether all that was loaded is known.
    pub(crate) whole: bool,
}

impl<'k> Scope<'k> {
    pub(crate) fn new(knowledge: &'k dyn Knowledge) -> Self {
        let own = of_django("builtins", knowledge.django());
        let mut loaded: Vec<_> = own.map(|own| (own, true)).into_iter().collect();
        let builtins = knowledge.builtins();
        // A series that was not recorded may have tags that nobody here has heard of.
        let recorded = knowledge.django().is_none_or(|series| DJANGO.0.contains_key(&series));
        let whole = recorded && builtins.is_some();
        loaded.extend(builtins.into_iter().flatten().map(|library| (library, false)));
        Self { knowledge, loaded, names: Vec::new(), taken: BTreeMap::new(), whole }
    }

    /// Whether the tag is surely not there, and what it means, there or not.
    pub(crate) fn tag(&self, name: &str) -> (bool, Meaning) {
        if let Some(own) = self.own_tag(name) {
            let shape = self.knowledge.shape(own).filter(|shape| *shape != TagShape::Unknown);
            return (false, shape.map_or(Meaning::Unknown, Meaning::Shape));
        }
        if let Some((library, django)) =
            self.holder(name, |library| library.tags.contains_key(name))
        {
            return (false, meaning(library, django, name));
        }
        (self.whole, self.elsewhere(name))
    }

    /// The name under which a tag is kept apart that several libraries have.
    pub(crate) fn own_tag(&self, name: &str) -> Option<&'k str> {
        self.knowledge.own_tag(name, &self.names)
    }

    /// What a tag means that no loaded library registers, as far as is known.
    fn elsewhere(&self, name: &str) -> Meaning {
        match self.knowledge.shape(name) {
            Some(TagShape::Unknown) => return Meaning::Unknown,
            Some(shape) => return Meaning::Shape(shape),
            None => {}
        }
        let library = DJANGO.1.values().find(|library| library.tags.contains_key(name));
        library.map_or(Meaning::Unknown, |library| match meaning(library, true, name) {
            Meaning::Django => Meaning::Namesake,
            meaning => meaning,
        })
    }

    fn holder(&self, name: &str, has: impl Fn(&Library) -> bool) -> Option<(&'k Library, bool)> {
        let taken = self.taken.get(name).filter(|(library, _)| has(library));
        let holder = taken.or_else(|| self.loaded.iter().rev().find(|(library, _)| has(library)));
        holder.copied()
    }

    /// `{% load … %}`.
    pub(crate) fn load(&mut self, names: &[Word], from: Option<&Word>) -> Result<(), Fault> {
        let Some(from) = from else {
            for name in names {
                self.names.push(Loaded { library: name.text.clone(), only: None });
                if let Some(library) = self.find(&name.text)? {
                    self.loaded.retain(|loaded| !std::ptr::eq(loaded.0, library.0));
                    self.loaded.push(library);
                    // What it has counts before what was taken of another one before.
                    let has = |name: &str| {
                        library.0.tags.contains_key(name) || library.0.filters.contains_key(name)
                    };
                    self.taken.retain(|name, _| !has(name));
                }
            }
            return Ok(());
        };
        self.names.extend(
            names
                .iter()
                .map(|name| Loaded { library: from.text.clone(), only: Some(name.text.clone()) }),
        );
        let Some((library, django)) = self.find(&from.text)? else { return Ok(()) };
        let exact = django || matches!(self.knowledge.library(&from.text), Known::Library(_));
        for name in names {
            let text = &name.text;
            if exact && !library.tags.contains_key(text) && !library.filters.contains_key(text) {
                let from = &from.text;
                return Err(Fault::new(
                    ErrorCode::UnknownName,
                    format!("'{text}' is not a valid tag or filter in tag library '{from}'"),
                ));
            }
            self.taken.insert(text.clone(), (library, django));
        }
        Ok(())
    }

    /// The library; none where it is not known, after which nothing can be called invalid.
    fn find(&mut self, name: &str) -> Result<Option<(&'k Library, bool)>, Fault> {
        match self.knowledge.library(name) {
            Known::Library(library) => return Ok(Some((library, false))),
            Known::Absent => {
                let message = format!("'{name}' is not a registered tag library.");
                return Err(Fault::new(ErrorCode::UnknownLibrary, message));
            }
            Known::Unknown => {}
        }
        let own = of_django(name, self.knowledge.django()).filter(|_| name != "builtins");
        self.whole &= own.is_some();
        let package = || PACKAGES.get(name).map(|library| (library, false));
        Ok(own.map(|library| (library, true)).or_else(package))
    }
}

/// What a tag of that library means.
fn meaning(library: &Library, django: bool, name: &str) -> Meaning {
    match library.tags.get(name) {
        // A block that was removed, `ifequal`, is no more than a block.
        Some(shape @ TagShape::Block { .. }) if structure(name) == Structure::Simple => {
            Meaning::Shape(shape.clone())
        }
        Some(_) if django => Meaning::Django,
        Some(TagShape::Unknown) | None => Meaning::Unknown,
        Some(shape) => Meaning::Shape(shape.clone()),
    }
}

impl Filters for Scope<'_> {
    fn own(&self, name: &str) -> Option<&str> {
        self.knowledge.own_filter(name, &self.names)
    }

    fn filter(&self, name: &str) -> FilterLookup {
        let holder = self.holder(name, |library| library.filters.contains_key(name));
        match holder.and_then(|(library, _)| library.filters.get(name)) {
            Some(arity) => FilterLookup::Known(arity.least, arity.most),
            None if self.whole => FilterLookup::Absent,
            None => FilterLookup::Unknown,
        }
    }
}
