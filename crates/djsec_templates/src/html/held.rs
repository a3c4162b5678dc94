//! Text that may turn out to be part of what ends it.

use std::ops::Range;

use super::element::{Run, Sink};

/// Stretches of text at the end of what has been read, such as `</scr` in a script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Held(Vec<Range<u32>>);

impl Held {
    /// Where the first of them begins.
    pub(super) fn start(&self) -> Option<u32> {
        self.0.first().map(|span| span.start)
    }

    pub(super) fn hold(&mut self, span: Range<u32>) {
        if span.is_empty() {
            return;
        }
        if let Some(last) = self.0.last_mut()
            && last.end == span.start
        {
            last.end = span.end;
        } else {
            self.0.push(span);
        }
    }

    /// They are text.
    pub(super) fn release(&mut self, run: Run, out: &mut impl Sink) {
        for span in self.0.drain(..) {
            out.run(run, span);
        }
    }

    /// They are not.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
