//! pip's requirements files, and the requirement lines (PEP 508) that other files share with them.

use djsec_base::TextRange;

use crate::parsed::{Parsed, SyntaxError, Text, lines, range, shift};

/// One logical line of a requirements file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A package.
    Requirement(Requirement),
    /// `-r other.txt` or `-c constraints.txt`.
    Include {
        /// The path as written, relative to the including file.
        path: Text,
        /// Whether it only constrains versions.
        constraint: bool,
    },
    /// Another option, such as `--index-url` (`name` with its dashes).
    Option {
        /// The option, with its dashes.
        name: Text,
        /// Its value, if any.
        value: Option<Text>,
    },
}

/// A package that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The name as written; empty for a path or URL without `#egg=`.
    pub name: String,
    /// Where the name stands.
    pub name_range: TextRange,
    /// Extras, as written.
    pub extras: Vec<String>,
    /// The version specifier, such as `>=5.2,<6`; empty for any version.
    pub specifier: Text,
    /// A path or URL instead of a version.
    pub url: Option<String>,
    /// The environment marker after `;`.
    pub marker: Option<String>,
    /// Whether it is installed in place (`-e`).
    pub editable: bool,
    /// How many `--hash` options it has.
    pub hashes: usize,
    /// The whole requirement without hashes and comments.
    pub range: TextRange,
}

/// Parses a requirements file.
pub fn parse(text: &str) -> Parsed<Vec<Line>> {
    let mut out = Parsed::clean(Vec::new());
    let mut parts: Vec<(usize, &str)> = Vec::new();
    for (at, line) in lines(text) {
        let (body, more) = match line.strip_suffix('\\') {
            Some(body) => (body, true),
            None => (line, false),
        };
        let body = if body.trim_start().starts_with('#') { "" } else { uncommented(body) };
        parts.push((at, body));
        if !more {
            logical(&std::mem::take(&mut parts), &mut out);
        }
    }
    logical(&parts, &mut out);
    out
}

/// The line without its comment: a `#` at the start or after a blank.
fn uncommented(line: &str) -> &str {
    let cut = line.match_indices('#').map(|(at, _)| at).find(|at| {
        line.get(..*at).is_some_and(|head| head.is_empty() || head.ends_with([' ', '\t']))
    });
    line.get(..cut.unwrap_or(line.len())).unwrap_or_default()
}

fn logical(parts: &[(usize, &str)], out: &mut Parsed<Vec<Line>>) {
    let Some(first) = parts.iter().find(|(_, part)| !part.trim().is_empty()) else { return };
    let hashes: usize = parts.iter().map(|(_, part)| part.matches("--hash").count()).sum();
    let (at, line) = *first;
    let trimmed = line.trim();
    let start = at + line.len() - line.trim_start().len();
    if trimmed.starts_with('-') {
        option(trimmed, start, out);
        return;
    }
    // Per-requirement options follow the requirement on the same line.
    let end = trimmed.find(" --").unwrap_or(trimmed.len());
    let body = trimmed.get(..end).unwrap_or_default().trim_end();
    match requirement(body) {
        Some(mut requirement) => {
            requirement.hashes = hashes;
            out.tree.push(Line::Requirement(requirement.shifted(start)));
        }
        None => out
            .errors
            .push(SyntaxError::new(range(start, start + body.len()), "this is not a requirement")),
    }
}

fn option(line: &str, start: usize, out: &mut Parsed<Vec<Line>>) {
    let cut = line.find([' ', '\t', '=']).unwrap_or(line.len());
    let short = !line.starts_with("--") && cut > 2 && line.is_char_boundary(2);
    let cut = if short { 2 } else { cut };
    let (name, rest) = line.split_at_checked(cut).unwrap_or((line, ""));
    let value = rest.trim_start_matches([' ', '\t', '=']);
    let value_start = start + line.len() - value.len();
    let value = (!value.is_empty()).then(|| Text::new(value, value_start, start + line.len()));
    match (name, value) {
        ("-r" | "--requirement", Some(path)) => {
            out.tree.push(Line::Include { path, constraint: false });
        }
        ("-c" | "--constraint", Some(path)) => {
            out.tree.push(Line::Include { path, constraint: true });
        }
        ("-e" | "--editable", Some(target)) => {
            if let Some(mut requirement) = requirement(&target.text) {
                requirement.editable = true;
                out.tree.push(Line::Requirement(requirement.shifted(value_start)));
            }
        }
        (_, value) => {
            let name = Text::new(name, start, start + name.len());
            out.tree.push(Line::Option { name, value });
        }
    }
}

