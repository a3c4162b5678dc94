//! Where blocks are divided and end, and those that Django reads in a way of their own.

use super::Parser;
use crate::error::{ErrorCode, Fault};
use crate::filter::FilterExpression;
use crate::frame::{Close, Frame};
use crate::python::{range, repr, strip};
use crate::tags::{self, Form};
use crate::token::{Token, TokenKind};
use crate::tree::{Branch, Node, NodeKind, Tag, Word};

impl Parser<'_, '_> {
    /// A tag that the innermost block accepts.
    pub(super) fn divide_or_close(&mut self, token: &Token, name: &str) {
        let Some(frame) = self.frames.last() else { return };
        let (contents, _) = token.contents(self.source);
        let exact = contents == name;
        match frame.close.clone() {
            Close::If { .. } => self.divide_if(token, name, exact),
            // Django takes `{% empty x %}` for the end, and so `{% else x %}` of `ifchanged`.
            Close::For { .. } if exact && name == "empty" => {
                self.divide(token, name, Close::For { last: true });
            }
            Close::IfChanged { .. } if exact && name == "else" => {
                self.divide(token, name, Close::IfChanged { last: true });
            }
            Close::Block(block) | Close::PartialDef(block) => {
                let named = format!("{name} {block}");
                if !exact && contents != named {
                    self.invalid(token, name, &[name.to_owned(), named]);
                }
                self.close(Some(token));
            }
            close @ Close::Custom { .. } => match &close {
                Close::Custom { end, .. } if **end == *name => self.close(Some(token)),
                _ => self.divide(token, name, close),
            },
            close @ Close::Guessed(_) => match &close {
                Close::Guessed(end) if **end == *name => self.close(Some(token)),
                _ => self.divide(token, name, close),
            },
            _ => self.close(Some(token)),
        }
    }

    fn divide_if(&mut self, token: &Token, name: &str, exact: bool) {
        if !exact && name != "elif" {
            let (contents, _) = token.contents(self.source);
            let message = format!("Malformed template tag at line {}: \"{contents}\"", token.line);
            self.error_of_block(Fault::new(ErrorCode::MalformedTag, message));
        }
        match name {
            "endif" => self.close(Some(token)),
            "elif" => self.divide(token, name, Close::If { last: false }),
            _ => self.divide(token, name, Close::If { last: true }),
        }
    }

    /// Something that Django says at the tag that began the innermost block.
    fn error_of_block(&mut self, fault: Fault) {
        if let Some(token) = self.frames.last().and_then(|frame| frame.token) {
            self.error(&token, fault);
        }
    }

    fn divide(&mut self, token: &Token, name: &str, close: Close) {
        let at = self.frames.last().and_then(|frame| frame.token).unwrap_or(*token);
        let condition = matches!(close, Close::If { .. }) && name == "elif";
        let words = self.words(token);
        let condition = condition.then(|| self.condition(token, words.as_deref(), &at)).flatten();
        let branch = self.branch(token, name, words.as_deref(), condition);
        if let Some(frame) = self.frames.last_mut() {
            frame.divide(branch);
            frame.close = close;
        }
    }

    /// Ends the innermost block; without a token it is one that has no end.
    pub(super) fn close(&mut self, end: Option<&Token>) {
        let Some(mut frame) = self.frames.pop() else { return };
        frame.finish_branch();
        let Frame { tag: Some(mut tag), token: Some(token), close, extends, .. } = frame else {
            return;
        };
        match close {
            Close::LateUntil(_) | Close::IfChanged { .. } => {
                // Whether the words can be split is asked again: the tag keeps those that can.
                let args = self.words(&token);
                tag.form = self.form(&token, &tag.name.text, args.as_deref());
            }
            Close::PartialDef(name) if !self.memory.partials.insert(name.clone()) => {
                let known = self.scope.knowledge.template_name().unwrap_or("<unknown source>");
                let message =
                    format!("Partial '{name}' is already defined in the '{known}' template.");
                self.error(&token, Fault::new(ErrorCode::Repeated, message));
            }
            Close::End => self.check_extends(&token, extends),
            _ => {}
        }
        let until = end.map_or_else(|| self.position(), |end| end.span.end().into());
        self.append_until(tag, &token, until);
    }

