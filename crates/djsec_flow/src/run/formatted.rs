//! What formats put together: the texts and values of `"{}/{name}".format(…)` in order, and what `format_html` puts into
//! the tags of its own, where escaping keeps a text in its attribute, and leaves `javascript:` as it is.

use std::sync::Arc;

use djsec_base::Span;
use djsec_templates::html::State;

use super::Run;
use crate::Kind;
use crate::args::{Args, Given};
use crate::pages::is_address;
use crate::value::Value;

/// The function whose format is looked at.
const FORMAT: &str = "django.utils.html.format_html";

/// A part of a format.
enum Part<'t> {
    Text(&'t str),
    /// What stands between braces.
    Field(&'t str),
}

impl Run<'_, '_> {
    /// `format_html('<a href="{}">{}</a>', url, name)`: what becomes a whole address.
    pub(super) fn linked_in(&mut self, external: &str, args: &Args, place: Span) {
        if external != FORMAT {
            return;
        }
        let Some(text) = args.positional.first().and_then(|given| given.value.as_text()).cloned()
        else {
            return;
        };
        let behind = args.positional.get(1..).unwrap_or_default();
        let (mut state, mut next) = (State::start(), 0_u32);
        for part in parts(&text) {
            match part {
                Part::Text(text) => state.text(text, 0, &mut ()),
                Part::Field(name) => {
                    let at = next;
                    next = next.saturating_add(1);
                    if is_address(&state.insertion(at, &mut ()))
                        && let Some(given) = given((behind, args), name, at)
                    {
                        let taint = given.value.whole().of_part();
                        let words = Arc::from("a whole address, `javascript:` among others");
                        self.into_place(
                            Kind::Link,
                            &taint,
                            place,
                            ("format_html", &words),
                            (true, false),
                        );
                    }
                }
            }
        }
    }
}

/// The texts and values that `"{}/{name}"` puts together, in order; nothing where a field is a part of what is given, or
/// it is not seen what is.
pub(super) fn pieces(format: &str, args: &Args) -> Option<Vec<Value>> {
    let (mut pieces, mut next) = (Vec::new(), 0_u32);
    for part in parts(format) {
        match part {
            Part::Text(text) => pieces.push(Value::text(text)),
            Part::Field(name) => {
                let value = &given((&args.positional, args), name, next)?.value;
                next = next.saturating_add(1);
                // Written in another way, a text that is known is another one.
                let as_it_is = value.as_text().is_none() || !name.contains([':', '!']);
                pieces.push(if as_it_is { value.clone() } else { Value::default() });
            }
        }
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// What a format is given for a field: by its name, its number, or as the next, at this place.
fn given<'a>(
    (positional, args): (&'a [Given], &'a Args),
    name: &str,
    next: u32,
) -> Option<&'a Given> {
    let end = name.find(['.', '[', ':', '!']).unwrap_or(name.len());
    let (name, rest) = name.split_at_checked(end)?;
    // A part of what is given is something else.
    if rest.starts_with(['.', '[']) {
        return None;
    }
    match name.parse::<usize>() {
        _ if name.is_empty() => positional.get(usize::try_from(next).ok()?),
        Ok(at) => positional.get(at),
        Err(_) => args.keyword(name),
    }
}

/// The texts and fields of a format, in order; `{{` is a brace.
fn parts(format: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let Some((before, from)) = rest.split_at_checked(at) else { break };
        parts.push(Part::Text(before));
        if from.starts_with("{{") || from.starts_with("}}") {
            let Some((braces, after)) = from.split_at_checked(2) else { break };
            parts.extend(braces.get(1..).map(Part::Text));
            rest = after;
        } else if let Some((field, after)) =
            from.strip_prefix('{').and_then(|from| from.split_once('}'))
        {
            parts.push(Part::Field(field));
            rest = after;
        } else {
            // No format at all.
            return Vec::new();
        }
    }
    parts.push(Part::Text(rest));
    parts
}
