//! Places in JavaScript: strings, templates, comments, and regular expressions told from divisions by
//! what stands before the slash.

pub(super) mod tokens;
mod words;

use super::LETTER;
use super::place::JsPlace;
use words::{Previous, Word};

/// Brackets that are kept; what is nested deeper has no known place.
const LEVELS: usize = 256;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Dialect {
    /// Statements. `<!--` begins a comment, for the sake of browsers of the last century.
    Script,
    /// Statements of a module.
    Module,
    /// One expression.
    Expression,
}

/// A reader of JavaScript, as a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Js {
    mode: Mode,
    previous: Previous,
    word: Word,
    signs: Signs,
    levels: Vec<Level>,
    /// Only blanks and comments stand before this on its line.
    line_start: bool,
    html_comments: bool,
    /// Nested too deep.
    lost: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Mode {
    Bare,
    /// `/` has been read.
    Slash,
    Text {
        quote: u8,
        escape: Escape,
    },
    Template {
        escaped: bool,
        dollar: bool,
    },
    RegExp {
        escaped: bool,
        class: bool,
    },
    /// With the bytes read of U+2028 or U+2029, which end a line.
    LineComment(u8),
    BlockComment {
        star: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Escape {
    No,
    Yes,
    /// A carriage return after a backslash, whose line feed belongs to it.
    Return,
}

/// A bracket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Level {
    /// Of the head of an `if`, `while`, `for` or `with`, after which a statement follows?
    Parenthesis {
        head: bool,
    },
    Bracket,
    Block,
    Object,
    /// `${` in a template.
    Interpolation,
}

/// Signs that follow each other without a blank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Signs {
    /// The last four of them.
    bytes: u32,
    /// A value stands before them.
    after_value: bool,
    /// They begin a line.
    line_start: bool,
}

