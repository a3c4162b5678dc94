//! The templates that pages are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use djsec_base::{FileId, Span, TextRange};

use crate::tree::{Tag, Template};

/// A template that was read.
#[derive(Debug)]
pub struct Source {
    /// Its file.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// What it says.
    pub tree: Template,
}

/// Templates by the names under which they are loaded.
#[derive(Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
    /// Where the positions of each begin, among those of all.
    starts: Vec<u32>,
    /// The templates of each name: the first is the one that is loaded.
    names: BTreeMap<Arc<str>, Vec<usize>>,
}

impl Sources {
    /// Adds a template; of several with one name the first counts, and the others are what it extends under
    /// its own name. False where there is no room for it: all together may have 4 GB.
    pub fn add(&mut self, name: Arc<str>, source: Source) -> bool {
        let end = |at: usize| {
            let last = self.all.get(at)?;
            self.starts.get(at)?.checked_add(u32::try_from(last.text.len()).ok()?)?.checked_add(1)
        };
        let start = match self.all.len().checked_sub(1) {
            None => Some(0),
            Some(last) => end(last),
        };
        let room = |start: &u32| {
            u32::try_from(source.text.len()).is_ok_and(|len| start.checked_add(len).is_some())
        };
        let Some(start) = start.filter(room) else { return false };
        self.names.entry(name).or_default().push(self.all.len());
        self.starts.push(start);
        self.all.push(source);
        true
    }

    /// The files of all templates, also of those that others of the same name hide.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        self.all.iter().map(|source| source.file)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.names.keys()
    }

    /// The template of this name.
    pub fn get(&self, name: &str) -> Option<&Source> {
        self.all.get(*self.names.get(name)?.first()?)
    }

    /// Every tag of this name, in order of the templates, each once.
    pub fn tags(&self, name: &str) -> impl Iterator<Item = (&Source, &Tag)> {
        let mut seen: BTreeSet<FileId> = BTreeSet::new();
        let once = self.all.iter().filter(move |source| seen.insert(source.file));
        once.flat_map(move |source| {
            let tags = source.tree.walk().filter_map(|node| node.tag());
            tags.filter(move |tag| *tag.name.text == *name).map(move |tag| (source, tag))
        })
    }

    /// The template of this name, and where its positions begin.
    pub(super) fn placed(&self, name: &str) -> Option<(&Source, u32)> {
        self.placed_beside(name, &mut |_| false)
    }

    /// The first template of this name that is none of those passed over, as Django looks for what a
    /// template extends.
    pub(super) fn placed_beside(
        &self,
        name: &str,
        passed_over: &mut dyn FnMut(FileId) -> bool,
    ) -> Option<(&Source, u32)> {
        let mut all = self.names.get(name)?.iter();
        all.find_map(|at| {
            let source = self.all.get(*at).filter(|source| !passed_over(source.file))?;
            Some((source, *self.starts.get(*at)?))
        })
    }

    /// The text at positions among those of all templates, as far as it stands in one.
    pub(super) fn text(&self, range: &Range<u32>) -> &str {
        let at = self.starts.partition_point(|start| *start <= range.start).checked_sub(1);
        let text = at.and_then(|at| {
            let (source, start) = (self.all.get(at)?, *self.starts.get(at)?);
            let local = |position: u32| position.saturating_sub(start) as usize;
            source.text.get(local(range.start)..local(range.end))
        });
        text.unwrap_or_default()
    }

    /// The place that positions among those of all templates stand for. What reaches over the end of a
    /// template ends with it.
    pub(super) fn span(&self, range: &Range<u32>) -> Option<Span> {
        let at = self.starts.partition_point(|start| *start <= range.start).checked_sub(1)?;
        let (source, start) = (self.all.get(at)?, *self.starts.get(at)?);
        let most = u32::try_from(source.text.len()).ok()?;
        let local = |position: u32| position.saturating_sub(start).min(most);
        let (from, to) = (local(range.start), local(range.end));
        Some(Span::new(source.file, TextRange::new(from.into(), to.max(from).into())))
    }
}
