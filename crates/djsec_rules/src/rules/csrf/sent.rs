//! What requests carry, and where they go to, as far as it is written out.

use std::ops::Range;

use djsec_templates::script::{Entry, TokenKind};

use super::scripts::{Address, Reader};

/// Headers that say nothing about who sends a request.
pub(super) const PLAIN: [&str; 6] =
    ["content-type", "accept", "x-requested-with", "cache-control", "pragma", "accept-language"];

impl Reader<'_> {
    pub(super) fn has_plain_headers(&self, options: &[Entry]) -> bool {
        let Some(headers) = entry(options, "headers") else { return true };
        self.program.object(headers).is_some_and(|headers| {
            headers.iter().all(|header| {
                let key = header.key.as_deref().unwrap_or_default().to_ascii_lowercase();
                PLAIN.contains(&key.as_str())
            })
        })
    }

    /// A body in which no field can be the token: `JSON.stringify(…)`, or a text.
    pub(super) fn is_plain_body(&self, body: &Range<usize>) -> bool {
        let json = self.program.part(body).iter().take(4).map(|token| token.text.as_str());
        json.eq(["JSON", ".", "stringify", "("])
            || self.program.one(body).is_some_and(|token| token.is_word("null"))
            || self.program.text(body).is_some()
    }

    /// Data whose fields are all written out.
    pub(super) fn is_plain_data(&self, data: &Range<usize>) -> bool {
        let written = self.program.object(data).is_some_and(|fields| all_known(&fields));
        written || self.is_plain_body(data)
    }

    pub(super) fn is_function(&self, range: &Range<usize>) -> bool {
        let part = self.program.part(range);
        let arrow = part.windows(2).any(|two| match two {
            [one, other] => one.is_sign("=") && other.is_sign(">"),
            _ => false,
        });
        arrow || part.first().is_some_and(|token| token.is_word("function"))
    }

    /// An address that surely is one of this site.
    pub(super) fn address(&self, range: &Range<usize>) -> Option<Address> {
        let (token, more) = match self.program.part(range) {
            [token] => (token, false),
            // A text to which something is added, or a template with something in it.
            [token, next, ..] if next.is_sign("+") || next.is_sign("(") => (token, true),
            _ => return None,
        };
        if !matches!(token.kind, TokenKind::Text | TokenKind::Template) {
            return None;
        }
        match token.value {
            Some(piece) if token.text.is_empty() && !more => Some(Address::Piece(piece)),
            value if token.text.starts_with('/') && !token.text.starts_with("//") => {
                // `/${x}` may be `//elsewhere`.
                let whole = value.is_none() && !more;
                (whole || token.text.len() > 1)
                    .then(|| Address::Path { text: token.text.clone(), whole })
            }
            _ => None,
        }
    }
}

/// The value of a key.
pub(super) fn entry<'e>(entries: &'e [Entry], key: &str) -> Option<&'e Range<usize>> {
    let mut named = entries.iter().filter(|entry| entry.key.as_deref() == Some(key));
    named.next_back().map(|entry| &entry.value)
}

/// Whether each entry is a key with a value.
pub(super) fn all_known(entries: &[Entry]) -> bool {
    entries.iter().all(|entry| entry.key.is_some())
}
