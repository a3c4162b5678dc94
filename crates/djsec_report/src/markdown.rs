//! The little Markdown that rule pages are written in: headings, paragraphs, lists, fenced code,
//! `code`, **strong**, *emphasis* and [links](…).

use crate::page::{escaped, small};
use crate::text::style::{BOLD, CODE, DIM, Look, columns, wrap};

/// A block of a page.
#[derive(Debug, PartialEq, Eq)]
enum Block<'a> {
    Heading(&'a str),
    Paragraph(String),
    /// The mark (`-`, `1.`) and the text.
    Item(&'a str, String),
    Code {
        /// What stands after the fence: language, file name.
        info: &'a str,
        lines: Vec<&'a str>,
    },
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open = false;
    let mut fence = "";
    for line in page.lines() {
        let text = line.trim();
        if !fence.is_empty() {
            if text == fence {
                fence = "";
            } else if let Some(Block::Code { lines, .. }) = blocks.last_mut() {
                lines.push(line.trim_end());
            }
            continue;
        }
        let ticks = text.len() - text.trim_start_matches('`').len();
        if ticks >= 3 {
            let (mark, info) = text.split_at_checked(ticks).unwrap_or((text, ""));
            fence = mark;
            blocks.push(Block::Code { info: info.trim(), lines: Vec::new() });
            open = false;
        } else if text.is_empty() {
            open = false;
        } else if text.starts_with('#') {
            blocks.push(Block::Heading(text.trim_start_matches('#').trim()));
            open = false;
        } else if let Some((mark, rest)) = item(text) {
            blocks.push(Block::Item(mark, rest.to_owned()));
            open = true;
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(words) | Block::Item(_, words)) if open => {
                    words.push(' ');
                    words.push_str(text);
                }
                _ => blocks.push(Block::Paragraph(text.to_owned())),
            }
            open = true;
        }
    }
    blocks
}

/// Splits the mark off a list item.
fn item(line: &str) -> Option<(&str, &str)> {
    let (mark, rest) = line.split_once(' ')?;
    let number = mark.strip_suffix('.').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    (matches!(mark, "-" | "*" | "+") || number).then_some((mark, rest.trim()))
}

/// The first paragraph of a page, without marks.
pub(crate) fn first_paragraph(page: &str) -> Option<String> {
    blocks(page).into_iter().find_map(|block| match block {
        Block::Paragraph(text) => Some(spans(&text).into_iter().map(|(_, text)| text).collect()),
        _ => None,
    })
}

/// The page as plain text.
pub(crate) fn plain(page: &str) -> String {
    let look = Look::of(&crate::Options::default());
    render(page, &look)
}

/// The page for a terminal, with a line end after every line.
pub(crate) fn render(page: &str, look: &Look<'_>) -> String {
    let mut out = String::new();
    let mut previous_item = false;
    for block in blocks(page) {
        let is_item = matches!(block, Block::Item(..));
        let joins = is_item && previous_item;
        if !out.is_empty() && !joins {
            out.push('\n');
        }
        previous_item = is_item;
        match block {
            Block::Heading(text) => line(&mut out, &look.paint(BOLD, text)),
            Block::Paragraph(text) => flow(&mut out, look, &text, "", ""),
            Block::Item(mark, text) => {
                let mark = if mark.ends_with('.') { mark } else { "•" };
                let indent = " ".repeat(columns(mark) + 3);
                flow(&mut out, look, &text, &format!("  {mark} "), &indent);
            }
            Block::Code { info, lines } => {
                let name = info.split_whitespace().nth(1).unwrap_or_default();
                if !name.is_empty() {
                    line(&mut out, &look.paint(DIM, &format!("    # {name}")));
                }
                for code in lines {
                    let code = crate::neutralize(code);
                    line(&mut out, &look.paint(CODE, format!("    {code}").trim_end()));
                }
            }
        }
    }
    out
}

/// The page as HTML, its headings as those of the fourth level.
pub(crate) fn html(page: &str) -> String {
    let mut out = String::new();
    let mut list = false;
    for block in blocks(page) {
        let item = matches!(block, Block::Item(..));
        if item != list {
            out.push_str(if item { "<ul>\n" } else { "</ul>\n" });
            list = item;
        }
        out.push_str(&html_block(block));
    }
    if list {
        out.push_str("</ul>\n");
    }
    out
}

fn html_block(block: Block<'_>) -> String {
    match block {
        Block::Heading(text) => format!("<h4>{}</h4>\n", escaped(text)),
        Block::Paragraph(text) => format!("<p>{}</p>\n", html_spans(&text)),
        Block::Item(_, text) => format!("<li>{}</li>\n", html_spans(&text)),
        Block::Code { info, lines } => {
            let name = info.split_whitespace().nth(1).map(small).unwrap_or_default();
            let lines: Vec<String> = lines.into_iter().map(escaped).collect();
            format!("{name}<pre><code>{}</code></pre>\n", lines.join("\n"))
        }
    }
}

