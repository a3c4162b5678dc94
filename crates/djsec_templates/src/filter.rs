//! `django.template.base.FilterExpression` and `Variable`: a value and what it is piped through.

use djsec_base::TextRange;

use crate::error::{ErrorCode, Fault};
use crate::python::{self, from, part, run, string_end};
use crate::tree::Word;

/// More filters than this are not read in one expression.
const MAX_FILTERS: usize = 1_000;

/// `value|filter:argument|…`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterExpression {
    /// What is filtered.
    pub value: Operand,
    /// The filters, the first first.
    pub filters: Vec<Filter>,
    /// The whole expression.
    pub span: TextRange,
}

/// One filter of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Its name.
    pub name: Word,
    /// Its argument.
    pub argument: Option<Operand>,
}

/// A value or an argument, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// What it is.
    pub value: Value,
    /// Its bytes.
    pub span: TextRange,
}

/// What stands for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `"text"`, unescaped; `_("text")` is translated.
    Text {
        /// The text, without quotes.
        text: Box<str>,
        /// Whether it is looked up in the catalogue of translations.
        translated: bool,
    },
    /// A number, as it is written.
    Number(Box<str>),
    /// `a.b.0`: looked up one name after the other, see [`lookups`](Value::lookups).
    Lookup(Box<str>),
    /// A variable of `{% blocktranslate %}`: its whole text is one key of the context.
    Key(Box<str>),
    /// One of these or all of them, never none: `a or b`, `a ~ b` of Jinja.
    Any(Vec<FilterExpression>),
    /// What a macro of Jinja writes where it is called, marked as safe.
    Macro(Box<MacroCall>),
    /// Nothing, or nothing that Django accepts.
    Missing,
}

/// `field(value)`, `forms.field(value, kind="text")`, `caller(row)` of Jinja.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroCall {
    /// The name under which the template of the macro was imported.
    pub module: Option<Box<str>>,
    /// The name of the macro here.
    pub name: Box<str>,
    /// What it is given, in order.
    pub positional: Vec<FilterExpression>,
    /// What it is given by name.
    pub keywords: Vec<(Box<str>, FilterExpression)>,
    /// `*values`, `**options`: what may be any argument.
    pub spread: Vec<FilterExpression>,
    /// Its bytes.
    pub span: TextRange,
}

impl MacroCall {
    /// Whether it is `caller()`: what stands in the `{% call %}` that called the macro around.
    pub fn is_caller(&self) -> bool {
        self.module.is_none() && &*self.name == "caller"
    }

    /// All that it is given.
    pub fn given(&self) -> impl Iterator<Item = &FilterExpression> {
        let keywords = self.keywords.iter().map(|(_, value)| value);
        self.positional.iter().chain(keywords).chain(&self.spread)
    }
}

impl Value {
    /// The names of a lookup in order; nothing for other values.
    pub fn lookups(&self) -> impl Iterator<Item = &str> {
        let path = match self {
            Self::Lookup(path) => Some(path.split('.')),
            _ => None,
        };
        path.into_iter().flatten()
    }
}

impl FilterExpression {
    /// The text of a constant without filters.
    pub fn constant(&self) -> Option<&str> {
        match &self.value.value {
            Value::Text { text, .. } if self.filters.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The filter of that name, the last if there are several.
    pub fn filter(&self, name: &str) -> Option<&Filter> {
        self.filters.iter().rfind(|filter| &*filter.name.text == name)
    }

    pub(crate) fn key(text: &str, span: TextRange) -> Self {
        let value = Operand { value: Value::Key(text.into()), span };
        Self { value, filters: Vec::new(), span }
    }
}

/// Whether a filter exists, and how many arguments it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterLookup {
    /// The smallest and the greatest number, the filtered value included.
    Known(u8, u8),
    Absent,
    Unknown,
}

/// Where the text of an expression stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// It begins at this byte of the file.
    At(usize),
    /// It is put together from these bytes.
    Within(TextRange),
}

impl Place {
    pub(crate) fn range(self, start: usize, end: usize) -> TextRange {
        match self {
            Self::At(base) => python::range(base + start, base + end),
            Self::Within(span) => span,
        }
    }
}

/// What an expression is read with.
pub(crate) trait Filters {
    /// The name under which a filter is kept apart that several libraries have.
    fn own(&self, _name: &str) -> Option<&str> {
        None
    }

    fn filter(&self, name: &str) -> FilterLookup;
}

/// Reads an expression: as much of it as can be, and what Django says first against it.
pub(crate) fn compile(
    text: &str,
    place: Place,
    filters: &dyn Filters,
) -> (FilterExpression, Option<Fault>) {
    let span = place.range(0, text.len());
    let missing = Operand { value: Value::Missing, span };
    let expression = FilterExpression { value: missing, filters: Vec::new(), span };
    let mut reader = Reader { text, place, filters, expression, fault: None };
    if let Err(fault) = reader.read() {
        reader.fault.get_or_insert(fault);
    }
    (reader.expression, reader.fault)
}