impl Js {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            mode: Mode::Bare,
            previous: match dialect {
                Dialect::Script | Dialect::Module => Previous::Statement,
                Dialect::Expression => Previous::Operator,
            },
            word: Word::default(),
            signs: Signs::default(),
            levels: Vec::new(),
            line_start: true,
            html_comments: dialect == Dialect::Script,
            lost: false,
        }
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        let mut rest = text.iter();
        while let Some(byte) = rest.next() {
            if self.lost {
                return;
            }
            self.byte(*byte);
            let plain = self.plain(rest.as_slice());
            if plain > 0 {
                rest.nth(plain - 1);
            }
        }
    }

    /// Reads an insertion, as if it were a letter.
    pub(super) fn insertion(&mut self) {
        self.text(LETTER.as_bytes());
    }

    /// The place after what has been read, the last of which is a letter.
    pub(super) fn place(&self) -> JsPlace {
        if self.lost {
            return JsPlace::Unknown;
        }
        match self.mode {
            Mode::Bare | Mode::Slash if self.levels.contains(&Level::Interpolation) => {
                JsPlace::TemplateExpression
            }
            Mode::Bare | Mode::Slash => JsPlace::Bare,
            Mode::Text { quote: b'\'', .. } => JsPlace::SingleString,
            Mode::Text { .. } => JsPlace::DoubleString,
            Mode::Template { .. } => JsPlace::TemplateLiteral,
            Mode::RegExp { .. } => JsPlace::RegExp,
            Mode::LineComment(_) => JsPlace::LineComment,
            Mode::BlockComment { .. } => JsPlace::BlockComment,
        }
    }

    /// How many bytes follow that change nothing.
    fn plain(&self, rest: &[u8]) -> usize {
        let next = match self.mode {
            Mode::Text { quote, escape: Escape::No } => {
                rest.iter().position(|byte| *byte == quote || matches!(byte, b'\\' | b'\n' | b'\r'))
            }
            Mode::Template { escaped: false, dollar: false } => {
                memchr::memchr3(b'`', b'\\', b'$', rest)
            }
            Mode::LineComment(0) => memchr::memchr3(b'\n', b'\r', 0xE2, rest),
            Mode::BlockComment { star: false } => memchr::memchr(b'*', rest),
            _ => Some(0),
        };
        next.unwrap_or(rest.len())
    }

    fn byte(&mut self, byte: u8) {
        match self.mode {
            Mode::Bare => self.bare(byte),
            Mode::Slash => self.slash(byte),
            Mode::Text { quote, escape } => self.in_text(quote, escape, byte),
            Mode::Template { escaped, dollar } => self.in_template(escaped, dollar, byte),
            Mode::RegExp { escaped, class } => self.in_regexp(escaped, class, byte),
            Mode::LineComment(read) => self.in_line_comment(read, byte),
            Mode::BlockComment { star } => match byte {
                b'/' if star => self.mode = Mode::Bare,
                _ => self.mode = Mode::BlockComment { star: byte == b'*' },
            },
        }
    }

    fn in_text(&mut self, quote: u8, escape: Escape, byte: u8) {
        let next = match (escape, byte) {
            (Escape::Yes, b'\r') => Escape::Return,
            (Escape::Yes, _) | (Escape::Return, b'\n') => Escape::No,
            (_, b'\\') => Escape::Yes,
            // A line end in a string is an error: the program does not run, and the rest is read as if
            // the string had ended.
            (_, b'\n' | b'\r') => return self.leave(Previous::Value),
            _ if byte == quote => return self.leave(Previous::Value),
            _ => Escape::No,
        };
        self.mode = Mode::Text { quote, escape: next };
    }

    fn in_template(&mut self, escaped: bool, dollar: bool, byte: u8) {
        match byte {
            _ if escaped => self.mode = Mode::Template { escaped: false, dollar: false },
            b'`' => self.leave(Previous::Value),
            b'{' if dollar => {
                self.open(Level::Interpolation);
                self.leave(Previous::Operator);
            }
            _ => self.mode = Mode::Template { escaped: byte == b'\\', dollar: byte == b'$' },
        }
    }

    fn in_regexp(&mut self, escaped: bool, class: bool, byte: u8) {
        let class = match byte {
            // As for strings.
            b'\n' | b'\r' => return self.leave(Previous::Value),
            _ if escaped => class,
            b'[' => true,
            b']' => false,
            b'/' if !class => return self.leave(Previous::Value),
            _ => class,
        };
        self.mode = Mode::RegExp { escaped: !escaped && byte == b'\\', class };
    }

    fn in_line_comment(&mut self, read: u8, byte: u8) {
        self.mode = match (read, byte) {
            (_, b'\n' | b'\r') | (2, 0xA8 | 0xA9) => {
                self.line_start = true;
                Mode::Bare
            }
            (_, 0xE2) => Mode::LineComment(1),
            (1, 0x80) => Mode::LineComment(2),
            _ => Mode::LineComment(0),
        };
    }

    /// Back to code, after `previous`.
    fn leave(&mut self, previous: Previous) {
        self.mode = Mode::Bare;
        self.previous = previous;
    }

    fn slash(&mut self, byte: u8) {
        match byte {
            b'/' => self.mode = Mode::LineComment(0),
            b'*' => self.mode = Mode::BlockComment { star: false },
            _ if self.previous.wants_value() => {
                self.line_start = false;
                self.mode = Mode::RegExp { escaped: false, class: false };
                self.in_regexp(false, false, byte);
            }
            _ => {
                self.line_start = false;
                self.leave(Previous::Operator);
                self.bare(byte);
            }
        }
    }

    fn bare(&mut self, byte: u8) {
        if words::is_word(byte) {
            self.signs = Signs::default();
            self.line_start = false;
            self.word.read(byte, self.previous);
            self.previous = Previous::Name;
            return;
        }
        if let Some(previous) = self.word.end() {
            self.previous = previous;
        }
        match byte {
            b'\n' | b'\r' => {
                self.signs = Signs::default();
                self.line_start = true;
            }
            b' ' | b'\t' | 0x0B | 0x0C => self.signs = Signs::default(),
            // A comment may follow, which changes nothing.
            b'/' => {
                self.signs = Signs::default();
                self.mode = Mode::Slash;
            }
            b'"' | b'\'' | b'`' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => {
                self.signs = Signs::default();
                self.line_start = false;
                self.bracket(byte);
            }
            _ => self.sign(byte),
        }
    }

    fn bracket(&mut self, byte: u8) {
        match byte {
            b'`' => self.mode = Mode::Template { escaped: false, dollar: false },
            b'(' => {
                self.open(Level::Parenthesis { head: self.previous == Previous::Head });
                self.previous = Previous::Operator;
            }
            b'[' => {
                self.open(Level::Bracket);
                self.previous = Previous::Operator;
            }
            b'{' => {
                let block = self.opens_block();
                self.open(if block { Level::Block } else { Level::Object });
                self.previous = if block { Previous::Statement } else { Previous::Operator };
            }
            b')' => {
                let head = self.levels.last() == Some(&Level::Parenthesis { head: true });
                if matches!(self.levels.last(), Some(Level::Parenthesis { .. })) {
                    self.levels.pop();
                }
                self.previous = if head { Previous::Statement } else { Previous::Close };
            }
            b']' => {
                if self.levels.last() == Some(&Level::Bracket) {
                    self.levels.pop();
                }
                self.previous = Previous::Value;
            }
            b'}' => self.close_brace(),
            quote => self.mode = Mode::Text { quote, escape: Escape::No },
        }
    }

    /// Closes the innermost brace, and what is left open in it.
    fn close_brace(&mut self) {
        let brace = |level: &Level| !matches!(level, Level::Parenthesis { .. } | Level::Bracket);
        let Some(at) = self.levels.iter().rposition(brace) else {
            self.previous = Previous::Statement;
            return;
        };
        let level = self.levels.get(at).copied();
        self.levels.truncate(at);
        match level {
            Some(Level::Interpolation) => {
                self.mode = Mode::Template { escaped: false, dollar: false };
            }
            Some(Level::Object) => self.previous = Previous::Value,
            _ => self.previous = Previous::Statement,
        }
    }

    /// Whether `{` begins a block rather than an object.
    fn opens_block(&self) -> bool {
        match self.previous {
            Previous::Operator | Previous::Keyword => false,
            Previous::Colon => matches!(self.levels.last(), None | Some(Level::Block)),
            _ => true,
        }
    }

    fn open(&mut self, level: Level) {
        self.lost |= self.levels.len() >= LEVELS;
        self.levels.push(level);
    }

    fn sign(&mut self, byte: u8) {
        if self.signs.bytes == 0 {
            self.signs.after_value = !self.previous.wants_value();
            self.signs.line_start = self.line_start;
        }
        self.line_start = false;
        self.signs.bytes = self.signs.bytes << 8 | u32::from(byte);
        self.previous = match (self.signs.bytes.to_be_bytes(), byte) {
            ([b'<', b'!', b'-', b'-'], _) if self.html_comments => {
                self.mode = Mode::LineComment(0);
                Previous::Statement
            }
            ([0, b'-', b'-', b'>'], _) if self.html_comments && self.signs.line_start => {
                self.mode = Mode::LineComment(0);
                Previous::Statement
            }
            ([0, 0, b'+', b'+'] | [0, 0, b'-', b'-'], _) if self.signs.after_value => {
                Previous::Value
            }
            ([_, _, b'=', b'>'], _) => Previous::Arrow,
            ([_, b'.', b'.', b'.'], _) => Previous::Operator,
            (_, b'.') => Previous::Dot,
            (_, b';') => Previous::Statement,
            (_, b':') => Previous::Colon,
            _ => Previous::Operator,
        };
        if self.mode != Mode::Bare || byte == b';' {
            self.signs = Signs::default();
        }
    }
}