/// A text with its marks as elements.
pub(crate) fn html_spans(text: &str) -> String {
    let dressed = |(ink, text): (Ink, String)| match ink {
        Ink::Plain => escaped(&text),
        Ink::Code => format!("<code>{}</code>", escaped(&text)),
        Ink::Strong => format!("<strong>{}</strong>", escaped(&text)),
    };
    spans(text).into_iter().map(dressed).collect()
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Plain,
    Code,
    Strong,
}

/// Words with their ink; a link becomes its text and its address.
fn spans(text: &str) -> Vec<(Ink, String)> {
    let mut spans = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(character) = rest.chars().next() {
        let code = enclosed(rest, "`").map(|(inner, tail)| (Ink::Code, inner.to_owned(), tail));
        let found = code
            .or_else(|| {
                enclosed(rest, "**").map(|(inner, tail)| (Ink::Strong, inner.to_owned(), tail))
            })
            .or_else(|| {
                enclosed(rest, "*").map(|(inner, tail)| (Ink::Plain, inner.to_owned(), tail))
            })
            .or_else(|| link(rest).map(|(shown, tail)| (Ink::Plain, shown, tail)));
        if let Some((ink, inner, tail)) = found {
            if !plain.is_empty() {
                spans.push((Ink::Plain, std::mem::take(&mut plain)));
            }
            spans.push((ink, inner));
            rest = tail;
        } else {
            plain.push(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
    }
    if !plain.is_empty() {
        spans.push((Ink::Plain, plain));
    }
    spans
}

/// The text between two marks at the start of `text`, and what follows.
fn enclosed<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (inner, tail) = text.strip_prefix(mark)?.split_once(mark)?;
    let tight = !inner.starts_with(' ') && !inner.ends_with(' ') && !inner.is_empty();
    tight.then_some((inner, tail))
}

/// `[text](address)` at the start of `text`, as it is shown, and what follows.
fn link(text: &str) -> Option<(String, &str)> {
    let (shown, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, tail) = rest.split_once(')')?;
    if shown.contains('[') || address.contains(' ') {
        return None;
    }
    let shown = shown.replace('`', "");
    Some((if shown == address { shown } else { format!("{shown} ({address})") }, tail))
}

/// Breaks a paragraph into lines and dresses its words.
fn flow(out: &mut String, look: &Look<'_>, text: &str, first: &str, indent: &str) {
    // Lines are broken by their plain text; a private mark keeps where the ink changes.
    let mut inks = Vec::new();
    let mut plain = String::new();
    for (ink, words) in spans(text) {
        let mut words = crate::neutralize(&words).into_owned();
        if ink == Ink::Code && !look.colored() {
            words = format!("`{words}`");
        }
        inks.extend(words.chars().filter(|c| !c.is_whitespace()).map(|_| ink));
        plain.push_str(&words);
    }
    let mut inks = inks.into_iter();
    for (at, words) in wrap(&plain, look.width.saturating_sub(columns(indent))).iter().enumerate() {
        out.push_str(if at == 0 { first } else { indent });
        let mut run = (Ink::Plain, String::new());
        for character in words.chars() {
            let ink =
                if character.is_whitespace() { run.0 } else { inks.next().unwrap_or(Ink::Plain) };
            if ink != run.0 {
                dress(out, look, &run);
                run = (ink, String::new());
            }
            run.1.push(character);
        }
        dress(out, look, &run);
        out.push('\n');
    }
}

fn dress(out: &mut String, look: &Look<'_>, (ink, text): &(Ink, String)) {
    let text = match ink {
        Ink::Plain => text.clone(),
        Ink::Code => look.paint(CODE, text),
        Ink::Strong => look.paint(BOLD, text),
    };
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    const PAGE: &str = "## What it does\nFinds `DEBUG` that is\non, **always**.\n\n- one [page](https://docs.djangoproject.com/x)\n- two\n  goes on\n1. first\n\n```python settings.py\nDEBUG = True  # finding\n\nX = 1\n```\n## End\n";

    #[test]
    fn a_page_becomes_lines_of_plain_text() {
        let expected = "What it does\n\nFinds `DEBUG` that is on, always.\n\n  • one page (https://docs.djangoproject.com/x)\n  • two goes on\n  1. first\n\n    # settings.py\n    DEBUG = True  # finding\n\n    X = 1\n\nEnd\n";
        assert_eq!(plain(PAGE), expected);
        assert_eq!(first_paragraph(PAGE).unwrap(), "Finds DEBUG that is on, always.");
    }

    #[test]
    fn code_keeps_its_color_across_a_line_break() {
        let options = Options { color: true, width: 40, ..Options::default() };
        let page = "A paragraph with some `code that is long enough` in it";
        let shown = render(page, &Look::of(&options));
        assert_eq!(shown.matches("\u{1b}[36m").count(), 2, "{shown:?}");
        assert_eq!(shown.lines().count(), 2);
    }

    #[test]
    fn unclosed_marks_are_ordinary_characters() {
        assert_eq!(plain("a * b ` c [d](e"), "a * b ` c [d](e\n");
        assert_eq!(plain("```\nnever closed"), "    never closed\n");
        assert_eq!(plain("2 * 3 * 4"), "2 * 3 * 4\n");
        assert_eq!(first_paragraph("## Only a heading"), None);
    }
}
