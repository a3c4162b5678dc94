//! The marks at lines that must be reported.

use crate::markdown::Problem;

/// A finding that a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Line of the audited file, from 1; 0 when the finding has no place in a file.
    pub line: u32,
    /// The rule that must report it; `None` is the rule under test.
    pub rule: Option<String>,
}

const WORD: &str = "finding";

/// Takes the marks out of a text. Lines keep their numbers; `first` is the line of the Markdown
/// text that the first line stands on, and `shift` the number of lines put in front of the file.
pub(crate) fn take(
    text: &str,
    first: usize,
    shift: u32,
) -> Result<(String, Vec<Mark>), Vec<Problem>> {
    let mut kept = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut problems = Vec::new();
    for ((line, at), content) in (shift + 1..).zip(first..).zip(text.split_inclusive('\n')) {
        let end = content.trim_end_matches(['\n', '\r']);
        match take_from_line(end) {
            Ok((code, rules)) => {
                kept.push_str(&code);
                kept.push_str(content.get(end.len()..).unwrap_or_default());
                marks.extend(rules.into_iter().map(|rule| Mark { line, rule }));
            }
            Err(text) => problems.push(Problem::at(at, text)),
        }
    }
    if problems.is_empty() { Ok((kept, marks)) } else { Err(problems) }
}

/// The rules that a line of prose expects without a place, as `<!-- finding -->` does.
pub(crate) fn placeless(prose: &str) -> Result<Vec<Option<String>>, String> {
    let comment = prose.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    match comment.map(str::trim).filter(|comment| is_mark(comment)) {
        Some(mark) => rules(mark),
        None => Ok(Vec::new()),
    }
}

fn take_from_line(line: &str) -> Result<(String, Vec<Option<String>>), String> {
    let mut code = line.to_owned();
    let mut found = Vec::new();
    while let Some((before, mark, after)) = template_mark(&code) {
        found.extend(rules(mark)?);
        code = format!("{before}{after}");
    }
    if let Some((before, mark)) = trailing_mark(&code) {
        found.extend(rules(mark)?);
        code = before.to_owned();
    }
    if !found.is_empty() {
        code.truncate(code.trim_end().len());
    }
    Ok((code, found))
}

/// `{# finding #}`, anywhere in the line.
fn template_mark(line: &str) -> Option<(&str, &str, &str)> {
    line.match_indices("{#").find_map(|(at, _)| {
        let (before, rest) = line.split_at_checked(at)?;
        let (comment, after) = rest.strip_prefix("{#")?.split_once("#}")?;
        is_mark(comment.trim()).then_some((before, comment.trim(), after))
    })
}

/// `# finding` at the end of a line, after white space.
fn trailing_mark(line: &str) -> Option<(&str, &str)> {
    line.match_indices('#').find_map(|(at, _)| {
        let (before, rest) = line.split_at_checked(at)?;
        let mark = rest.strip_prefix('#')?.trim();
        let separate = before.is_empty() || before.ends_with([' ', '\t']);
        (separate && is_mark(mark)).then_some((before, mark))
    })
}

/// Whether a comment's text begins with the whole word; `# findings are…` is no mark.
fn is_mark(comment: &str) -> bool {
    let rest = comment.strip_prefix(WORD);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ' ']))
}

/// The rules that a mark names; one `None` when it names none.
fn rules(mark: &str) -> Result<Vec<Option<String>>, String> {
    let rest = mark.strip_prefix(WORD).unwrap_or(mark).trim();
    if rest.is_empty() {
        return Ok(vec![None]);
    }
    let names = rest.strip_prefix(':').map(|names| names.split(',').map(str::trim));
    let is_id =
        |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match names {
        Some(mut names) if names.clone().all(is_id) => {
            Ok(names.by_ref().map(|name| Some(name.to_owned())).collect())
        }
        _ => Err(format!("cannot read the mark `{mark}`; write `finding` or `finding: rule-id`")),
    }
}

#[cfg(test)]
mod tests;
