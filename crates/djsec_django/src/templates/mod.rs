//! A project's templates: under which names they are loaded, what its own tags and filters are, and the
//! pages that come out.

mod engines;
mod jinja;
mod library;
mod place;
mod renderers;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;
use djsec_base::{FileId, Files, Span};
use djsec_python::Program;
use djsec_templates::error::ErrorCode;
use djsec_templates::jinja::{macros as macros_of, parse as parse_jinja, parse_child};
use djsec_templates::library::{Knowledge, Loaded, TagShape};
use djsec_templates::page::{
    Called, Element, Form, Gap, GapReason, Link, Page, Source, Sources, Tags,
};
use djsec_templates::parse::parse;
use djsec_templates::tags::Form as TagForm;
use djsec_templates::tree::{Node, Template};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub use engines::Engines;
pub use jinja::{Environment, Own};
pub use library::{Libraries, OwnFilter, OwnTag, OwnTagKind};
use place::{Language, Named};
pub use renderers::{RENDERERS, Renderer};

use crate::hierarchy::Hierarchy;

/// Longer templates are data.
const LONGEST: usize = 2 << 20;
/// Templates extend others this far.
const MOST_PARENTS: usize = 16;

/// The templates of a project and the pages that are made of them.
#[derive(Debug, Default)]
pub struct Templates {
    pages: BTreeMap<Arc<str>, Page>,
    /// The tags and filters that the project makes.
    pub libraries: Libraries,
    /// The templates as they were read, by name.
    pub sources: Sources,
    /// Those of Jinja, which know nothing of the others.
    jinja: Sources,
    /// What the project adds to Jinja.
    pub environment: Environment,
    /// How many were not read: too long, or no text.
    pub unread: usize,
}

impl Templates {
    /// Reads the templates of a project whose root this is.
    pub fn new(
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        engines: Engines,
        root: &Utf8Path,
    ) -> Self {
        let libraries = Libraries::new(files, program, hierarchy, &engines.names, root);
        let environment = engines.environment;
        let mut this = Self { libraries, environment, ..Self::default() };
        let named = |language| place::named(files, &engines.places, root, language);
        this.sources = this.read(files, named(Language::Django), Language::Django);
        this.jinja = this.read(files, named(Language::Jinja), Language::Jinja);
        let known = Known { libraries: &this.libraries, name: None, escapes: engines.escapes };
        let mut all = pages(&this.sources, Language::Django, &known);
        // Of engines that have a template of the same name Django's own is taken for the first.
        for (name, page) in pages(&this.jinja, Language::Jinja, &this.environment) {
            all.entry(name).or_insert(page);
        }
        this.pages = all;
        this
    }

    fn read(&mut self, files: &Files, named: Vec<Named>, language: Language) -> Sources {
        let mut found = Sources::default();
        let sources: Vec<Option<Source>> = named
            .par_iter()
            .map(|named| {
                let text = files.file(named.file)?.text.as_ref()?;
                if text.len() > LONGEST {
                    return None;
                }
                let name = Some(&*named.name);
                let known = Known { libraries: &self.libraries, name, escapes: true };
                let tree = match language {
                    Language::Django => parse(text, &known),
                    Language::Jinja => parse_jinja(text, &self.environment),
                };
                Some(Source { file: named.file, text: Arc::clone(text), tree })
            })
            .collect();
        let sources = match language {
            Language::Django => sources,
            Language::Jinja => self.with_macros(&named, sources),
        };
        for (named, source) in named.into_iter().zip(sources) {
            match source {
                Some(source) => self.unread += usize::from(!found.add(named.name, source)),
                None => self.unread += 1,
            }
        }
        found
    }

    /// Templates of Jinja see the macros of those that they extend: where these have some, they are read again.
    fn with_macros(
        &self,
        named: &[Named],
        mut sources: Vec<Option<Source>>,
    ) -> Vec<Option<Source>> {
        let own: Vec<BTreeSet<Box<str>>> = sources
            .par_iter()
            .map(|source| source.as_ref().map(|source| macros_of(&source.tree)).unwrap_or_default())
            .collect();
        // Nobody has any from anybody: most projects.
        if own.iter().all(BTreeSet::is_empty) {
            return sources;
        }
        // Of several of one name the first counts.
        let places: FxHashMap<&str, usize> =
            named.iter().enumerate().rev().map(|(at, named)| (&*named.name, at)).collect();
        let parent = |at: usize| {
            let source = sources.get(at)?.as_ref()?;
            places.get(parent_of(&source.tree)?).copied()
        };
        let again: Vec<Option<Source>> = (0..sources.len())
            .into_par_iter()
            .map(|at| {
                let source = sources.get(at)?.as_ref()?;
                let parents = std::iter::successors(parent(at), |at| parent(*at));
                let macros: BTreeSet<Box<str>> = parents
                    .take(MOST_PARENTS)
                    .filter_map(|at| own.get(at))
                    .flat_map(|macros| macros.iter().cloned())
                    .collect();
                if own.get(at)?.is_superset(&macros) {
                    return None;
                }
                let tree = parse_child(&source.text, &self.environment, &macros);
                Some(Source { file: source.file, text: Arc::clone(&source.text), tree })
            })
            .collect();
        for (source, again) in sources.iter_mut().zip(again) {
            if again.is_some() {
                *source = again;
            }
        }
        sources
    }

    /// The files that were read.
    pub fn files(&self) -> BTreeSet<FileId> {
        self.sources.files().chain(self.jinja.files()).collect()
    }

    /// Every page with the name of its template, in order.
    pub fn pages(&self) -> impl Iterator<Item = (&Arc<str>, &Page)> {
        self.pages.iter()
    }

