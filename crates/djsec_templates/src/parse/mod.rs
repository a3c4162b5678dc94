//! Reads a template as `django.template.base.Parser` does, and goes on where that gives up.

mod ends;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use djsec_base::TextRange;

use crate::error::{Error, ErrorCode, Fault};
use crate::filter::{self, Place};
use crate::frame::{Close, Frame};
use crate::guess;
use crate::library::{Knowledge, Meaning, Scope, TagShape};
use crate::python::{self, first_word, range};
use crate::tags::{self, Form, Memory, Reader, Structure};
use crate::token::{Token, TokenKind, tokenize};
use crate::tree::{Node, NodeKind, Tag, Template, Word};

/// Blocks in each other are read up to here: Django cannot read half as many again.
pub const MAX_DEPTH: usize = 400;
/// More errors than this are not kept.
pub const MAX_ERRORS: usize = 100;

/// Reads a template. Never fails, and never takes more than a few seconds.
pub fn parse(source: &str, knowledge: &dyn Knowledge) -> Template {
    let (tokens, cut) = tokenize(source);
    let scope = Scope::new(knowledge);
    let guessed = guess::blocks(source, &tokens, &scope);
    let mut parser = Parser {
        source,
        tokens: &tokens,
        at: 0,
        frames: vec![Frame::root()],
        scope,
        memory: Memory::default(),
        guessed,
        errors: Vec::new(),
    };
    parser.run();
    if cut && let Some(last) = tokens.last() {
        parser.error(last, Fault::new(ErrorCode::Limit, "more tags than are read"));
    }
    parser.finish()
}

struct Parser<'s, 'k> {
    source: &'s str,
    tokens: &'s [Token],
    at: usize,
    frames: Vec<Frame>,
    scope: Scope<'k>,
    memory: Memory,
    guessed: BTreeSet<usize>,
    errors: Vec<Error>,
}

impl Parser<'_, '_> {
    fn run(&mut self) {
        while let Some(token) = self.next() {
            match token.kind {
                TokenKind::Text => self.append(NodeKind::Text, token.span),
                TokenKind::Comment => self.append(NodeKind::Comment, token.span),
                TokenKind::Variable => self.variable(&token),
                TokenKind::Block => self.block(&token),
            }
        }
    }

