//! Reads what a `djsec:` comment says: `ignore[rule, other until=2027-01-31] reason`.

use std::ops::Range;

use jiff::civil::Date;

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// The whole file rather than a line.
    pub(super) file: bool,
    /// Rule ids with their places, relative to the comment's body.
    pub(super) rules: Vec<(String, Range<usize>)>,
    /// The last day on which it holds.
    pub(super) until: Option<Date>,
    /// Why; may be empty.
    pub(super) reason: String,
}

/// Reads the body of a comment (what follows `djsec:`).
pub(super) fn request(body: &str) -> Result<Request, String> {
    const FORM: &str = "write `djsec: ignore[rule] reason`";
    let trimmed = body.trim_start();
    let skipped = body.len() - trimmed.len();
    let (verb, rest) = trimmed
        .split_once('[')
        .ok_or_else(|| format!("this djsec comment names no rule; {FORM}"))?;
    let file = match verb.trim_end() {
        "ignore" => false,
        "ignore-file" => true,
        other => return Err(format!("'{other}' is not something djsec can do; {FORM}")),
    };
    let (inside, reason) = rest
        .split_once(']')
        .ok_or_else(|| format!("this djsec comment has no closing ']'; {FORM}"))?;

    let inside_at = skipped + verb.len() + 1;
    let mut rules = Vec::new();
    let mut until = None;
    for (word, at) in words(inside) {
        if let Some(text) = word.strip_prefix("until=") {
            let date = text.parse().map_err(|_| {
                format!("'until' must be a date such as until=2027-01-31, not '{text}'")
            })?;
            until = Some(date);
        } else {
            rules.push((word.to_owned(), inside_at + at..inside_at + at + word.len()));
        }
    }
    if rules.is_empty() {
        return Err(format!("this djsec comment names no rule; {FORM}"));
    }
    let reason = reason.trim_start_matches([':', '-', ' ', '\t']).trim_end().to_owned();
    Ok(Request { file, rules, until, reason })
}

/// The words between commas and spaces, with their offsets.
fn words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut at = 0;
    text.split([',', ' ', '\t']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((word, start))
    })
}
