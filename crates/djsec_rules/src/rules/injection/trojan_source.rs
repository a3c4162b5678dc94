use djsec_base::{
    Applicability, Confidence, Edit, FileId, FileKind, Fix, Role, Severity, Span, TextRange,
    TextSize,
};
use djsec_python::code::{Expr, Stmt};

use super::hidden::{Found, escape, reordered, strayed, written_alike};
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds characters that make Python source look different from what it is: controls that turn the direction of
    /// writing, invisible letters in names, and names that mix Latin letters with Cyrillic ones that look the same. In
    /// files that configure the deployment, controls of direction.
    ///
    /// ## Why it matters
    /// Who reviews a change sees what the editor shows. With one invisible character a comment seems to be code, a check
    /// seems to be there that is not, or two names seem to be one. That is how a back door gets through a review.
    ///
    /// ## Flagged
    /// The second name has a Cyrillic letter:
    /// ```python views.py
    /// def may_delete(is_admin, is_аdmin=True):
    ///     return is_аdmin  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Texts that are written from right to left need no controls, names may be of any one alphabet, and an escape is
    /// seen:
    /// ```python views.py
    /// GREETING = "שלום עולם"
    /// имя = "имя"
    /// ESCAPED = "user\u202e"
    /// ```
    /// A run that is ended in the text where it began, as around a name of unknown direction, is fine, too.
    ///
    /// ## How to fix
    /// Remove the character, or write it as an escape: `"\u202e"`.
    ///
    /// ## Fix safety
    /// The fix writes the characters of a text as escapes, which leaves its value as it is.
    ///
    /// ## Limits
    /// Tests and translations are left out, and templates are not read yet.
    ///
    /// ## References
    /// - [Trojan Source (CVE-2021-42574)](https://trojansource.codes/)
    /// - [PEP 672](https://peps.python.org/pep-0672/)
    RULE {
        id: "trojan-source",
        group: "injection",
        summary: "source looks different from what it is",
        severity: High,
        cwe: [1007],
        owasp: ["2025:A08", "2025:A03"],
        checklist: ["no-code-or-template-injection"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for (id, file) in cx.files.iter() {
        let part = matches!(file.role, Role::Application | Role::Migration);
        let translated = file
            .path
            .components()
            .any(|part| matches!(part.as_str(), "locale" | "locales" | "translations"));
        // Nearly all source has none of these: it is not looked at twice.
        if !part || translated || file.text().is_ascii() || !file.path.starts_with(&cx.project.root)
        {
            continue;
        }
        match file.kind {
            FileKind::Python => python(cx, id, file.text(), out),
            FileKind::Lock
            | FileKind::Template
            | FileKind::Script
            | FileKind::Library
            | FileKind::Other => {}
            _ => {
                for found in reordered(file.text(), &[]) {
                    report(id, &found, None, out);
                }
            }
        }
    }
}

fn python(cx: &Cx<'_>, file: FileId, text: &str, out: &mut Findings) {
    let at = cx.program.module_of(file).and_then(|module| cx.site(module));
    let texts: Vec<TextRange> = at.map(texts_of).unwrap_or_default();
    let mut lines = Vec::new();
    for found in reordered(text, &texts) {
        lines.push(found.line);
        report(file, &found, escaped(file, text, &found, &texts), out);
    }
    // Whoever wrote the name once has to write it again.
    if let Some(found) = strayed(text, &texts).first().filter(|it| !lines.contains(&it.line)) {
        report(file, found, None, out);
    }
    if let Some(at) = at {
        names(at, out);
        values(at, out);
    }
}

/// Where the texts of a module stand: outer ones only, f-strings as a whole.
fn texts_of(at: Site<'_>) -> Vec<TextRange> {
    let is_text = |expr: &Expr| matches!(expr, Expr::Str(_) | Expr::Format(_));
    let mut ranges: Vec<TextRange> = at
        .code
        .all_exprs()
        .filter(|(_, expr)| is_text(expr))
        .map(|(id, _)| at.code.expr_range(id))
        .collect();
    ranges.sort_by_key(|range| (range.start(), std::cmp::Reverse(range.end())));
    let mut outer: Vec<TextRange> = Vec::new();
    for range in ranges {
        if !outer.last().is_some_and(|last| last.contains_range(range)) {
            outer.push(range);
        }
    }
    outer
}

fn report(file: FileId, found: &Found, fix: Option<Fix>, out: &mut Findings) {
    let message =
        format!("{} ({}): what is read here is not what is run", found.words, found.code());
    out.found(&RULE, Span::new(file, found.range), found.code(), message)
        .help("remove the character, or write it as an escape")
        .fix(fix)
        .done();
}

/// Writes the controls of a text as escapes; not in a raw one, where they would be letters.
fn escaped(file: FileId, text: &str, found: &Found, texts: &[TextRange]) -> Option<Fix> {
    let range = *texts.iter().find(|range| range.contains_range(found.range))?;
    let source = text.get(std::ops::Range::<usize>::from(range))?;
    let prefix: String = source.chars().take_while(char::is_ascii_alphabetic).collect();
    if prefix.to_ascii_lowercase().contains('r') {
        return None;
    }
    let mut edits = Vec::new();
    for (at, c) in source.char_indices() {
        let Some(escape) = escape(c) else { continue };
        let start = range.start().checked_add(TextSize::try_from(at).ok()?)?;
        let range = TextRange::at(start, TextSize::of(c));
        edits.push(Edit { span: Span::new(file, range), text: escape });
    }
    let title = "Write the characters as escapes".to_owned();
    Some(Fix { title, applicability: Applicability::Safe, edits })
}

/// Names that look like others.
fn names(at: Site<'_>, out: &mut Findings) {
    let mut told: Vec<&str> = Vec::new();
    let mut tell = |name, range| {
        if !told.contains(&name)
            && let Some(letter) = written_alike(name)
        {
            told.push(name);
            let message = format!(
                "`{name}` mixes Latin letters with one of another alphabet that looks the same (U+{:04X}): there may be \
                 another of this name",
                u32::from(letter)
            );
            out.found(&RULE, at.span(range), name, message)
                .severity(Severity::Medium)
                .help("write the name in one alphabet")
                .done();
        }
    };
    for (id, expr) in at.code.all_exprs() {
        if let Expr::Name(name) = expr {
            tell(at.code.text(name), at.code.expr_range(id));
        }
    }
    for (_, stmt) in at.code.all_stmts() {
        if let Stmt::Function(id) = stmt
            && let Some(function) = at.code.function(id)
        {
            tell(at.code.text(function.name), function.name_range);
        }
    }
}

/// Words that are compared or looked up, with a character in them that nobody sees.
fn values(at: Site<'_>, out: &mut Findings) {
    for (id, expr) in at.code.all_exprs() {
        let Expr::Compare(first, rest) = expr else { continue };
        let operands = at.code.comparisons(rest).iter().map(|(_, operand)| *operand);
        for operand in operands.chain([first]) {
            let Some(text) = at.code.string(operand) else { continue };
            let seen: String = text.chars().filter(char::is_ascii_graphic).collect();
            let hidden = text.chars().any(|c| matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}'));
            if seen.is_empty() || !hidden {
                continue;
            }
            let message = format!(
                "this looks like {seen:?}, and is another text: a character in it is invisible"
            );
            out.found(&RULE, at.expr_span(operand), at.path_around(id), message)
                .severity(Severity::Low)
                .confidence(Confidence::Medium)
                .help("remove the character, or write it as an escape")
                .done();
        }
    }
}