impl Requirement {
    fn shifted(mut self, by: usize) -> Self {
        let by = range(0, by).end();
        self.name_range = shift(self.name_range, by);
        self.range = shift(self.range, by);
        self.specifier = self.specifier.shifted(by);
        self
    }
}

/// Reads one requirement (PEP 508, or a path or URL); ranges count from the start of `text`.
pub fn requirement(text: &str) -> Option<Requirement> {
    let whole = range(0, text.len());
    let (body, marker) = match text.split_once(';') {
        Some((body, marker)) => (body, Some(marker.trim().to_owned())),
        None => (text, None),
    };
    let length = body
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(body.len());
    let name = body.get(..length).unwrap_or_default();
    let rest = body.get(length..).unwrap_or_default();
    if text.contains("://") && !rest.trim_start().starts_with('@') && !rest.starts_with('[')
        || text.starts_with(['.', '/'])
        || rest.starts_with('/')
    {
        return Some(located(text, whole));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let (extras, rest) = extras(rest);
    let (url, specifier) = match rest.trim_start().strip_prefix('@') {
        Some(url) => (Some(url.trim().to_owned()), ""),
        None => (None, rest.trim().trim_start_matches('(').trim_end_matches(')').trim()),
    };
    if url.is_none() && !specifier.is_empty() && !specifier.starts_with(['=', '<', '>', '!', '~']) {
        return None;
    }
    let at = if specifier.is_empty() {
        body.trim_end().len()
    } else {
        body.find(specifier).unwrap_or(length)
    };
    Some(Requirement {
        name: name.to_owned(),
        name_range: range(0, length),
        extras,
        specifier: Text::new(specifier, at, at + specifier.len()),
        url,
        marker,
        editable: false,
        hashes: 0,
        range: range(0, text.trim_end().len()),
    })
}

fn extras(rest: &str) -> (Vec<String>, &str) {
    let trimmed = rest.trim_start();
    match trimmed.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((inner, after)) => {
            (inner.split(',').map(|extra| extra.trim().to_owned()).collect(), after)
        }
        None => (Vec::new(), rest),
    }
}

fn located(text: &str, whole: TextRange) -> Requirement {
    let name = text
        .split_once("egg=")
        .and_then(|(_, egg)| egg.split(['&', '[', ';', ' ']).next())
        .unwrap_or_default();
    Requirement {
        name: name.to_owned(),
        name_range: whole,
        extras: Vec::new(),
        specifier: Text::new("", text.len(), text.len()),
        url: Some(text.trim().to_owned()),
        marker: None,
        editable: false,
        hashes: 0,
        range: whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Requirement {
        match parse(text).tree.first() {
            Some(Line::Requirement(requirement)) => requirement.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn versions_extras_markers_and_hashes_are_read() {
        let text = "django[argon2] == 5.2.3 ; python_version > '3.9' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n";
        let got = only(text);
        assert_eq!((got.name.as_str(), got.specifier.as_str()), ("django", "== 5.2.3"));
        assert_eq!(got.extras, ["argon2"]);
        assert_eq!(got.marker.as_deref(), Some("python_version > '3.9'"));
        assert_eq!(got.hashes, 2);
        assert_eq!(crate::under(text, got.specifier.range), "== 5.2.3");
    }

    #[test]
    fn urls_paths_and_editables_keep_their_name_when_there_is_one() {
        assert_eq!(only("-e git+https://x.invalid/a.git#egg=django-a&x=1\n").name, "django-a");
        assert_eq!(
            only("Foo @ https://x.invalid/foo.zip\n").url.unwrap(),
            "https://x.invalid/foo.zip"
        );
        assert_eq!(only("./vendor/pkg\n").name, "");
    }

    #[test]
    fn includes_options_and_comments_are_told_apart() {
        let parsed = parse(
            "# top\n-r base.txt # why\n-cconstraints.txt\n--index-url https://x.invalid\na==1 # b\n",
        );
        assert!(
            matches!(&parsed.tree[0], Line::Include { path, constraint: false } if path.text == "base.txt")
        );
        assert!(
            matches!(&parsed.tree[1], Line::Include { path, constraint: true } if path.text == "constraints.txt")
        );
        assert!(matches!(&parsed.tree[2], Line::Option { name, .. } if name.text == "--index-url"));
        assert!(matches!(&parsed.tree[3], Line::Requirement(r) if r.specifier.text == "==1"));
    }

    #[test]
    fn what_is_not_a_requirement_is_reported() {
        let parsed = parse("{% if x %}\nwhat is this\nok\n");
        assert_eq!(parsed.errors.len(), 2);
        assert_eq!(parsed.tree.len(), 1);
    }
}
