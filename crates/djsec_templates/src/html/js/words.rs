//! Words of JavaScript, and what may follow what.

/// What stands before a place in code, as far as it tells what may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Previous {
    /// Nothing, or what ends a statement: `;`, a block, the head of an `if`. A statement follows.
    Statement,
    /// A sign after which a value follows.
    Operator,
    /// A word after which a value follows: `return`.
    Keyword,
    /// A word with a head in parentheses: `if`.
    Head,
    /// A word after which a statement follows: `else`.
    Else,
    Colon,
    Arrow,
    Dot,
    /// A word that is a value: a name or a number.
    Name,
    /// A closing parenthesis that is not of a head.
    Close,
    /// Any other end of a value.
    Value,
}

impl Previous {
    /// Whether a value can follow, so that a slash begins a regular expression.
    pub(super) const fn wants_value(self) -> bool {
        match self {
            Self::Statement
            | Self::Operator
            | Self::Keyword
            | Self::Head
            | Self::Else
            | Self::Colon
            | Self::Arrow => true,
            Self::Dot | Self::Name | Self::Close | Self::Value => false,
        }
    }
}

/// Bytes kept of a word: those of `instanceof` and one more.
const LONGEST: usize = 11;

/// The word that is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Word {
    bytes: [u8; LONGEST],
    length: u8,
    /// The name of a member, which is never a keyword.
    member: bool,
}

impl Word {
    /// Reads a byte; `previous` stands before the word if this is its first.
    pub(super) fn read(&mut self, byte: u8, previous: Previous) {
        if self.length == 0 {
            self.member = previous == Previous::Dot;
        }
        if let Some(place) = self.bytes.get_mut(usize::from(self.length)) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Ends the word, if there is one; what it is to what follows.
    pub(super) fn end(&mut self) -> Option<Previous> {
        if self.length == 0 {
            return None;
        }
        let word = std::mem::take(self);
        let bytes = word.bytes.get(..usize::from(word.length)).unwrap_or_default();
        Some(if word.member { Previous::Name } else { of_word(bytes) })
    }
}

/// From ECMAScript, "Keywords and Reserved Words"; `of` is an operator nearly wherever it is written.
fn of_word(word: &[u8]) -> Previous {
    match word {
        b"return" | b"typeof" | b"instanceof" | b"in" | b"of" | b"new" | b"delete" | b"void"
        | b"throw" | b"case" | b"await" | b"yield" | b"default" | b"extends" => Previous::Keyword,
        b"if" | b"while" | b"for" | b"with" => Previous::Head,
        b"else" | b"do" | b"try" | b"finally" => Previous::Else,
        _ => Previous::Name,
    }
}

/// Bytes of names and numbers; what is not ASCII counts as a letter.
pub(super) const fn is_word(byte: u8) -> bool {
    matches!(
        byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'#' | b'\\' | b'@' | 0x80..
    )
}
