//! The language of Jinja, read into the same trees as Django's: what Jinja has besides is written as what comes
//! nearest to it where a value comes from, where it is written out, and whether it is escaped.

pub use lower::{FILTER, FUNCTION, PREFIXED, added_name};
pub(crate) use lower::{KWARGS, VARARGS};

mod expr;
mod lex;
mod lower;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use djsec_base::TextRange;

use crate::error::{Error, ErrorCode};
use crate::python::range;
use crate::tags::{Condition, Form};
use crate::tree::{Branch, Node, NodeKind, Tag, Template, Word};
use expr::Reader;
use lex::{Kind, Part, Token, tokens};
use lower::{Lowering, nothing};

/// Blocks are not read deeper in each other than this.
const DEEPEST: usize = 100;

/// What a project adds to the language.
pub trait Added {
    /// Whether it makes a filter of this name.
    fn is_filter(&self, _name: &str) -> bool {
        false
    }

    /// Whether it makes a function of this name that every template may call.
    fn is_function(&self, _name: &str) -> bool {
        false
    }
}

/// Nothing is added.
impl Added for () {}

/// Reads a template of Jinja. Nothing fails: what Jinja would refuse is a tag of which nothing is known, or a value
/// that comes from nowhere.
pub fn parse(source: &str, added: &dyn Added) -> Template {
    parse_child(source, added, &BTreeSet::new())
}

/// Reads a template that extends others, with the names of the macros that it has from these.
pub fn parse_child(source: &str, added: &dyn Added, macros: &BTreeSet<Box<str>>) -> Template {
    let parts = lex::parts(source).into_iter().map(|part| (words(source, &part), part));
    let parts: Vec<(Vec<Token>, Part)> = parts.collect();
    let mut known = Known::of(&parts);
    known.macros.extend(macros.iter().cloned());
    let root = Frame { tag: None, nodes: Vec::new(), end: Box::default() };
    let mut builder = Builder {
        source,
        added,
        known,
        frames: vec![root],
        errors: Vec::new(),
        line: 1,
        counted: 0,
    };
    for (words, part) in &parts {
        if !builder.part(part, words) {
            break;
        }
    }
    builder.finish()
}

/// The names of macros, or of templates full of them, that a template makes or imports: those that extend it see
/// them, too.
pub fn macros(template: &Template) -> BTreeSet<Box<str>> {
    let mut names = BTreeSet::new();
    for tag in template.walk().filter_map(Node::tag) {
        match &tag.form {
            Form::Macro { name, .. } => {
                names.insert(name.text.clone());
            }
            Form::Import(import) => {
                names.extend(import.names.iter().map(|(_, here)| here.text.clone()));
                names.extend(import.module.iter().map(|module| module.text.clone()));
            }
            _ => {}
        }
    }
    names
}

/// The words of a part; none where one of them is no word.
fn words(source: &str, part: &Part) -> Vec<Token> {
    match part.kind {
        Kind::Variable | Kind::Block => tokens(source, part.inner).unwrap_or_default(),
        Kind::Text | Kind::Comment => Vec::new(),
    }
}

/// What a template says anywhere of names.
struct Known {
    /// Names that stand for macros, or for templates full of them.
    macros: BTreeSet<Box<str>>,
    /// The first words of all tags.
    tags: BTreeSet<Box<str>>,
}

impl Known {
    fn of(parts: &[(Vec<Token>, Part)]) -> Self {
        let mut this = Self { macros: BTreeSet::new(), tags: BTreeSet::new() };
        for (words, part) in parts.iter().filter(|(_, part)| part.kind == Kind::Block) {
            let mut reader = Reader::new(words, part.inner);
            let Some(Word { text: tag, .. }) = reader.name() else { continue };
            match &*tag {
                "macro" => this.macros.extend(reader.name().map(|name| name.text)),
                "import" | "from" => this.macros.extend(statement::imported(&mut reader, &tag)),
                _ => {}
            }
            this.tags.insert(tag);
        }
        this
    }
}

/// A block that is being read.
struct Frame {
    tag: Option<Tag>,
    /// What stands in its last branch so far.
    nodes: Vec<Node>,
    /// The tag that ends it; nothing for the rest of the template.
    end: Box<str>,
}

struct Builder<'s> {
    source: &'s str,
    added: &'s dyn Added,
    known: Known,
    frames: Vec<Frame>,
    errors: Vec<Error>,
    /// The line of the byte that was counted up to.
    line: u32,
    counted: usize,
}

