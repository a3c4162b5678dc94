//! What `format_html` puts into the tags of its format: escaping keeps a text in its attribute, and leaves `javascript:` as
//! it is.

use std::sync::Arc;

use djsec_base::Span;
use djsec_templates::html::State;

use super::Run;
use crate::Kind;
use crate::args::{Args, Given};
use crate::pages::is_address;

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
        let (mut state, mut next) = (State::start(), 0_u32);
        for part in parts(&text) {
            match part {
                Part::Text(text) => state.text(text, 0, &mut ()),
                Part::Field(name) => {
                    let at = next;
                    next = next.saturating_add(1);
                    if is_address(&state.insertion(at, &mut ()))
                        && let Some(given) = given(args, name, at)
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

/// What a format is given for a field: by its place, or its name.
fn given<'a>(args: &'a Args, name: &str, at: u32) -> Option<&'a Given> {
    let end = name.find(['.', '[', ':', '!']).unwrap_or(name.len());
    let (name, rest) = name.split_at_checked(end)?;
    // A part of what is given is something else.
    if rest.starts_with(['.', '[']) {
        return None;
    }
    let at = if name.is_empty() { Some(at) } else { name.parse().ok() };
    match at {
        Some(at) => args.positional.get(usize::try_from(at).ok()?.checked_add(1)?),
        None => args.keyword(name),
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