    fn finish(mut self) -> Template {
        while self.frames.len() > 1 {
            self.unclosed();
            self.close(None);
        }
        let nodes = self.frames.pop().map(|root| root.nodes).unwrap_or_default();
        Template { nodes, errors: self.errors, loads: self.memory.loads }
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    fn error(&mut self, token: &Token, fault: Fault) {
        if self.errors.len() < MAX_ERRORS {
            let Fault { code, message } = fault;
            let certain = self.scope.whole;
            let Token { span, line, .. } = *token;
            self.errors.push(Error { code, message, span, line, certain });
        }
    }

    /// Adds a node to the block that is being read.
    fn append(&mut self, kind: NodeKind, span: TextRange) {
        let nontext = matches!(kind, NodeKind::Variable(_) | NodeKind::Tag(_));
        if let Some(frame) = self.frames.last_mut() {
            frame.nontext |= nontext;
            frame.nodes.push(Node { kind, span });
        }
    }

    fn variable(&mut self, token: &Token) {
        let (contents, base) = token.contents(self.source);
        let (expression, fault) = filter::compile(contents, Place::At(base), &self.scope);
        if contents.is_empty() {
            let message = format!("Empty variable tag on line {}", token.line);
            self.error(token, Fault::new(ErrorCode::EmptyVariable, message));
        } else if let Some(fault) = fault {
            self.error(token, fault);
        }
        self.append(NodeKind::Variable(expression), token.span);
    }

    fn block(&mut self, token: &Token) {
        let name = first_word(token.contents(self.source).0);
        if name.is_empty() {
            let message = format!("Empty block tag on line {}", token.line);
            return self.error(token, Fault::new(ErrorCode::EmptyTag, message));
        }
        if self.accepts(0, name) {
            return self.divide_or_close(token, name);
        }
        let (absent, meaning) = self.scope.tag(name);
        let unknown = meaning == Meaning::Unknown;
        let mut levels = 1..self.frames.len();
        let outer = levels.find(|level| unknown && self.accepts(*level, name));
        if absent || outer.is_some() || unknown && is_divider(name) {
            let expected = self.frames.last().map(|frame| frame.close.expected());
            self.invalid(token, name, &expected.unwrap_or_default());
        }
        // A tag that ends an outer block ends what was not ended inside of it.
        if let Some(levels) = outer {
            for _ in 0..levels {
                self.close(None);
            }
            return self.divide_or_close(token, name);
        }
        match meaning {
            Meaning::Django => self.django(token, name),
            Meaning::Shape(shape) => self.custom(token, name, shape),
            Meaning::Namesake if self.is_namesake(name) => self.django(token, name),
            Meaning::Unknown if self.guessed.contains(&(self.at - 1)) => {
                let end = format!("end{name}").into();
                let tag = self.foreign(token, name);
                self.open(tag, token, Close::Guessed(end), None);
            }
            Meaning::Unknown | Meaning::Namesake => self.custom(token, name, TagShape::Simple),
        }
    }

    /// Whether the tag that is read goes on as the tag of Django with its name does.
    fn is_namesake(&self, name: &str) -> bool {
        tags::structure(name) == Structure::Simple || self.guessed.contains(&(self.at - 1))
    }

    /// Whether the block that many levels up goes on or ends at a tag of that name.
    fn accepts(&self, level: usize, name: &str) -> bool {
        let frame = self.frames.len().checked_sub(level + 1).and_then(|at| self.frames.get(at));
        frame.is_some_and(|frame| frame.close.accepts(name))
    }

    fn invalid(&mut self, token: &Token, name: &str, expected: &[String]) {
        let quoted: Vec<String> = expected.iter().map(|name| format!("'{name}'")).collect();
        let list = match quoted.as_slice() {
            [] => String::new(),
            [one] => format!(", expected {one}"),
            [rest @ .., last] => format!(", expected {} or {last}", rest.join(", ")),
        };
        let message = format!(
            "Invalid block tag on line {}: '{name}'{list}. Did you forget to register or load this tag?",
            token.line
        );
        self.error(token, Fault::new(ErrorCode::InvalidTag, message));
    }

    /// The innermost block has no end.
    fn unclosed(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let expected = frame.close.expected();
        let (Some(tag), Some(token)) = (&frame.tag, frame.token) else { return };
        if !expected.is_empty() {
            let fault = unclosed(token.line, &tag.name.text, &expected.join(", "));
            self.error(&token, fault);
        }
    }

    /// `token.split_contents()`; none where that fails.
    fn words(&mut self, token: &Token) -> Option<Vec<Word>> {
        let (contents, base) = token.contents(self.source);
        let mut words = python::split_contents(contents, base)?;
        if words.len() >= python::MAX_WORDS {
            self.error(token, Fault::new(ErrorCode::Limit, "more words in a tag than are read"));
        }
        words.drain(..1.min(words.len()));
        Some(words)
    }

    fn name(&self, token: &Token, name: &str) -> Word {
        let (_, base) = token.contents(self.source);
        Word { text: name.into(), span: range(base, base + name.len()) }
    }

    fn tag(&self, token: &Token, name: &str, args: Vec<Word>, form: Form) -> Tag {
        let name = self.name(token, name);
        Tag { name, args, head: token.span, line: token.line, form, branches: Vec::new() }
    }

    /// A tag of which nothing but its reach is known.
    fn foreign(&mut self, token: &Token, name: &str) -> Tag {
        let args = self.words(token).unwrap_or_else(|| {
            let (contents, base) = token.contents(self.source);
            python::split(contents, base).split_off(1)
        });
        let mut tag = self.tag(token, name, args, Form::Custom);
        if let Some(own) = self.scope.own_tag(name) {
            tag.name.text = own.into();
        }
        tag
    }

    /// Reads words; what is wrong with them is said at the tag `at`.
    fn read<T>(
        &mut self,
        token: &Token,
        args: Option<&[Word]>,
        at: &Token,
        what: impl FnOnce(&mut Reader<'_, '_>) -> Result<T, Fault>,
    ) -> Option<T> {
        let (contents, base) = token.contents(self.source);
        let (scope, memory) = (&mut self.scope, &mut self.memory);
        let span = token.span;
        let mut reader = Reader { scope, memory, args, contents, base, span, fault: None };
        let result = what(&mut reader);
        let soft = reader.fault.take();
        let (value, hard) = match result {
            Ok(value) => (Some(value), None),
            Err(fault) => (None, Some(fault)),
        };
        if let Some(fault) = soft.or(hard) {
            self.error(at, fault);
        }
        value
    }

    fn form(&mut self, token: &Token, name: &str, args: Option<&[Word]>) -> Form {
        self.read(token, args, token, |reader| tags::form(reader, name)).unwrap_or(Form::Malformed)
    }

    fn django(&mut self, token: &Token, name: &str) {
        let args = self.words(token);
        let structure = tags::structure(name);
        let late = matches!(structure, Structure::LateUntil(_) | Structure::IfChanged);
        let form = if late { Form::Plain } else { self.form(token, name, args.as_deref()) };
        let named = match &form {
            Form::Block { name } | Form::PartialDef { name, .. } => name.text.clone(),
            _ => Box::default(),
        };
        let condition = (structure == Structure::If)
            .then(|| self.condition(token, args.as_deref(), token))
            .flatten();
        let tag = self.tag(token, name, args.unwrap_or_default(), form);
        match structure {
            Structure::Simple => self.append(NodeKind::Tag(Box::new(tag)), token.span),
            Structure::Comment => self.skip(tag, token, "endcomment"),
            Structure::Translate => self.translate(tag, token),
            structure => self.open(tag, token, Close::of(structure, named), condition),
        }
    }

    fn custom(&mut self, token: &Token, name: &str, shape: TagShape) {
        let tag = self.foreign(token, name);
        match shape {
            TagShape::Simple | TagShape::Unknown => {
                self.append(NodeKind::Tag(Box::new(tag)), token.span);
            }
            TagShape::Block { end, between } => {
                self.open(tag, token, Close::Custom { end, between }, None);
            }
            TagShape::Raw { end } => self.skip(tag, token, &end),
        }
    }

    /// Begins a block. One that lies too deep ends the reading.
    fn open(
        &mut self,
        mut tag: Tag,
        token: &Token,
        close: Close,
        condition: Option<tags::Condition>,
    ) {
        if self.frames.len() > MAX_DEPTH {
            let message = "blocks deeper in each other than are read";
            self.error(token, Fault::new(ErrorCode::Limit, message));
            self.at = self.tokens.len();
            let rest = range(token.span.start().into(), self.source.len());
            return self.append(NodeKind::Text, rest);
        }
        let branch = self.branch(token, &tag.name.text, Some(&tag.args), condition);
        tag.branches.push(branch);
        self.frames.push(Frame::of(tag, *token, close));
    }

    fn condition(
        &mut self,
        token: &Token,
        args: Option<&[Word]>,
        at: &Token,
    ) -> Option<tags::Condition> {
        self.read(token, args, at, |reader| {
            let words = reader.args()?;
            tags::condition(reader, words)
        })
    }
}

/// Tags that only divide or end Django's own blocks.
fn is_divider(name: &str) -> bool {
    matches!(name, "elif" | "else" | "empty" | "plural")
        || name.strip_prefix("end").is_some_and(|name| tags::structure(name) != Structure::Simple)
}

fn unclosed(line: u32, name: &str, expected: &str) -> Fault {
    let message = format!("Unclosed tag on line {line}: '{name}'. Looking for one of: {expected}.");
    Fault::new(ErrorCode::UnclosedTag, message)
}
