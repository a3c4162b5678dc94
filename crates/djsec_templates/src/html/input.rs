//! The literal text that is being read.

use std::ops::Range;

/// A cursor in a run of text.
///
/// It only ever stops before or after an ASCII byte, or at the end, so that what lies between two
/// stops is text.
pub(super) struct Input<'a> {
    text: &'a str,
    at: usize,
    offset: u32,
}

impl<'a> Input<'a> {
    pub(super) const fn new(text: &'a str, offset: u32) -> Self {
        Self { text, at: 0, offset }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) const fn bump(&mut self) {
        self.at += 1;
    }

    /// Bytes from the cursor on.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Moves over the next `length` bytes, or over all if there is no length.
    pub(super) fn skip(&mut self, length: Option<usize>) {
        self.at = length.map_or(self.text.len(), |length| self.at + length).min(self.text.len());
    }

    /// Moves to the first byte that `stops`, or to the end; the text on the way.
    pub(super) fn until(&mut self, stops: impl Fn(u8) -> bool) -> &'a str {
        let from = self.at;
        self.skip(self.rest().iter().position(|byte| stops(*byte)));
        self.since(from)
    }

    pub(super) fn skip_space(&mut self) {
        self.until(|byte| !is_space(byte));
    }

    /// The text from a place where the cursor was.
    pub(super) fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// The position of the cursor, as the caller counts.
    pub(super) fn position(&self) -> u32 {
        self.position_of(self.at)
    }

    pub(super) fn position_of(&self, at: usize) -> u32 {
        self.offset.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    }

    pub(super) fn span(&self, range: Range<usize>) -> Range<u32> {
        self.position_of(range.start)..self.position_of(range.end)
    }
}

/// White space to HTML's tokenizer, which sees no carriage returns: they are line feeds by then.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}
