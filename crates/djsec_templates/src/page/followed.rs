//! Addresses that a program in a page has the browser follow: `window.open("{{ url }}")`,
//! `location.href = "{{ url }}"`. Escaping leaves `javascript:` as it is, there as in a link.

use std::ops::Range;

use crate::script::{Piece, Program, TokenKind};

/// What is put in where an address begins that is followed.
pub(super) struct Address {
    /// The piece of the program that it is.
    pub(super) piece: usize,
    /// Whether it is opened in a window that keeps a handle on this one.
    pub(super) keeps_opener: bool,
}

/// Those of a program, whose pieces are text, or something that is put in.
pub(super) fn addresses(pieces: &[Option<&str>]) -> Vec<Address> {
    let mut texts = pieces.iter().flatten();
    let has_value = pieces.iter().any(Option::is_none);
    // Nearly all programs have neither.
    if !has_value || !texts.any(|text| text.contains("location") || text.contains("window.open")) {
        return Vec::new();
    }
    let parts: Vec<Piece<'_>> =
        pieces.iter().map(|piece| piece.map_or(Piece::Value, Piece::Text)).collect();
    let reader = Reader { program: Program::new(&parts) };
    (0..reader.program.tokens().len()).filter_map(|at| reader.address(at)).collect()
}

struct Reader {
    program: Program,
}

impl Reader {
    /// The address that is followed by what a token ends: `(` of a call, `=` of an assignment.
    fn address(&self, at: usize) -> Option<Address> {
        let token = self.program.tokens().get(at)?;
        if token.is_sign("(") {
            self.called(at)
        } else if token.is_sign("=") {
            self.assigned(at)
        } else {
            None
        }
    }

    fn called(&self, open: usize) -> Option<Address> {
        let (names, _) = self.program.callee(open)?;
        let opens = names.as_slice() == ["window", "open"];
        let leaves = matches!(names.as_slice(), [on @ .., "assign" | "replace"] if is_location(on));
        if !opens && !leaves {
            return None;
        }
        let arguments = self.program.list(open)?;
        let piece = self.begins_with(arguments.first()?.start)?;
        Some(Address { piece, keeps_opener: opens && self.keeps_opener(&arguments) })
    }

    /// `location.href = "…"`, `window.location = "…"`.
    fn assigned(&self, equals: usize) -> Option<Address> {
        let (names, _) = self.program.callee(equals)?;
        let leaves = match names.as_slice() {
            [on @ .., "href"] => is_location(on),
            // A name of one's own may be called that.
            on => on.len() > 1 && is_location(on),
        };
        let piece = leaves.then(|| self.begins_with(equals + 1))??;
        Some(Address { piece, keeps_opener: false })
    }

    /// The piece that is put in at the beginning of the string at this place.
    fn begins_with(&self, at: usize) -> Option<usize> {
        let token = self.program.tokens().get(at)?;
        token.value.filter(|_| token.kind == TokenKind::Text && token.text.is_empty())
    }

    /// Whether a window is another one, which is not told to forget who opened it.
    fn keeps_opener(&self, arguments: &[Range<usize>]) -> bool {
        let target = arguments.get(1).map_or(Some("_blank"), |target| self.program.text(target));
        let other = target.is_some_and(|name| !matches!(name, "_self" | "_parent" | "_top"));
        let features = arguments.get(2).map_or(Some(""), |all| self.program.text(all));
        other
            && features.is_some_and(|all| !all.contains("noopener") && !all.contains("noreferrer"))
    }
}

/// Whether names are those of the address that a window shows.
fn is_location(names: &[&str]) -> bool {
    match names {
        ["location"] => true,
        [on, "location"] => matches!(*on, "window" | "document" | "self" | "top" | "parent"),
        _ => false,
    }
}
