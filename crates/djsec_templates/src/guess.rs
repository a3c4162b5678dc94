//! Which tags that are not surely known are blocks: those whose `end…` stands where it could end them.

use std::collections::{BTreeMap, BTreeSet};

use crate::library::{Meaning, Scope, TagShape};
use crate::python::first_word;
use crate::tags::{Structure, structure};
use crate::token::{Token, TokenKind};

/// The tokens that begin such blocks, by their number.
pub(crate) fn blocks(source: &str, tokens: &[Token], scope: &Scope<'_>) -> BTreeSet<usize> {
    let names = candidates(source, tokens, scope);
    if names.is_empty() {
        return BTreeSet::new();
    }
    let mut pairing = Pairing::default();
    let mut raw: Option<Box<str>> = None;
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Block {
            continue;
        }
        let contents = token.contents(source).0;
        if let Some(end) = &raw {
            raw = raw.as_deref().filter(|_| contents != &**end).map(Box::from);
            continue;
        }
        let name = first_word(contents);
        if pairing.close(name) {
            continue;
        }
        match reach(name, scope) {
            Reach::Raw(end) => raw = Some(end),
            Reach::Block(end) => pairing.open(end, index, true),
            Reach::Unknown if names.contains(name) => {
                pairing.open(format!("end{name}").into(), index, false);
            }
            Reach::Unknown | Reach::Simple => {}
        }
    }
    pairing.found
}

/// The names that nobody knows and for which there is an `end…`.
fn candidates<'s>(source: &'s str, tokens: &[Token], scope: &Scope<'_>) -> BTreeSet<&'s str> {
    let blocks = tokens.iter().filter(|token| token.kind == TokenKind::Block);
    let names = blocks.filter_map(|token| first_word(token.contents(source).0).strip_prefix("end"));
    let mut unknown = BTreeSet::new();
    let mut known = BTreeSet::new();
    for name in names {
        if !known.contains(name) && !unknown.contains(name) {
            let set = match reach(name, scope) {
                Reach::Unknown if !name.is_empty() => &mut unknown,
                _ => &mut known,
            };
            set.insert(name);
        }
    }
    unknown
}

enum Reach {
    Simple,
    Block(Box<str>),
    Raw(Box<str>),
    Unknown,
}

fn reach(name: &str, scope: &Scope<'_>) -> Reach {
    match scope.tag(name).1 {
        Meaning::Unknown | Meaning::Namesake => Reach::Unknown,
        Meaning::Shape(TagShape::Simple | TagShape::Unknown) => Reach::Simple,
        Meaning::Shape(TagShape::Block { end, .. }) => Reach::Block(end),
        Meaning::Shape(TagShape::Raw { end }) => Reach::Raw(end),
        Meaning::Django => match structure(name) {
            Structure::Simple | Structure::Extends => Reach::Simple,
            Structure::Comment => Reach::Raw("endcomment".into()),
            _ => Reach::Block(format!("end{name}").into()),
        },
    }
}

struct Open {
    end: Box<str>,
    index: usize,
    known: bool,
}

#[derive(Default)]
struct Pairing {
    open: Vec<Open>,
    /// The open ones that await each end, by their place among the open.
    awaited: BTreeMap<Box<str>, Vec<usize>>,
    /// The open ones that are known to be blocks.
    known: Vec<usize>,
    found: BTreeSet<usize>,
}

impl Pairing {
    fn open(&mut self, end: Box<str>, index: usize, known: bool) {
        let place = self.open.len();
        self.awaited.entry(end.clone()).or_default().push(place);
        if known {
            self.known.push(place);
        }
        self.open.push(Open { end, index, known });
    }

    /// Ends the innermost block that awaits this tag, unless a known block that is still open lies between.
    fn close(&mut self, name: &str) -> bool {
        let Some(&place) = self.awaited.get(name).and_then(|places| places.last()) else {
            return false;
        };
        let known = self.open.get(place).is_some_and(|open| open.known);
        if !known && self.known.last().is_some_and(|known| *known > place) {
            return false;
        }
        while self.open.len() > place + 1 {
            self.pop();
        }
        if let Some(open) = self.pop().filter(|open| !open.known) {
            self.found.insert(open.index);
        }
        true
    }

    fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        if let Some(places) = self.awaited.get_mut(&open.end) {
            places.pop();
        }
        if open.known {
            self.known.pop();
        }
        Some(open)
    }
}
