//! Tags that name other templates, or parts of one.

use super::reader::place;
use super::{Form, Reader};
use crate::error::{ErrorCode, Fault};
use crate::filter::{FilterExpression, Place};
use crate::python::repr;
use crate::tree::{Load, Word};

pub(super) fn block(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.plain_args();
    let [name] = args.as_slice() else {
        return Err(Fault::arguments("'block' tag takes only one argument"));
    };
    if !reader.memory.blocks.insert(name.text.clone()) {
        let message = format!("'block' tag with name '{}' appears more than once", name.text);
        return Err(Fault::new(ErrorCode::Repeated, message));
    }
    Ok(Form::Block { name: name.clone() })
}

pub(super) fn extends(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let [parent] = reader.args()? else {
        return Err(Fault::arguments("'extends' takes one argument"));
    };
    Ok(Form::Extends { parent: template(reader, parent, false)? })
}

pub(super) fn include(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let [name, rest @ ..] = reader.args()? else {
        return Err(Fault::arguments(
            "'include' tag takes at least one argument: the name of the template to be included.",
        ));
    };
    let (mut with, mut only, mut rest) = (Vec::new(), false, rest);
    while let Some((option, after)) = rest.split_first() {
        rest = after;
        match &*option.text {
            "with" if with.is_empty() => {
                with = reader.assignments(&mut rest, false)?;
                if with.is_empty() {
                    return Err(Fault::arguments(
                        "\"with\" in 'include' tag needs at least one keyword argument.",
                    ));
                }
            }
            "only" if !only => only = true,
            text @ ("with" | "only") => return Err(repeated(text)),
            text => {
                let message = format!("Unknown argument for 'include' tag: {}.", repr(text));
                return Err(Fault::arguments(message));
            }
        }
    }
    Ok(Form::Include { template: template(reader, name, true)?, with, only })
}

/// An option that `include` or `blocktranslate` has already.
pub(super) fn repeated(option: &str) -> Fault {
    let message = format!("The {} option was specified more than once.", repr(option));
    Fault::new(ErrorCode::Repeated, message)
}

/// The expression that names a template; relative names are made absolute where that can be done.
fn template(
    reader: &mut Reader<'_, '_>,
    word: &Word,
    recursion: bool,
) -> Result<FilterExpression, Fault> {
    let Some(current) = reader.knowledge().template_name() else {
        return reader.compile(&word.text, place(word, 0));
    };
    match relative_name(current, &word.text, recursion) {
        Err(message) => Err(Fault::new(ErrorCode::Path, message)),
        Ok(Some(absolute)) => reader.compile(&absolute, Place::Within(word.span)),
        Ok(None) => reader.compile(&word.text, place(word, 0)),
    }
}

/// `construct_relative_path`: the word of `extends` or `include`, with its quotes, seen from the template
/// `current`. `None` where it is not relative; Django's words where it leads out of the templates or, without
/// `recursion`, to the template itself.
pub fn relative_name(current: &str, word: &str, recursion: bool) -> Result<Option<String>, String> {
    let name = word.trim_matches(['\'', '"']);
    if !name.starts_with("./") && !name.starts_with("../") {
        return Ok(None);
    }
    let folder = current.trim_start_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = normalize(&format!("{folder}/{name}"));
    if path.starts_with("../") {
        return Err(format!(
            "The relative path '{word}' points outside the file hierarchy that template '{current}' is in."
        ));
    }
    if !recursion && current.trim_start_matches('/') == path {
        return Err(format!(
            "The relative path '{word}' was translated to template name '{path}', the same template in \
             which the tag appears."
        ));
    }
    let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quoted = quote.is_some_and(|quote| word.ends_with(quote));
    Ok(Some(if quoted { format!("\"{path}\"") } else { path }))
}

/// A template's name and, after `#`, the partial in it, as `Engine.get_template` takes names apart since Django 6.0.
pub fn split_partial(name: &str) -> (&str, Option<&str>) {
    match name.split_once('#') {
        Some((template, partial)) => {
            (template, Some(partial).filter(|partial| !partial.is_empty()))
        }
        None => (name, None),
    }
}

/// `posixpath.normpath` of a path that does not begin at the root.
fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

pub(super) fn load(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.plain_args();
    let (names, from) = match args.as_slice() {
        [names @ .., middle, library] if !names.is_empty() && &*middle.text == "from" => {
            (names, Some(library))
        }
        names => (names, None),
    };
    let load = Load { names: names.to_vec(), from: from.cloned(), span: reader.span };
    reader.memory.loads.push(load);
    reader.scope.load(names, from)?;
    Ok(Form::Load)
}

pub(super) fn partial(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    match reader.args()? {
        [name] => Ok(Form::Partial { name: name.clone() }),
        _ => Err(Fault::arguments("'partial' tag requires a single argument")),
    }
}

pub(super) fn partialdef(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    match reader.args()? {
        [name] => Ok(Form::PartialDef { name: name.clone(), inline: false }),
        [name, inline] if &*inline.text == "inline" => {
            Ok(Form::PartialDef { name: name.clone(), inline: true })
        }
        [_, _] => Err(Fault::arguments(
            "The 'inline' argument does not have any parameters; either use 'inline' or remove it completely.",
        )),
        [] => Err(Fault::arguments("'partialdef' tag requires a name")),
        _ => Err(Fault::arguments("'partialdef' tag takes at most 2 arguments")),
    }
}
