//! Tags that write something, or set a variable to it.

use super::logic::positional_or_keyword;
use super::reader::{keyword, part_of, split_target};
use super::{Arguments, Form, Reader};
use crate::error::{ErrorCode, Fault};
use crate::filter::Place;
use crate::python::{from, is_space, repr, repr_list, run};
use crate::tree::Word;

pub(super) fn cache(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    // Django reads the cache's name first.
    let args = reader.args()?;
    let (using, args) = match args {
        [rest @ .., last] if args.len() > 2 && last.text.starts_with("using=") => {
            (Some(reader.value(last, "using=".len())?), rest)
        }
        args => (None, args),
    };
    let [timeout, fragment, vary @ ..] = args else {
        let message = format!("'{}' tag requires at least 2 arguments.", repr(reader.name()));
        return Err(Fault::arguments(message));
    };
    let timeout = reader.expression(timeout)?;
    Ok(Form::Cache { timeout, fragment: fragment.clone(), vary: reader.expressions(vary)?, using })
}

pub(super) fn filter(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let tag = run(reader.contents, |c| !is_space(c));
    let rest = from(reader.contents, tag);
    let start = tag + run(rest, is_space);
    let chain = from(reader.contents, start);
    if chain.is_empty() {
        let message = "not enough values to unpack (expected 2, got 1)";
        return Err(Fault::new(ErrorCode::Crash("ValueError"), message));
    }
    // Django puts a variable in front; spans are those of the chain.
    let text = format!("var|{chain}");
    let base = reader.base + start;
    let place = match base.checked_sub("var|".len()) {
        Some(base) => Place::At(base),
        None => Place::Within(reader.span),
    };
    let filters = reader.compile(&text, place)?.filters;
    for filter in &filters {
        let name = &*filter.name.text;
        if matches!(name, "escape" | "safe") {
            return Err(Fault::arguments(format!(
                "\"filter {name}\" is not permitted. Use the \"autoescape\" tag instead."
            )));
        }
    }
    Ok(Form::Filter { filters })
}

pub(super) fn firstof(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.args()?;
    if args.is_empty() {
        return Err(Fault::arguments("'firstof' statement requires at least one argument"));
    }
    let (values, target) = split_target(args);
    Ok(Form::FirstOf { values: reader.expressions(values)?, target: target.cloned() })
}

pub(super) fn lorem(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let mut rest = reader.args()?.iter().collect::<Vec<_>>();
    let random = rest.last().is_some_and(|word| &*word.text == "random");
    if random {
        rest.pop();
    }
    let method = match rest.last().map_or("", |word| &word.text) {
        "w" => 'w',
        "p" => 'p',
        _ => 'b',
    };
    if rest.last().is_some_and(|word| matches!(&*word.text, "w" | "p" | "b")) {
        rest.pop();
    }
    let count = rest.pop();
    let count = match count {
        Some(word) => reader.expression(word)?,
        None => reader.compile("1", Place::Within(reader.span))?,
    };
    if !rest.is_empty() {
        let tag = repr(reader.name());
        return Err(Fault::arguments(format!("Incorrect format for {tag} tag")));
    }
    Ok(Form::Lorem { count, method, random })
}

pub(super) fn now(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    match reader.args()? {
        [format] => Ok(Form::Now { format: format.clone(), target: None }),
        [format, middle, target] if &*middle.text == "as" => {
            Ok(Form::Now { format: format.clone(), target: Some(target.clone()) })
        }
        _ => Err(Fault::arguments("'now' statement takes one argument")),
    }
}

/// `get_static_prefix` and `get_media_prefix`.
pub(super) fn prefix(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    match reader.plain_args().as_slice() {
        [middle, ..] if &*middle.text != "as" => {
            let tag = reader.name();
            Err(Fault::arguments(format!("First argument in '{tag}' must be 'as'")))
        }
        [_, target, ..] => Ok(Form::Set { target: Some(target.clone()) }),
        [_] => Err(out_of_range()),
        _ => Ok(Form::Set { target: None }),
    }
}

fn out_of_range() -> Fault {
    Fault::new(ErrorCode::Crash("IndexError"), "list index out of range")
}

