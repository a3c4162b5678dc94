//! A tag that is being written.

use std::ops::Range;

use super::element::{Attribute, Name, Value};
use super::input::{Input, is_space};
use super::place::{AttributeNamePlace, AttributePlace, Place, Quote, RawElement, ScriptKind};
use super::role;
use super::value::Reader;

/// Attributes kept of a tag.
const ATTRIBUTES: usize = 256;

/// A tag from the first letter of its name on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tag {
    pub(super) kind: Kind,
    pub(super) name: Name,
    pub(super) attributes: Vec<Attribute>,
    pub(super) self_closing: bool,
    pub(super) truncated: bool,
    /// Of the attributes whose values decide what others are; see [`role::Deciding`].
    pub(super) deciding: role::Deciding,
    start: u32,
    /// Where the last text that was read ended.
    read_to: u32,
    step: Step,
    attribute: Option<Attribute>,
    reader: Reader,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Start,
    End,
    /// Ends an element whose text holds no tags: one of HTML, then.
    EndOfText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Name,
    BeforeName,
    AttributeName,
    AfterName,
    BeforeValue,
    Value(Quote),
    AfterValue,
    SelfClosing,
}

impl Tag {
    /// A tag whose `<` stands at `start`, with nothing read of its name.
    pub(super) fn new(kind: Kind, start: u32) -> Self {
        Self {
            kind,
            name: Name::default(),
            attributes: Vec::new(),
            self_closing: false,
            truncated: false,
            deciding: role::Deciding::default(),
            start,
            read_to: start,
            step: Step::Name,
            attribute: None,
            reader: Reader::default(),
        }
    }

    /// The end tag of an element whose text holds no tags, after its name.
    pub(super) fn closing(name: &str, start: u32) -> Self {
        let name = Name::literal(name);
        Self { name, step: Step::BeforeName, ..Self::new(Kind::EndOfText, start) }
    }

    pub(super) fn is_end(&self) -> bool {
        self.kind != Kind::Start
    }

    /// Reads on; where the tag ends, its span.
    pub(super) fn text(&mut self, input: &mut Input<'_>) -> Option<Range<u32>> {
        while let Some(byte) = input.peek() {
            if byte == b'>' && self.may_end() {
                self.self_closing = self.step == Step::SelfClosing;
                self.finish_attribute(input.position());
                input.bump();
                return Some(self.start..input.position());
            }
            match self.step {
                Step::Name => self.read_name(input),
                Step::BeforeName => self.before_name(input),
                Step::AttributeName => self.read_attribute_name(input),
                Step::AfterName => self.after_name(input),
                Step::BeforeValue => self.before_value(input),
                Step::Value(quote) => self.read_value(quote, input),
                Step::AfterValue => match byte {
                    b'/' => self.step_over(Step::SelfClosing, input),
                    _ => self.step = Step::BeforeName,
                },
                Step::SelfClosing => self.step = Step::BeforeName,
            }
        }
        self.read_to = input.position();
        None
    }

    /// Whether `>` ends the tag here: everywhere but in a value that has begun.
    const fn may_end(&self) -> bool {
        !matches!(self.step, Step::Value(Quote::Double | Quote::Single))
    }

    /// The tag as it goes on if what comes next begins with white space, where that decides how all that
    /// follows is read: right after the name of an element whose text holds no tags.
    pub(super) fn with_raw_name_ended(&self) -> Option<Self> {
        let raw = self.step == Step::Name
            && self.kind == Kind::Start
            && self.name.whole().is_some_and(|name| RawElement::of(name).is_some());
        raw.then(|| Self { step: Step::BeforeName, ..self.clone() })
    }

    /// Whether what comes next is read alike: the tags differ only in attributes that are finished, and
    /// in what stands in a value that is plain text.
    pub(super) fn differs_in_attributes_only(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.name == other.name
            && self.start == other.start
            && self.step == other.step
            && self.deciding == other.deciding
            && match (&self.attribute, &other.attribute) {
                (None, None) => true,
                (Some(one), Some(two)) => {
                    let plain = one.value.is_some()
                        && self.reader.is_plain()
                        && !role::Deciding::takes(&self.name, &one.name);
                    self.reader == other.reader
                        && one.name == two.name
                        && one.duplicate == two.duplicate
                        && (one == two || plain && two.value.is_some())
                }
                _ => false,
            }
    }

    fn step_over(&mut self, step: Step, input: &mut Input<'_>) {
        input.bump();
        self.step = step;
    }

    fn read_name(&mut self, input: &mut Input<'_>) {
        let name = input.until(|byte| is_space(byte) || matches!(byte, b'/' | b'>'));
        self.name.push(name);
        match input.peek() {
            Some(b'/') => self.step_over(Step::SelfClosing, input),
            Some(b'>') | None => {}
            Some(_) => self.step_over(Step::BeforeName, input),
        }
    }

    fn before_name(&mut self, input: &mut Input<'_>) {
        input.skip_space();
        match input.peek() {
            Some(b'/') => self.step_over(Step::SelfClosing, input),
            Some(b'>') | None => {}
            Some(byte) => {
                self.begin_attribute(input.position());
                if byte == b'=' {
                    // A sign that begins a name belongs to it.
                    self.name_attribute("=", input.position()..input.position().saturating_add(1));
                    input.bump();
                }
            }
        }
    }