    fn append_until(&mut self, tag: Tag, token: &Token, until: usize) {
        self.append(NodeKind::Tag(Box::new(tag)), range(token.span.start().into(), until));
    }

    /// Where the token begins that was read last, or where the text ends.
    fn position(&self) -> usize {
        let token = self.tokens.get(self.at.saturating_sub(1));
        token.map_or(self.source.len(), |token| token.span.start().into())
    }

    fn check_extends(&mut self, token: &Token, again: bool) {
        if again {
            let message = "'extends' cannot appear more than once in the same template";
            self.error(token, Fault::new(ErrorCode::Repeated, message));
        }
        let Some(frame) = self.frames.last_mut() else { return };
        frame.extends = true;
        if frame.nontext {
            let name = self.scope.knowledge.template_name().map(repr);
            let name = name.unwrap_or_else(|| "the template".to_owned());
            let (contents, _) = token.contents(self.source);
            let message = format!("{{% {contents} %}} must be the first tag in {name}.");
            self.error(token, Fault::new(ErrorCode::NotFirst, message));
        }
    }

    /// A block whose inside is not read.
    pub(super) fn skip(&mut self, tag: Tag, token: &Token, end: &str) {
        while let Some(next) = self.next() {
            if next.kind == TokenKind::Block && next.contents(self.source).0 == end {
                return self.append_until(tag, token, next.span.end().into());
            }
        }
        self.error(token, super::unclosed(token.line, &tag.name.text, end));
        self.append_until(tag, token, self.source.len());
    }

    /// `{% blocktranslate %}`: text and names of variables.
    pub(super) fn translate(&mut self, mut tag: Tag, token: &Token) {
        let count = matches!(&tag.form, Form::BlockTranslate(options) if options.count.is_some());
        let words = Some(tag.args.as_slice());
        let name = tag.name.text.clone();
        tag.branches.push(self.branch(token, &name, words, None));
        let mut last = self.message(&mut tag, *token);
        if count {
            if self.stripped(&last) == "plural" {
                let plural = self.branch(&last, "plural", None, None);
                tag.branches.push(plural);
                last = self.message(&mut tag, last);
            } else {
                let message = format!("{} doesn't allow other block tags inside it", repr(&name));
                self.error(token, Fault::new(ErrorCode::Nesting, message));
            }
        }
        if self.stripped(&last) == format!("end{name}") {
            return self.append_until(tag, token, last.span.end().into());
        }
        let (seen, name) = (repr(last.contents(self.source).0), repr(&name));
        let message = format!("{name} doesn't allow other block tags (seen {seen}) inside it");
        self.error(token, Fault::new(ErrorCode::Nesting, message));
        // What cannot be inside stands behind.
        if matches!(last.kind, TokenKind::Block | TokenKind::Comment) && last != *token {
            self.at -= 1;
        }
        let until =
            self.tokens.get(self.at).map_or(self.source.len(), |next| next.span.start().into());
        self.append_until(tag, token, until);
    }

    /// Reads one message; the answer is the token that ended it, or the last there was.
    fn message(&mut self, tag: &mut Tag, mut last: Token) -> Token {
        let mut nodes = Vec::new();
        while let Some(token) = self.next() {
            last = token;
            let (contents, _) = token.contents(self.source);
            let kind = match token.kind {
                TokenKind::Text => NodeKind::Text,
                TokenKind::Variable => {
                    NodeKind::Variable(FilterExpression::key(contents, token.span))
                }
                _ => break,
            };
            nodes.push(Node { kind, span: token.span });
        }
        if let Some(branch) = tag.branches.last_mut() {
            branch.nodes = nodes;
        }
        last
    }

    fn stripped(&self, token: &Token) -> &str {
        strip(token.contents(self.source).0)
    }

    /// A branch that begins at a tag, with the words after its name.
    pub(super) fn branch(
        &self,
        token: &Token,
        name: &str,
        args: Option<&[Word]>,
        condition: Option<tags::Condition>,
    ) -> Branch {
        Branch {
            name: self.name(token, name),
            args: args.unwrap_or_default().to_vec(),
            head: token.span,
            condition,
            nodes: Vec::new(),
        }
    }
}
