//! What ends in sinks, of which a function that calls many others hands much on.

use std::ops::Deref;
use std::sync::Arc;

use djsec_base::Span;
use rustc_hash::FxHashMap;

use crate::Kind;
use crate::taint::{Label, Origin, SEPARATOR};

/// A function keeps at most this many ways into sinks, and as many of what others must not read.
const MOST: usize = 600;
/// In one sink, so many parts of a parameter are told apart.
const MOST_PARTS: usize = 8;

/// Data in a sink.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    pub(crate) kind: Kind,
    /// The argument that is the sink's.
    pub(crate) place: Span,
    /// What is called: `execute`, `subprocess.run`.
    pub(crate) callee: Arc<str>,
    /// What the argument is for the sink, for people.
    pub(crate) words: Arc<str>,
    /// Whether it is a sink for sure, rather than by a method's name.
    pub(crate) sure: bool,
    /// Whether it is a parameter as it was given, of which only the caller knows what it is: a name, a file.
    pub(crate) itself: bool,
    /// Under which conditions it is run, on every way to it.
    pub(crate) under: Vec<Under>,
    /// The data.
    pub(crate) label: Label,
}

/// A condition on a parameter, or on an attribute of one: `.external`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Under {
    pub(crate) parameter: u16,
    pub(crate) path: Arc<str>,
    pub(crate) holds: bool,
}

impl Hit {
    /// The same comes here on another way, too. Of what comes from outside, into one sink, the one that says
    /// most is enough.
    fn meet(&mut self, mut other: Self) {
        let rank =
            |hit: &Self| (hit.label.origin.grade(), hit.label.doubt, hit.label.trail.length());
        if rank(&other) < rank(self) {
            other.also(self);
            *self = other;
        } else {
            self.also(&other);
        }
    }

    /// There is another way to it, under other conditions: what holds on both is left.
    fn also(&mut self, other: &Self) {
        self.under.retain(|one| other.under.contains(one));
        self.itself &= other.itself;
    }
}

/// Ways into sinks, in the order in which they were found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hits {
    all: Vec<Hit>,
    /// The positions of those of one kind in one place.
    at: FxHashMap<(Kind, Span), Vec<usize>>,
}

impl PartialEq for Hits {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl Deref for Hits {
    type Target = [Hit];

    fn deref(&self) -> &[Hit] {
        &self.all
    }
}

impl Hits {
    pub(crate) fn into_all(self) -> Vec<Hit> {
        self.all
    }

    /// Adds one, unless what is known says as much; whether there was room for it.
    pub(crate) fn add(&mut self, mut hit: Hit) -> bool {
        if let Some((at, path)) = self.told_apart(&hit) {
            hit.label.origin = Origin::Parameter(at, Some(path));
            let covers = |known: &Hit| {
                known.label.origin.parameter() == Some(at)
                    && known.label.origin.covers(&hit.label.origin)
                    && known.label.doubt <= hit.label.doubt
            };
            if let Some(known) = self.first_here(&hit, covers) {
                known.also(&hit);
                return true;
            }
        }
        let same = |known: &Hit| {
            known.label.origin == hit.label.origin
                || known.label.origin.grade().is_some() && hit.label.origin.grade().is_some()
        };
        if let Some(known) = self.first_here(&hit, same) {
            known.meet(hit);
            return true;
        }
        if self.is_full_of(hit.kind) {
            return false;
        }
        self.at.entry((hit.kind, hit.place)).or_default().push(self.all.len());
        self.all.push(hit);
        true
    }

    /// The positions of what ends as the same in the same place.
    fn here(&self, hit: &Hit) -> &[usize] {
        self.at.get(&(hit.kind, hit.place)).map_or(&[], Vec::as_slice)
    }

    fn first_here(&mut self, hit: &Hit, is: impl Fn(&Hit) -> bool) -> Option<&mut Hit> {
        let at = *self.here(hit).iter().find(|at| self.all.get(**at).is_some_and(&is))?;
        self.all.get_mut(at)
    }

    /// The parameter and the part of it that ends here, as far as it is told from others: of many parts of one
    /// thing it is enough to say that it is among them.
    fn told_apart(&self, hit: &Hit) -> Option<(u16, Arc<str>)> {
        let Origin::Parameter(at, Some(path)) = &hit.label.origin else { return None };
        let known = self.here(hit).iter().filter_map(|at| self.all.get(*at));
        let path = match known.filter(|hit| hit.label.origin.parameter() == Some(*at)).count() {
            0..MOST_PARTS => Arc::clone(path),
            _ => Arc::from(path.split(SEPARATOR).next().unwrap_or_default()),
        };
        Some((*at, path))
    }

    /// Whether there are as many as are kept.
    fn is_full_of(&self, kind: Kind) -> bool {
        self.all.len() >= MOST && {
            let alike = |known: &&Hit| known.kind.is_about_readers() == kind.is_about_readers();
            self.all.iter().filter(alike).count() >= MOST
        }
    }
}
