//! Keeps secrets out of every report.
//!
//! What counts as a secret is decided by the text around a value (the name it is given, the key
//! it stands under) and by the rule that reports it. In doubt the value is hidden: a report is
//! kept in build logs and sent to services, and its reader has the file.

mod line_values;
mod python_literals;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use djsec_base::{FileId, FileKind, Files, Finding, Location};

use crate::place::clamp;

/// `secret` as it may be shown: its first characters, `…`, and its length.
///
/// Values of 16 characters and more keep four, shorter ones two, those under eight none.
/// The public prefix `django-insecure-` is kept, because it is what a reader must see.
pub fn redact(secret: &str) -> String {
    const PUBLIC: &str = "django-insecure-";
    let length = secret.chars().count();
    let kept: String = match length {
        _ if secret.len() > PUBLIC.len() && secret.starts_with(PUBLIC) => PUBLIC.to_owned(),
        0..8 => String::new(),
        8..16 => secret.chars().take(2).collect(),
        _ => secret.chars().take(4).collect(),
    };
    let noun = if length == 1 { "character" } else { "characters" };
    format!("{kept}… ({length} {noun})")
}

/// Whether a rule is about secrets, so that every string near its findings may be one.
fn about_secrets(rule: &str) -> bool {
    ["secret", "password", "hardcoded", "credential", "token", "private-key"]
        .iter()
        .any(|word| rule.contains(word))
}

/// How strongly a name says that its value is secret.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hint {
    /// Nothing says so.
    #[default]
    None,
    /// The name mentions a key or a token: long values are hidden.
    Mentions,
    /// The name is that of a secret (`SECRET_KEY`, `PASSWORD`): every value is hidden.
    Names,
}

impl Hint {
    fn of(name: &str) -> Self {
        let name = name.to_ascii_uppercase().replace('-', "_");
        let last = name.rsplit('.').next().unwrap_or_default();
        let names = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "SECRET_KEY", "SIGNING_KEY"];
        let words = ["SECRET", "KEY", "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "CREDENTIAL"];
        if names.iter().any(|ending| last.ends_with(ending)) {
            Self::Names
        } else if words.iter().any(|word| last.contains(word)) {
            Self::Mentions
        } else {
            Self::None
        }
    }

    /// Whether a value of this length, under this name, is hidden.
    fn hides(self, value: &str, about_secrets: bool) -> bool {
        let shortest = match (self, about_secrets) {
            (Self::Names, _) => 1,
            (_, true) => 8,
            (Self::Mentions, false) => 16,
            (Self::None, false) => return false,
        };
        let unnamed = self == Self::None;
        value.chars().take(shortest).count() == shortest
            && !is_plain(value)
            && !(unnamed && is_route(value))
    }
}

/// Whether a value is of a form that is no secret: a dotted path (`django.db.backends.mysql`,
/// `db.internal`), a reference to a variable (`${SECRET}`, `{{ secret }}`), a web address
/// without credentials, or what an earlier redaction left.
fn is_plain(value: &str) -> bool {
    let reference = ["$", "{{", "{%", "<"].iter().any(|start| value.starts_with(start));
    reference || value.contains('…') || is_dotted_path(value) || is_open_address(value)
}

/// The pattern of an address or a folder: words between slashes, `accounts/`, `users/<int:pk>/`.
fn is_route(value: &str) -> bool {
    let open = |c: char| c.is_ascii_lowercase() || "-_/<>:^".contains(c);
    (value.ends_with('/') || value.starts_with('/')) && value.chars().all(open)
}

/// All parts but the last in lower case: that keeps JSON Web Tokens, which are dotted too, out.
fn is_dotted_path(value: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.len() <= 60
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let Some((head, last)) = value.rsplit_once('.') else { return false };
    word(last) && head.split('.').all(|part| word(part) && !part.contains(char::is_uppercase))
}

fn is_open_address(value: &str) -> bool {
    (value.starts_with("https://") || value.starts_with("http://"))
        && !value.contains(['@', '?', '#', ' '])
}

/// The passwords in addresses (`postgres://user:password@host`) of `text`.
fn passwords_in_addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, separator) in text.match_indices("://") {
        let start = at + separator.len();
        let rest = text.get(start..).unwrap_or_default();
        let stop = rest.find(|c: char| c.is_whitespace() || "'\"<>`/?#".contains(c));
        let authority = rest.get(..stop.unwrap_or(rest.len())).unwrap_or_default();
        let Some((account, _host)) = authority.rsplit_once('@') else { continue };
        let Some((user, password)) = account.split_once(':') else { continue };
        if !password.is_empty() && !password.starts_with(['$', '{']) {
            let from = start + user.len() + 1;
            found.push(from..from + password.len());
        }
    }
    found
}

/// The secret ranges of the files that a report touches, found once per file.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    literals: BTreeMap<FileId, Vec<python_literals::Literal>>,
}