struct Reader<'a> {
    text: &'a str,
    place: Place,
    filters: &'a dyn Filters,
    expression: FilterExpression,
    fault: Option<Fault>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Fault> {
        let mut at = self.head()?;
        while let Some((start, name, end)) = filter_at_or_after(self.text, at) {
            if start != at {
                return Err(self.skipped(at, start));
            }
            if at == 0 {
                let message = format!("Could not find variable at start of {}.", self.text);
                return Err(Fault::new(ErrorCode::Expression, message));
            }
            at = self.filter(name, end)?;
            if self.expression.filters.len() > MAX_FILTERS {
                return Err(Fault::new(ErrorCode::Limit, "more filters than are read"));
            }
        }
        if at == self.text.len() {
            return Ok(());
        }
        let rest = from(self.text, at);
        let message = format!("Could not parse the remainder: '{rest}' from '{}'", self.text);
        Err(Fault::new(ErrorCode::Expression, message))
    }

    fn skipped(&self, at: usize, start: usize) -> Fault {
        let (before, between) = (part(self.text, 0, at), part(self.text, at, start));
        let after = from(self.text, start);
        let message = format!("Could not parse some characters: {before}|{between}|{after}");
        Fault::new(ErrorCode::Expression, message)
    }

    /// The value: where it ends.
    fn head(&mut self) -> Result<usize, Fault> {
        let Some(end) = constant_end(self.text, 0).or_else(|| variable_end(self.text, 0)) else {
            return Ok(0);
        };
        self.expression.value = self.operand(0, end)?;
        Ok(end)
    }

    /// The filter whose name is known, and its argument, if there is one after the colon.
    fn filter(&mut self, name: usize, end: usize) -> Result<usize, Fault> {
        let mut word =
            Word { text: part(self.text, name, end).into(), span: self.place.range(name, end) };
        let colon = self.text.as_bytes().get(end) == Some(&b':');
        let argument_end = colon
            .then(|| constant_end(self.text, end + 1).or_else(|| variable_end(self.text, end + 1)))
            .flatten();
        let argument = argument_end.map(|to| self.operand(end + 1, to)).transpose()?;
        match self.filters.own(&word.text) {
            Some(own) => word.text = own.into(),
            None => self.check(&word.text, argument.is_some()),
        }
        self.expression.filters.push(Filter { name: word, argument });
        Ok(argument_end.unwrap_or(end))
    }

    fn check(&mut self, name: &str, argument: bool) {
        if self.fault.is_some() {
            return;
        }
        let provided = 1 + u8::from(argument);
        self.fault = match self.filters.filter(name) {
            FilterLookup::Absent => {
                let message = format!("Invalid filter: '{name}'");
                Some(Fault::new(ErrorCode::InvalidFilter, message))
            }
            FilterLookup::Known(least, most) if provided < least || provided > most => {
                let message = format!("{name} requires {least} arguments, {provided} provided");
                Some(Fault::new(ErrorCode::FilterArguments, message))
            }
            _ => None,
        };
    }

    fn operand(&self, start: usize, end: usize) -> Result<Operand, Fault> {
        let value = variable(part(self.text, start, end))?;
        Ok(Operand { value, span: self.place.range(start, end) })
    }
}

/// `Variable(text)`, of a text that the grammar of expressions lets through.
fn variable(text: &str) -> Result<Value, Fault> {
    let (inner, translated) = match text.strip_prefix("_(").and_then(|text| text.strip_suffix(')'))
    {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    if inner.starts_with(['"', '\'']) {
        return Ok(Value::Text { text: unescape(inner).into(), translated });
    }
    if python::is_number(text) {
        return Ok(Value::Number(text.into()));
    }
    if text.contains("._") || text.starts_with('_') {
        let message = format!("Variables and attributes may not begin with underscores: '{text}'");
        return Err(Fault::new(ErrorCode::Name, message));
    }
    // Both are asked for in this order, wherever they stand.
    if let Some(c) = ['+', '-'].into_iter().find(|c| text.contains(*c)) {
        let message = format!("Invalid character ('{c}') in variable name: '{text}'");
        return Err(Fault::new(ErrorCode::Name, message));
    }
    Ok(Value::Lookup(text.into()))
}

/// `unescape_string_literal`.
fn unescape(quoted: &str) -> String {
    let quote = part(quoted, 0, 1);
    let inner = part(quoted, 1, quoted.len().saturating_sub(1));
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    inner.replace(&format!("\\{quote}"), quote).replace("\\\\", "\\")
}

/// Where the constant that begins here ends: `"…"`, `'…'`, or one of them in `_(…)`.
fn constant_end(text: &str, start: usize) -> Option<usize> {
    if from(text, start).starts_with("_(") {
        let end = string_end(text, start + 2)?;
        return (text.as_bytes().get(end) == Some(&b')')).then_some(end + 1);
    }
    string_end(text, start)
}

/// Where the run of `[\w.+-]` that begins here ends.
fn variable_end(text: &str, start: usize) -> Option<usize> {
    let length = run(from(text, start), |c| matches!(c, '.' | '+' | '-') || python::is_word(c));
    (length > 0).then_some(start + length)
}

/// The next `\s*\|\s*\w+`: where it begins, where the name begins, where it ends.
fn filter_at_or_after(text: &str, at: usize) -> Option<(usize, usize, usize)> {
    let mut search = at;
    loop {
        let pipe = search + memchr::memchr(b'|', text.as_bytes().get(search..)?)?;
        let name = pipe + 1 + run(from(text, pipe + 1), python::is_space);
        let length = run(from(text, name), python::is_word);
        if length > 0 {
            let start = at + part(text, at, pipe).trim_end_matches(python::is_space).len();
            return Some((start, name, name + length));
        }
        search = pipe + 1;
    }
}
