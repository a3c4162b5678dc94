//! The tags of `i18n`, `l10n` and `tz`.

use super::loader::repeated;
use super::{BlockTranslate, Form, Reader};
use crate::error::{ErrorCode, Fault};
use crate::filter::FilterExpression;
use crate::python::{repr, repr_list};
use crate::tree::Word;

/// `localize` and `localtime`.
pub(super) fn switch(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    match reader.args()? {
        [] => Ok(Form::Switch { on: true }),
        [word] if &*word.text == "on" => Ok(Form::Switch { on: true }),
        [word] if &*word.text == "off" => Ok(Form::Switch { on: false }),
        _ => {
            let tag = repr(reader.name());
            Err(Fault::arguments(format!("{tag} argument should be 'on' or 'off'")))
        }
    }
}

/// `language` and `timezone`.
pub(super) fn one_value(reader: &mut Reader<'_, '_>, name: &str) -> Result<Form, Fault> {
    let [value] = reader.args()? else {
        return Err(Fault::arguments(format!("'{name}' takes one argument ({name})")));
    };
    Ok(Form::Value { value: reader.expression(value)? })
}

/// `get_current_language as x` and its like.
pub(super) fn get_as(reader: &mut Reader<'_, '_>, name: &str) -> Result<Form, Fault> {
    let args = reader.plain_args();
    match args.as_slice() {
        [middle, target] if &*middle.text == "as" => Ok(Form::Set { target: Some(target.clone()) }),
        args => {
            let args = args.iter().map(|word| &*word.text);
            let got = repr_list(std::iter::once(name).chain(args));
            Err(Fault::arguments(format!("'{name}' requires 'as variable' (got {got})")))
        }
    }
}

pub(super) fn language_info(reader: &mut Reader<'_, '_>, what: &str) -> Result<Form, Fault> {
    match reader.args()? {
        [preposition, value, middle, target]
            if &*preposition.text == "for" && &*middle.text == "as" =>
        {
            Ok(Form::LanguageInfo { value: reader.expression(value)?, target: target.clone() })
        }
        args => {
            let name = reader.name();
            let got = repr_list(args.iter().map(|word| &*word.text));
            let message = format!("'{name}' requires 'for {what} as variable' (got {got})");
            Err(Fault::arguments(message))
        }
    }
}

#[derive(Default)]
struct Translate {
    noop: bool,
    context: Option<FilterExpression>,
    target: Option<Word>,
}

pub(super) fn translate(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let tag = reader.name();
    let [message, rest @ ..] = reader.args()? else {
        return Err(Fault::arguments(format!("'{tag}' takes at least one argument")));
    };
    let message = reader.expression(message)?;
    let (mut rest, mut options) = (rest, Translate::default());
    while let Some((option, after)) = rest.split_first() {
        rest = translate_option(reader, tag, option, after, &mut options)?;
    }
    let Translate { noop, context, target } = options;
    Ok(Form::Translate { message, context, noop, target })
}

fn translate_option<'w>(
    reader: &mut Reader<'_, '_>,
    tag: &str,
    option: &Word,
    rest: &'w [Word],
    options: &mut Translate,
) -> Result<&'w [Word], Fault> {
    let again = match &*option.text {
        "noop" => options.noop,
        "context" => options.context.is_some(),
        "as" => options.target.is_some(),
        text => {
            return Err(Fault::arguments(format!(
                "Unknown argument for '{tag}' tag: '{text}'. The only options available are 'noop', \
                 'context' \"xxx\", and 'as VAR'."
            )));
        }
    };
    let text = &option.text;
    if again {
        let message = format!("The '{text}' option was specified more than once.");
        return Err(Fault::new(ErrorCode::Repeated, message));
    }
    if &**text == "noop" {
        options.noop = true;
        return Ok(rest);
    }
    let Some((value, rest)) = rest.split_first() else {
        let message = format!("No argument provided to the '{tag}' tag for the {text} option.");
        return Err(Fault::arguments(message));
    };
    if &**text == "as" {
        options.target = Some(value.clone());
        return Ok(rest);
    }
    if matches!(&*value.text, "as" | "noop") {
        return Err(Fault::arguments(format!(
            "Invalid argument '{}' provided to the '{tag}' tag for the context option",
            value.text
        )));
    }
    options.context = Some(reader.expression(value)?);
    Ok(rest)
}

pub(super) fn block_translate(reader: &mut Reader<'_, '_>) -> Result<Form, Fault> {
    let (tag, mut rest) = (reader.name(), reader.args()?);
    let mut options = BlockTranslate::default();
    while let Some((option, after)) = rest.split_first() {
        rest = after;
        let again = match &*option.text {
            "with" => !options.with.is_empty(),
            "count" => options.count.is_some(),
            "context" => options.context.is_some(),
            "trimmed" => options.trimmed,
            "asvar" => options.target.is_some(),
            text => {
                let message = format!("Unknown argument for {} tag: {}.", repr(tag), repr(text));
                return Err(Fault::arguments(message));
            }
        };
        if again {
            return Err(repeated(&option.text));
        }
        block_option(reader, option, &mut rest, &mut options)?;
    }
    Ok(Form::BlockTranslate(Box::new(options)))
}

fn block_option(
    reader: &mut Reader<'_, '_>,
    option: &Word,
    rest: &mut &[Word],
    options: &mut BlockTranslate,
) -> Result<(), Fault> {
    let name = repr(reader.name());
    match &*option.text {
        "with" => {
            options.with = reader.assignments(rest, true)?;
            if options.with.is_empty() {
                return Err(Fault::arguments(format!(
                    "\"with\" in {name} tag needs at least one keyword argument."
                )));
            }
        }
        "count" => {
            let mut counts = reader.assignments(rest, true)?;
            options.count = counts.pop();
            if options.count.is_none() || !counts.is_empty() {
                return Err(Fault::arguments(format!(
                    "\"count\" in {name} tag expected exactly one keyword argument."
                )));
            }
        }
        "context" => {
            let Some(context) = context_of(reader, rest) else {
                let message = format!("\"context\" in {name} tag expected exactly one argument.");
                return Err(Fault::arguments(message));
            };
            options.context = Some(context);
        }
        "trimmed" => options.trimmed = true,
        _ => {
            let Some((value, after)) = rest.split_first() else {
                return Err(Fault::arguments(format!(
                    "No argument provided to the '{}' tag for the asvar option.",
                    reader.name()
                )));
            };
            *rest = after;
            options.target = Some(value.clone());
        }
    }
    Ok(())
}

/// The word after `context`; whatever is wrong with it, Django says that it is missing.
fn context_of(reader: &mut Reader<'_, '_>, rest: &mut &[Word]) -> Option<FilterExpression> {
    let (value, after) = rest.split_first()?;
    *rest = after;
    let before = reader.fault.take();
    let context = reader.expression(value).ok();
    let invalid = reader.fault.take().is_some();
    reader.fault = before;
    context.filter(|_| !invalid)
}
