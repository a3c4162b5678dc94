//! Reads the words of one tag.

use crate::error::{ErrorCode, Fault};
use crate::filter::{self, FilterExpression, FilterLookup, Filters, Place};
use crate::library::Scope;
use crate::python::{self, from, run};
use crate::tree::{Load, Word};

/// `name=value`
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The name.
    pub name: Word,
    /// The value.
    pub value: FilterExpression,
}

/// The words of a tag that is a function.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments {
    /// Positional arguments.
    pub positional: Vec<FilterExpression>,
    /// Keyword arguments.
    pub keywords: Vec<Assignment>,
    /// The variable after `as`.
    pub target: Option<Word>,
}

/// What a template remembers from tag to tag.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) loads: Vec<Load>,
    pub(crate) blocks: Names,
    pub(crate) partials: Names,
    pub(crate) cycles: Names,
    /// Whether there was a cycle, with a name or without.
    pub(crate) cycled: bool,
}

type Names = std::collections::BTreeSet<Box<str>>;

/// One tag, with what its words are read by.
pub(crate) struct Reader<'r, 'k> {
    pub(crate) scope: &'r mut Scope<'k>,
    pub(crate) memory: &'r mut Memory,
    /// The words after the name, if they can be split.
    pub(crate) args: Option<&'r [Word]>,
    pub(crate) contents: &'r str,
    /// Where the contents begin.
    pub(crate) base: usize,
    pub(crate) span: djsec_base::TextRange,
    /// The first thing that is wrong without making the tag unreadable.
    pub(crate) fault: Option<Fault>,
}

impl<'r, 'k> Reader<'r, 'k> {
    /// `token.split_contents()[1:]`.
    pub(crate) fn args(&self) -> Result<&'r [Word], Fault> {
        self.args.ok_or_else(|| Fault::new(ErrorCode::Crash("StopIteration"), ""))
    }

    /// `token.contents.split()[1:]`.
    pub(crate) fn plain_args(&self) -> Vec<Word> {
        python::split(self.contents, self.base).into_iter().skip(1).collect()
    }

    /// The tag's name.
    pub(crate) fn name(&self) -> &'r str {
        python::first_word(self.contents)
    }

    pub(crate) fn knowledge(&self) -> &'k dyn crate::library::Knowledge {
        self.scope.knowledge
    }

    pub(crate) fn expression(&mut self, word: &Word) -> Result<FilterExpression, Fault> {
        self.compile(&word.text, place(word, 0))
    }

    pub(crate) fn expressions(&mut self, words: &[Word]) -> Result<Vec<FilterExpression>, Fault> {
        words.iter().map(|word| self.expression(word)).collect()
    }

    pub(crate) fn compile(&mut self, text: &str, place: Place) -> Result<FilterExpression, Fault> {
        let (expression, fault) = filter::compile(text, place, self.scope);
        match fault {
            Some(fault) if !fault.is_soft() => Err(fault),
            soft => {
                self.fault = self.fault.take().or(soft);
                Ok(expression)
            }
        }
    }

    /// The value of a keyword argument whose name ends before `at`.
    pub(crate) fn value(&mut self, word: &Word, at: usize) -> Result<FilterExpression, Fault> {
        self.compile(from(&word.text, at), place(word, at))
    }

    /// `token_kwargs`: as many `name=value`, or with `legacy` `value as name and …`, as follow each other.
    pub(crate) fn assignments(
        &mut self,
        words: &mut &[Word],
        legacy: bool,
    ) -> Result<Vec<Assignment>, Fault> {
        let mut assignments = Vec::new();
        let keywords = words.first().is_some_and(|word| keyword(&word.text).is_some());
        while let Some((first, rest)) = words.split_first() {
            if keywords {
                let Some(at) = keyword(&first.text) else { break };
                *words = rest;
                let value = self.value(first, at + 1)?;
                assign(&mut assignments, Assignment { name: part_of(first, 0, at), value });
                continue;
            }
            let [value, middle, name, rest @ ..] = words else { break };
            if !legacy || &*middle.text != "as" {
                break;
            }
            *words = rest;
            let assignment = Assignment { name: name.clone(), value: self.expression(value)? };
            assign(&mut assignments, assignment);
            match words.split_first() {
                Some((and, rest)) if &*and.text == "and" => *words = rest,
                _ => break,
            }
        }
        Ok(assignments)
    }
}

/// As a dictionary does: a name that is there keeps its place and gets the new value.
pub(crate) fn assign(assignments: &mut Vec<Assignment>, new: Assignment) {
    // Long lists are not written by hand; in them a name may stand twice.
    let known = assignments.iter_mut().take(100).find(|old| old.name.text == new.name.text);
    match known {
        Some(old) => old.value = new.value,
        None => assignments.push(new),
    }
}

/// Where the `=` of `name=value` stands (`kwarg_re`).
pub(crate) fn keyword(text: &str) -> Option<usize> {
    let name = run(text, python::is_word);
    let assigns = text.as_bytes().get(name) == Some(&b'=') && text.len() > name + 1;
    (name > 0 && assigns).then_some(name)
}

/// Where a word's text stands from a byte of it on.
pub(crate) fn place(word: &Word, at: usize) -> Place {
    // `_("a  b")` is shortened.
    if word.text.len() == usize::from(word.span.len()) {
        Place::At(usize::from(word.span.start()) + at)
    } else {
        Place::Within(word.span)
    }
}

pub(crate) fn part_of(word: &Word, start: usize, end: usize) -> Word {
    let text = python::part(&word.text, start, end).into();
    Word { text, span: place(word, start).range(0, end - start) }
}

/// The words without `as name` at their end.
pub(crate) fn split_target(words: &[Word]) -> (&[Word], Option<&Word>) {
    match words {
        [rest @ .., middle, name] if &*middle.text == "as" => (rest, Some(name)),
        _ => (words, None),
    }
}

/// Filters of which nothing is known.
struct Any;

impl Filters for Any {
    fn filter(&self, _name: &str) -> FilterLookup {
        FilterLookup::Unknown
    }
}

/// The usual reading of a custom tag's words, as `simple_tag` has it: values, `name=value`, `as name`.
/// Words that are no expressions have the value [`Missing`](crate::filter::Value::Missing).
pub fn arguments(words: &[Word]) -> Arguments {
    let (words, target) = split_target(words);
    Arguments { target: target.cloned(), ..arguments_alone(words) }
}

/// Each word of a tag that reads them itself, as a value, or the value of `name=value`.
pub fn words(words: &[Word]) -> Arguments {
    let values = words.iter().map(|word| {
        let start = keyword(&word.text).map_or(0, |at| at + 1);
        filter::compile(from(&word.text, start), place(word, start), &Any).0
    });
    let target = split_target(words).1.cloned();
    Arguments { positional: values.collect(), target, ..Arguments::default() }
}

/// The same, where no variable can be set: as `inclusion_tag` reads them.
pub fn arguments_alone(words: &[Word]) -> Arguments {
    let mut arguments = Arguments::default();
    for word in words {
        let at = keyword(&word.text);
        let start = at.map_or(0, |at| at + 1);
        let value = filter::compile(from(&word.text, start), place(word, start), &Any).0;
        match at {
            Some(at) => arguments.keywords.push(Assignment { name: part_of(word, 0, at), value }),
            None => arguments.positional.push(value),
        }
    }
    arguments
}