    /// The page of a template.
    pub fn page(&self, name: &str) -> Option<&Page> {
        self.pages.get(name)
    }

    /// The forms of pages that no other page is made of, in order, each once: with the token, if it has one
    /// on any page. With each the name of the page.
    pub fn forms(&self) -> impl Iterator<Item = (&Arc<str>, &Form)> {
        let mut forms: BTreeMap<Span, (&Arc<str>, &Form)> = BTreeMap::new();
        for (name, page) in self.whole() {
            for form in &page.forms {
                let known = forms.entry(form.tag.span).or_insert((name, form));
                let says = |form: &Form| (form.token.is_some(), form.opaque, form.closed);
                if says(form) > says(known.1) {
                    *known = (name, form);
                }
            }
        }
        forms.into_values()
    }

    /// The elements of all pages that load, run or send something, in order, each once.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        let mut elements: BTreeMap<Span, &Element> = BTreeMap::new();
        for element in self.pages.values().flat_map(|page| &page.elements) {
            elements.entry(element.span).or_insert(element);
        }
        elements.into_values()
    }

    /// The addresses of the site that pages show to some only, in order, each place once.
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        let mut links: BTreeMap<Span, &Link> = BTreeMap::new();
        for link in self.pages.values().flat_map(|page| &page.links) {
            links.entry(link.span).or_insert(link);
        }
        links.into_values()
    }

    /// The pages that no other page is made of.
    pub fn whole(&self) -> impl Iterator<Item = (&Arc<str>, &Page)> {
        let parts = self.pages.values().flat_map(|page| page.parts.iter().skip(1));
        let parts: BTreeSet<&Arc<str>> = parts.collect();
        self.pages.iter().filter(move |(name, _)| !parts.contains(name))
    }

    /// Where templates are larger or nest deeper than is read, each place once.
    pub fn cut(&self) -> Vec<Span> {
        let limit = |gap: &&Gap| gap.reason == GapReason::Limit;
        let pages = self.pages.values().flat_map(|page| page.gaps.iter().filter(limit));
        let all = [&self.sources, &self.jinja].into_iter();
        let trees = all.flat_map(|all| all.names().filter_map(|name| all.get(name)));
        let errors = trees.flat_map(|source| {
            let cut = source.tree.errors.iter().filter(|error| error.code == ErrorCode::Limit);
            cut.map(|error| Span::new(source.file, error.span))
        });
        let places: BTreeSet<Span> = pages.map(|gap| gap.span).chain(errors).collect();
        places.into_iter().collect()
    }
}

/// The template that one extends, as far as its name is written there.
fn parent_of(template: &Template) -> Option<&str> {
    template.walk().filter_map(Node::tag).find_map(|tag| match &tag.form {
        TagForm::Extends { parent } => parent.constant(),
        _ => None,
    })
}

/// The pages of templates that may be shown, by name.
fn pages(
    sources: &Sources,
    language: Language,
    tags: &(dyn Tags + Sync),
) -> BTreeMap<Arc<str>, Page> {
    let names: Vec<&Arc<str>> = sources.names().filter(|name| is_page(name, language)).collect();
    let page = |name: &Arc<str>| Some((Arc::clone(name), Page::new(sources, name, tags)?));
    names.into_par_iter().with_max_len(1).filter_map(page).collect()
}

/// Whether what is loaded under a name is HTML: mails in plain text and scripts are no pages, but may be
/// parts of some.
fn is_page(name: &str, language: Language) -> bool {
    let (rest, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    if language != Language::Jinja || !place::is_jinja(name) {
        return is_html(extension);
    }
    let file = rest.rsplit_once('/').map_or(rest, |(_, file)| file);
    match file.rsplit_once('.') {
        // `mail.txt.j2` is no page.
        Some((_, inner)) => is_html(inner),
        // `welcome-body-text.jinja`: without an inner extension only its words say so.
        None => {
            !file.split(['-', '_']).any(|word| matches!(word, "text" | "txt" | "plain" | "subject"))
        }
    }
}

fn is_html(extension: &str) -> bool {
    matches!(extension, "html" | "htm" | "xhtml" | "djhtml" | "dtl")
}

/// What the parser is told of the project's own tags.
struct Known<'a> {
    libraries: &'a Libraries,
    name: Option<&'a str>,
    escapes: bool,
}

impl Knowledge for Known<'_> {
    fn shape(&self, tag: &str) -> Option<TagShape> {
        match &self.libraries.tags.get(tag)?.kind {
            OwnTagKind::Simple | OwnTagKind::Inclusion(_) => Some(TagShape::Simple),
            OwnTagKind::Block(end) | OwnTagKind::SimpleBlock(end) => Some(TagShape::block(&**end)),
            OwnTagKind::Parsed => None,
        }
    }

    fn own_tag(&self, name: &str, loaded: &[Loaded]) -> Option<&str> {
        self.libraries.own_tag(name, loaded)
    }

    fn own_filter(&self, name: &str, loaded: &[Loaded]) -> Option<&str> {
        self.libraries.own_filter(name, loaded)
    }

    fn template_name(&self) -> Option<&str> {
        self.name
    }
}

impl Tags for Known<'_> {
    fn escapes(&self) -> bool {
        self.escapes
    }

    fn is_filter(&self, name: &str) -> bool {
        self.libraries.filters.iter().any(|filter| *filter.name == *name)
    }

    fn called(&self, tag: &str) -> Option<Called> {
        match &self.libraries.tags.get(tag)?.kind {
            OwnTagKind::Inclusion(template) => template.clone().map(Called::Context),
            OwnTagKind::Simple | OwnTagKind::SimpleBlock(_) => Some(Called::Value),
            OwnTagKind::Block(_) | OwnTagKind::Parsed => Some(Called::Node),
        }
    }
}