    fn read_attribute_name(&mut self, input: &mut Input<'_>) {
        let from = input.at();
        let name = input.until(|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        self.name_attribute(name, input.span(from..input.at()));
        match input.peek() {
            Some(b'=') => self.step_over(Step::BeforeValue, input),
            Some(b'>') | None => {}
            Some(_) => self.step = Step::AfterName,
        }
    }

    fn after_name(&mut self, input: &mut Input<'_>) {
        input.skip_space();
        match input.peek() {
            Some(b'=') => self.step_over(Step::BeforeValue, input),
            Some(b'/') => {
                self.finish_attribute(input.position());
                self.step_over(Step::SelfClosing, input);
            }
            Some(b'>') | None => {}
            Some(_) => self.begin_attribute(input.position()),
        }
    }

    fn before_value(&mut self, input: &mut Input<'_>) {
        input.skip_space();
        match input.peek() {
            Some(b'"') => {
                input.bump();
                self.begin_value(Quote::Double);
            }
            Some(b'\'') => {
                input.bump();
                self.begin_value(Quote::Single);
            }
            Some(b'>') | None => {}
            Some(_) => self.begin_value(Quote::Unquoted),
        }
    }

    fn read_value(&mut self, quote: Quote, input: &mut Input<'_>) {
        let from = input.at();
        match quote {
            Quote::Double => input.skip(memchr::memchr(b'"', input.rest())),
            Quote::Single => input.skip(memchr::memchr(b'\'', input.rest())),
            Quote::Unquoted => {
                input.until(|byte| is_space(byte) || byte == b'>');
            }
        }
        if let Some(Attribute { value: Some(value), .. }) = &mut self.attribute {
            self.reader.text(input.since(from), input.span(from..input.at()), value);
        }
        if input.peek().is_none() {
            return;
        }
        if quote != Quote::Unquoted {
            input.bump();
            self.finish_attribute(input.position());
            self.step = Step::AfterValue;
        } else if input.peek() != Some(b'>') {
            self.finish_attribute(input.position());
            self.step = Step::BeforeName;
        }
    }

    fn begin_attribute(&mut self, at: u32) {
        self.finish_attribute(at);
        self.step = Step::AttributeName;
        self.attribute = Some(Attribute {
            name: Name::default(),
            value: None,
            duplicate: false,
            name_span: at..at,
            span: at..at,
        });
    }

    fn name_attribute(&mut self, text: &str, span: Range<u32>) {
        if let Some(attribute) = &mut self.attribute
            && !text.is_empty()
        {
            attribute.name.push(text);
            attribute.name_span.end = span.end;
            attribute.span.end = span.end;
        }
    }

    fn begin_value(&mut self, quote: Quote) {
        self.step = Step::Value(quote);
        let Some(attribute) = &mut self.attribute else { return };
        attribute.duplicate = is_duplicate(&self.attributes, &attribute.name);
        self.reader.begin(role::kind(&self.name, &attribute.name, &self.deciding));
        attribute.value = Some(Value::new(quote));
    }

    /// Ends the attribute that is being read, if there is one; its value, if it has one, ends at `to`.
    fn finish_attribute(&mut self, to: u32) {
        let Some(mut attribute) = self.attribute.take() else { return };
        if let Some(value) = &mut attribute.value {
            self.reader.finish(value);
            attribute.span.end = to;
        } else {
            attribute.duplicate = is_duplicate(&self.attributes, &attribute.name);
        }
        if !attribute.duplicate {
            self.deciding.note(&self.name, &attribute);
        }
        if self.attributes.len() < ATTRIBUTES {
            self.attributes.push(attribute);
        } else {
            self.truncated = true;
        }
    }

    /// The insertion goes on with what is being written.
    pub(super) fn insertion(&mut self, id: u32) -> Place {
        match self.step {
            Step::Name => {
                let name = self.name.clone();
                self.name.insert(id);
                return Place::TagName { name, end: self.kind != Kind::Start };
            }
            Step::BeforeValue => self.begin_value(Quote::Unquoted),
            Step::BeforeName | Step::AfterName | Step::AfterValue | Step::SelfClosing => {
                self.begin_attribute(self.read_to);
            }
            Step::AttributeName | Step::Value(_) => {}
        }
        let Some(attribute) = &mut self.attribute else { return Place::Text };
        let Some(value) = &mut attribute.value else {
            let name = attribute.name.clone();
            attribute.name.insert(id);
            let place = AttributeNamePlace {
                element: self.name.clone(),
                name,
                end: self.kind != Kind::Start,
            };
            return Place::AttributeName(Box::new(place));
        };
        self.reader.cut(value);
        let before = value.clone();
        let role = self.reader.insertion(id, value);
        Place::Attribute(Box::new(AttributePlace {
            element: self.name.clone(),
            name: attribute.name.clone(),
            role,
            before,
            duplicate: attribute.duplicate,
            end: self.kind != Kind::Start,
        }))
    }

    /// What a script with these attributes is.
    pub(super) fn script_kind(&self) -> ScriptKind {
        self.deciding.script_kind()
    }
}

fn is_duplicate(attributes: &[Attribute], name: &Name) -> bool {
    name.whole().is_some_and(|name| attributes.iter().any(|earlier| earlier.name.is(name)))
}