impl Builder<'_> {
    /// One part of the template; whether reading goes on.
    fn part(&mut self, part: &Part, words: &[Token]) -> bool {
        match part.kind {
            Kind::Text => self.append(NodeKind::Text, part.span),
            Kind::Comment => self.append(NodeKind::Comment, part.span),
            Kind::Variable => self.variable(part, words),
            Kind::Block => self.block(part, words),
        }
        if self.frames.len() > DEEPEST {
            let message = "blocks deeper in each other than are read".into();
            let (code, span, line) = (ErrorCode::Limit, part.span, self.line);
            self.errors.push(Error { code, message, span, line, certain: false });
            return false;
        }
        true
    }

    fn append(&mut self, kind: NodeKind, span: TextRange) {
        if let Some(frame) = self.frames.last_mut() {
            frame.nodes.push(Node { kind, span });
        }
    }

    /// Adds a node. A name that is set beside the blocks of a template that extends another is set before anything is
    /// written.
    fn put(&mut self, node: Node, sets: bool) {
        let beside = sets && matches!(self.frames.as_slice(), [_, frame] if frame.end.is_empty());
        let frame = if beside { self.frames.first_mut() } else { self.frames.last_mut() };
        if let Some(frame) = frame {
            frame.nodes.push(node);
        }
    }

    fn line(&mut self, at: usize) -> u32 {
        let passed = self.source.as_bytes().get(self.counted..at).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = self.counted.max(at);
        self.line
    }

    fn variable(&mut self, part: &Part, words: &[Token]) {
        let mut reader = Reader::new(words, part.inner);
        let value = reader.tuple(true).filter(|_| reader.is_done());
        let lowering = self.lowering();
        let call = value.as_ref().and_then(|value| statement::address(&lowering, value));
        let value = value.map_or_else(|| nothing(part.inner), |value| lowering.value(&value));
        match call {
            Some((name, form)) => {
                let tag = self.tag(part, &name, form);
                self.append(NodeKind::Tag(Box::new(tag)), part.span);
            }
            None => self.append(NodeKind::Variable(value), part.span),
        }
    }

    fn lowering(&self) -> Lowering<'_> {
        Lowering { macros: &self.known.macros, added: self.added }
    }

    fn tag(&mut self, part: &Part, name: &Word, form: Form) -> Tag {
        let line = self.line(part.span.start().into());
        let (name, head) = (name.clone(), part.span);
        Tag { name, args: Vec::new(), head, line, form, branches: Vec::new() }
    }

    fn block(&mut self, part: &Part, words: &[Token]) {
        let mut reader = Reader::new(words, part.inner);
        let Some(name) = reader.name() else {
            let name = Word { text: Box::default(), span: part.inner };
            let tag = self.tag(part, &name, Form::Malformed);
            return self.append(NodeKind::Tag(Box::new(tag)), part.span);
        };
        if self.ends(&name.text, part) || self.divides(&name, part, &mut reader) {
            return;
        }
        let read = statement::read(&self.lowering(), &name.text, &mut reader);
        match read {
            statement::Read::Nothing => self.append(NodeKind::Comment, part.span),
            statement::Read::Simple(forms) => {
                for form in forms {
                    let sets = matches!(&form, Form::FirstOf { target: Some(_), .. });
                    let tag = self.tag(part, &name, form);
                    let node = Node { kind: NodeKind::Tag(Box::new(tag)), span: part.span };
                    self.put(node, sets);
                }
            }
            statement::Read::Block(opened) => {
                let statement::Opened { form, condition, end } = *opened;
                let tag = self.tag(part, &name, form);
                self.open(tag, condition, end);
            }
            statement::Read::Unknown => {
                let end: Box<str> = format!("end{}", name.text).into();
                let tag = self.tag(part, &name, Form::Custom);
                if self.known.tags.contains(&end) {
                    self.open(tag, None, end);
                } else {
                    self.append(NodeKind::Tag(Box::new(tag)), part.span);
                }
            }
        }
    }

    fn open(&mut self, mut tag: Tag, condition: Option<Condition>, end: Box<str>) {
        tag.branches.push(branch(tag.name.clone(), tag.head, condition));
        self.frames.push(Frame { tag: Some(tag), nodes: Vec::new(), end });
    }

    /// Whether a tag ends a block that is being read: the innermost that it can.
    fn ends(&mut self, name: &str, part: &Part) -> bool {
        let Some(level) =
            self.frames.iter().rposition(|frame| !frame.end.is_empty() && *frame.end == *name)
        else {
            return false;
        };
        while self.frames.len() > level {
            self.close(part.span.end().into());
        }
        true
    }

    fn close(&mut self, end: usize) {
        let Some(mut frame) = self.frames.pop() else { return };
        let Some(mut tag) = frame.tag.take() else {
            self.frames.push(frame);
            return;
        };
        if let Some(last) = tag.branches.last_mut() {
            last.nodes = frame.nodes;
        }
        let span = range(tag.head.start().into(), end);
        self.append(NodeKind::Tag(Box::new(tag)), span);
    }

    /// Whether a tag divides the block that is being read.
    fn divides(&mut self, name: &Word, part: &Part, words: &mut Reader<'_>) -> bool {
        let Some(tag) = self.frames.last().and_then(|frame| frame.tag.as_ref()) else {
            return false;
        };
        let name = match (&*tag.name.text, &*name.text) {
            ("if", "elif" | "else") | ("trans", "pluralize") => name.clone(),
            // A loop of Django has `{% empty %}` there.
            ("for", "else") => Word { text: "empty".into(), span: name.span },
            _ => return false,
        };
        let condition = match &*name.text {
            "elif" => statement::condition(&self.lowering(), words),
            _ => None,
        };
        let Some(frame) = self.frames.last_mut() else { return false };
        let Some(tag) = &mut frame.tag else { return false };
        if let Some(last) = tag.branches.last_mut() {
            last.nodes = std::mem::take(&mut frame.nodes);
        }
        tag.branches.push(branch(name, part.span, condition));
        true
    }

    fn finish(mut self) -> Template {
        while self.frames.len() > 1 {
            self.close(self.source.len());
        }
        let nodes = self.frames.pop().map(|root| root.nodes).unwrap_or_default();
        Template { nodes, errors: self.errors, loads: Vec::new() }
    }
}

const fn branch(name: Word, head: TextRange, condition: Option<Condition>) -> Branch {
    Branch { name, args: Vec::new(), head, condition, nodes: Vec::new() }
}