impl Secrets {
    /// The ranges of secrets that overlap `window` in a file, sorted and apart.
    pub(crate) fn within(
        &mut self,
        files: &Files,
        id: FileId,
        window: Range<usize>,
        about_secrets: bool,
    ) -> Vec<Range<usize>> {
        let Some(file) = files.file(id) else { return Vec::new() };
        let text = file.text();
        // The line before or after may say what the value on this one is.
        let wide = window_around(
            text,
            text.floor_char_boundary(window.start.saturating_sub(1)),
            text.ceil_char_boundary(window.end.saturating_add(1)),
        );
        let shown = text.get(wide.clone()).unwrap_or_default();
        let mut ranges = passwords_in_addresses(shown);
        if file.kind != FileKind::Python {
            ranges.extend(line_values::secret_values(shown, about_secrets));
        }
        for range in &mut ranges {
            *range = range.start + wide.start..range.end + wide.start;
        }
        ranges.retain(|range| range.start < window.end && window.start < range.end);
        if file.kind == FileKind::Python {
            let literals =
                self.literals.entry(id).or_insert_with(|| python_literals::candidates(text));
            let first = literals.partition_point(|literal| literal.range.end <= window.start);
            ranges.extend(
                literals
                    .iter()
                    .skip(first)
                    .take_while(|literal| literal.range.start < window.end)
                    .filter(|literal| {
                        let value = text.get(literal.range.clone()).unwrap_or_default();
                        literal.hint.hides(value, about_secrets)
                    })
                    .map(|literal| literal.range.clone()),
            );
        }
        merge(ranges)
    }
}

/// Sorts ranges and joins those that overlap.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Hides the secrets of one finding in everything that is written about it.
#[derive(Debug)]
pub(crate) struct Mask {
    /// The secret values, longest first.
    values: Vec<String>,
    /// Whether the finding's rule is about secrets.
    pub(crate) about_secrets: bool,
}

/// A text longer than this is a blob, not a name or a sentence.
const LONGEST_LINE: usize = 4096;

impl Mask {
    /// Finds the secrets on the lines that the finding points at.
    pub(crate) fn of(files: &Files, finding: &Finding, secrets: &mut Secrets) -> Self {
        let about_secrets = about_secrets(finding.rule.id);
        let related = finding.related.iter().map(|note| note.location);
        let trace = finding.trace.iter().map(|step| step.location);
        let mut values = BTreeSet::new();
        for location in std::iter::once(finding.primary).chain(related).chain(trace) {
            let Location::Span(span) = location else { continue };
            let Some(file) = files.file(span.file) else { continue };
            let text = file.text();
            let range = clamp(span.range, text);
            let window = window_around(text, range.start().to_usize(), range.end().to_usize());
            for secret in secrets.within(files, span.file, window, about_secrets) {
                let value = text.get(secret).unwrap_or_default().trim();
                // Shorter ones would blot out syllables of ordinary words.
                if value.len() >= 4 {
                    values.insert(value.to_owned());
                }
            }
        }
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Self { values, about_secrets }
    }

    /// `text` with every known secret, and every password in an address, hidden.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for value in &self.values {
            if masked.contains(value.as_str()) {
                masked = masked.replace(value.as_str(), &redact(value));
            }
        }
        mask_addresses(&masked)
    }
}

/// `text` with the passwords in addresses hidden.
pub(crate) fn mask_addresses(text: &str) -> String {
    mask_ranges(text, passwords_in_addresses(text))
}

/// A line of evidence, such as `ENV SECRET_KEY=…`, with what it assigns to telling names hidden.
pub(crate) fn mask_evidence(text: &str) -> String {
    let mut ranges = passwords_in_addresses(text);
    ranges.extend(line_values::secret_values(text, false));
    mask_ranges(text, merge(ranges))
}

/// `text` with ranges hidden that are sorted and apart.
fn mask_ranges(text: &str, ranges: Vec<Range<usize>>) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for range in ranges {
        masked.push_str(text.get(from..range.start).unwrap_or_default());
        masked.push_str(&redact(text.get(range.clone()).unwrap_or_default()));
        from = range.end;
    }
    masked.push_str(text.get(from..).unwrap_or_default());
    masked
}

/// The lines around a range, cut to what is shown of very long ones.
pub(crate) fn window_around(text: &str, start: usize, end: usize) -> Range<usize> {
    let low = text.floor_char_boundary(start.saturating_sub(LONGEST_LINE));
    let high = text.ceil_char_boundary(end.saturating_add(LONGEST_LINE));
    let before = text.get(low..start).unwrap_or_default();
    let after = text.get(end..high).unwrap_or_default();
    let first = before.rfind(['\n', '\r']).map_or(low, |at| low + at + 1);
    let last = after.find(['\n', '\r']).map_or(high, |at| end + at);
    first..last
}

#[cfg(test)]
mod tests;