pub(super) fn static_file(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.args()?;
    let [path, ..] = args else {
        let tag = reader.name();
        let message = format!("'{tag}' takes at least one argument (path to file)");
        return Err(Fault::arguments(message));
    };
    let path = reader.expression(path)?;
    // Django takes the fourth word, wherever `as` stands.
    let target = match args {
        [.., middle, _] if &*middle.text == "as" => {
            Some(args.get(2).cloned().ok_or_else(out_of_range)?)
        }
        _ => None,
    };
    Ok(Form::Static { path, target })
}

/// `TemplateTagNode.mapping`, in its order.
const TEMPLATE_TAGS: [(&str, &str); 8] = [
    ("openblock", "{%"),
    ("closeblock", "%}"),
    ("openvariable", "{{"),
    ("closevariable", "}}"),
    ("openbrace", "{"),
    ("closebrace", "}"),
    ("opencomment", "{#"),
    ("closecomment", "#}"),
];

pub(super) fn templatetag(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let args = reader.plain_args();
    let [name] = args.as_slice() else {
        return Err(Fault::arguments("'templatetag' statement takes one argument"));
    };
    if let Some((_, text)) = TEMPLATE_TAGS.iter().find(|(known, _)| *known == &*name.text) {
        return Ok(Form::TemplateTag { text, name: name.clone() });
    }
    let names = repr_list(TEMPLATE_TAGS.iter().map(|(name, _)| *name));
    let name = &name.text;
    let message = format!("Invalid templatetag argument: '{name}'. Must be one of: {names}");
    Err(Fault::arguments(message))
}

pub(super) fn url(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let [name, rest @ ..] = reader.args()? else {
        let tag = reader.name();
        let message = format!("'{tag}' takes at least one argument, a URL pattern name.");
        return Err(Fault::arguments(message));
    };
    let name = reader.expression(name)?;
    let (rest, target) = split_target(rest);
    let (mut args, mut kwargs) = (Vec::new(), Vec::new());
    for word in rest {
        positional_or_keyword(reader, word, &mut args, &mut kwargs)?;
    }
    Ok(Form::Url { name, args, kwargs, target: target.cloned() })
}

pub(super) fn widthratio(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let ([value, greatest, width], target) = match reader.args()? {
        [value, greatest, width] => ([value, greatest, width], None),
        [value, greatest, width, middle, target] => {
            if &*middle.text != "as" {
                return Err(Fault::arguments(
                    "Invalid syntax in widthratio tag. Expecting 'as' keyword",
                ));
            }
            ([value, greatest, width], Some(target.clone()))
        }
        _ => return Err(Fault::arguments("widthratio takes at least three arguments")),
    };
    let values =
        [reader.expression(value)?, reader.expression(greatest)?, reader.expression(width)?];
    Ok(Form::WidthRatio { values, target })
}

/// A function of Django that takes the optional `parameters`, or whatever there is: `parse_bits`.
pub(super) fn call(
    reader: &mut Reader<'_, '_>,
    name: &str,
    parameters: &[&str],
    any: bool,
) -> Result<Form, Fault> {
    let (rest, target) = split_target(reader.args()?);
    let mut arguments = Arguments { target: target.cloned(), ..Arguments::default() };
    for word in rest {
        let Some(at) = keyword(&word.text) else {
            positional(reader, name, word, &mut arguments)?;
            if !any && arguments.positional.len() > parameters.len() {
                let message = format!("'{name}' received too many positional arguments");
                return Err(Fault::arguments(message));
            }
            continue;
        };
        let (key, value) = (part_of(word, 0, at), reader.value(word, at + 1)?);
        let text = &*key.text;
        if !any && !parameters.contains(&text) {
            let message = format!("'{name}' received unexpected keyword argument '{text}'");
            return Err(Fault::arguments(message));
        }
        if arguments.keywords.iter().any(|old| *old.name.text == *text) {
            return Err(Fault::arguments(format!(
                "'{name}' received multiple values for keyword argument '{text}'"
            )));
        }
        arguments.keywords.push(super::Assignment { name: key, value });
    }
    Ok(Form::Call(arguments))
}

fn positional(
    reader: &mut Reader<'_, '_>,
    name: &str,
    word: &Word,
    arguments: &mut Arguments,
) -> Result<(), Fault> {
    if !arguments.keywords.is_empty() {
        return Err(Fault::arguments(format!(
            "'{name}' received some positional argument(s) after some keyword argument(s)"
        )));
    }
    arguments.positional.push(reader.expression(word)?);
    Ok(())
}
