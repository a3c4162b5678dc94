//! Tags that choose, repeat and name.

use super::reader::{assign, part_of};
use super::{Form, Reader};
use crate::error::{ErrorCode, Fault};
use crate::filter::Place;
use crate::python::repr;
use crate::tree::Word;

pub(super) fn autoescape(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.plain_args();
    let [arg] = args.as_slice() else {
        return Err(Fault::arguments("'autoescape' tag requires exactly one argument."));
    };
    match &*arg.text {
        "on" => Ok(Form::Switch { on: true }),
        "off" => Ok(Form::Switch { on: false }),
        _ => Err(Fault::arguments("'autoescape' argument should be 'on' or 'off'")),
    }
}

pub(super) fn cycle(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.args()?;
    match args {
        [] => return Err(Fault::arguments("'cycle' tag requires at least two arguments")),
        [name] => return earlier_cycle(reader, name),
        _ => {}
    }
    let (values, name, silent) = match args {
        [_, .., middle, _, last] if &*middle.text == "as" => {
            if &*last.text != "silent" {
                return Err(Fault::arguments(format!(
                    "Only 'silent' flag is allowed after cycle's name, not '{}'.",
                    last.text
                )));
            }
            let [values @ .., _, name, _] = args else { return Ok(Form::Malformed) };
            (values, Some(name), true)
        }
        [values @ .., middle, name] if args.len() > 3 && &*middle.text == "as" => {
            (values, Some(name), false)
        }
        _ => (args, None, false),
    };
    let values = reader.expressions(values)?;
    reader.memory.cycled = true;
    if let Some(name) = name {
        reader.memory.cycles.insert(name.text.clone());
    }
    Ok(Form::Cycle { values, name: name.cloned(), silent })
}

fn earlier_cycle(reader: &Reader<'_, '_>, name: &Word) -> Result<Form, Fault> {
    let cycles = &reader.memory.cycles;
    if cycles.contains(&name.text) {
        return Ok(Form::Cycle { values: Vec::new(), name: Some(name.clone()), silent: false });
    }
    let name = &name.text;
    let message = if cycles.is_empty() {
        format!("No named cycles in template. '{name}' is not defined")
    } else {
        format!("Named cycle '{name}' does not exist")
    };
    Err(Fault::new(ErrorCode::UnknownCycle, message))
}

pub(super) fn resetcycle(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    match reader.args()? {
        [name] if reader.memory.cycles.contains(&name.text) => {
            Ok(Form::ResetCycle { name: Some(name.clone()) })
        }
        [name] => {
            let message = format!("Named cycle '{}' does not exist.", name.text);
            Err(Fault::new(ErrorCode::UnknownCycle, message))
        }
        [] if reader.memory.cycled => Ok(Form::ResetCycle { name: None }),
        [_, ..] => {
            let message = format!("{} tag accepts at most one argument.", repr(reader.name()));
            Err(Fault::arguments(message))
        }
        _ => Err(Fault::new(ErrorCode::UnknownCycle, "No cycles in template.")),
    }
}

pub(super) fn for_loop(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let words = reader.args()?;
    let contents = reader.contents;
    let refuse = |what: &str| Err(Fault::arguments(format!("{what}: {contents}")));
    if words.len() < 3 {
        return refuse("'for' statements should have at least four words");
    }
    let (words, reversed) = match words {
        [words @ .., last] if &*last.text == "reversed" => (words, true),
        words => (words, false),
    };
    let (variables, sequence) = match words {
        [variables @ .., middle, sequence] if &*middle.text == "in" => (variables, sequence),
        _ => return refuse("'for' statements should use the format 'for x in y'"),
    };
    let Some(targets) = loop_variables(variables) else {
        return refuse("'for' tag received an invalid argument");
    };
    let sequence = reader.expression(sequence)?;
    Ok(Form::For { targets, sequence, reversed })
}

/// `re.split(" *, *", " ".join(words))`; none where one of them is no name.
fn loop_variables(words: &[Word]) -> Option<Vec<Word>> {
    let mut targets = Vec::new();
    // Whether a comma stands before the next word.
    let mut separated = true;
    for word in words {
        let mut start = 0;
        for piece in word.text.split(',') {
            if start > 0 {
                if separated {
                    return None;
                }
                separated = true;
            }
            if !piece.is_empty() {
                // Two names with white space between them are one with a space in it.
                if !separated || piece.contains(['"', '\'', '|', ' ']) {
                    return None;
                }
                targets.push(part_of(word, start, start + piece.len()));
                separated = false;
            }
            start += piece.len() + 1;
        }
    }
    (!separated).then_some(targets)
}

pub(super) fn ifchanged(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.args()?;
    Ok(Form::IfChanged { values: reader.expressions(args)? })
}

pub(super) fn regroup(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let [source, by, path, middle, target] = reader.args()? else {
        return Err(Fault::arguments("'regroup' tag takes five arguments"));
    };
    let source = reader.expression(source)?;
    if &*by.text != "by" {
        return Err(Fault::arguments("second argument to 'regroup' tag must be 'by'"));
    }
    if &*middle.text != "as" {
        return Err(Fault::arguments("next-to-last argument to 'regroup' tag must be 'as'"));
    }
    let by = format!("{}.{}", target.text, path.text);
    let by = reader.compile(&by, Place::Within(path.span))?;
    Ok(Form::Regroup { source, by, target: target.clone() })
}

pub(super) fn with(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let mut rest = reader.args()?;
    let assignments = reader.assignments(&mut rest, true)?;
    let tag = repr(reader.name());
    if assignments.is_empty() {
        return Err(Fault::arguments(format!("{tag} expected at least one variable assignment")));
    }
    if let Some(word) = rest.first() {
        let message = format!("{tag} received an invalid token: {}", repr(&word.text));
        return Err(Fault::arguments(message));
    }
    Ok(Form::With { assignments })
}

/// `name=value` among the words of `url` and of functions: where the value begins, if one is named.
pub(super) fn positional_or_keyword(
    reader: &mut Reader<'_, '_>,
    word: &Word,
    positional: &mut Vec<crate::filter::FilterExpression>,
    keywords: &mut Vec<super::Assignment>,
) -> Result<(), Fault> {
    match super::reader::keyword(&word.text) {
        Some(at) => {
            let value = reader.value(word, at + 1)?;
            assign(keywords, super::Assignment { name: part_of(word, 0, at), value });
        }
        None => positional.push(reader.expression(word)?),
    }
    Ok(())
}
