//! Excerpts of files, with what is meant marked in them.

use std::fmt::Write as _;
use std::ops::Range;

use djsec_base::{FileId, Files};

use crate::excerpt::Excerpt;
use crate::page::escaped;

/// An excerpt under the place that it begins with.
pub(super) fn figure(files: &Files, file: FileId, excerpt: &Excerpt) -> String {
    let (line, column) = excerpt.start;
    let mut out = format!(
        "<figure>\n<figcaption><code>{}:{line}:{column}</code></figcaption>\n<pre><code>",
        escaped(files.path(file).as_str())
    );
    let mut start = 0;
    for (at, line) in excerpt.source.split('\n').enumerate() {
        let range = start..start + line.len();
        start = range.end + 1;
        let number = excerpt.first_line + at;
        let _ = write!(out, "<span class=\"number\">{number}</span>");
        marked(&mut out, excerpt, range.clone());
        out.push('\n');
        for (place, mark) in &excerpt.marks {
            let ends = range.start <= place.end && place.end <= range.end;
            if let Some(label) = mark.label.as_ref().filter(|_| ends) {
                let kind = class(mark.primary);
                let _ = writeln!(out, "<span class=\"said {kind}\">{}</span>", escaped(label));
            }
        }
    }
    out.push_str("</code></pre>\n</figure>\n");
    out
}

const fn class(primary: bool) -> &'static str {
    if primary { "primary" } else { "context" }
}

/// One line, cut where marks begin and end; where they lie above each other, the primary one shows.
fn marked(out: &mut String, excerpt: &Excerpt, line: Range<usize>) {
    let mut cuts: Vec<usize> = excerpt
        .marks
        .iter()
        .flat_map(|(place, _)| [place.start, place.end])
        .filter(|at| line.contains(at))
        .chain([line.start, line.end])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
        let text = escaped(excerpt.source.get(*from..*to).unwrap_or_default());
        let covers = |(place, _): &&(Range<usize>, _)| place.start <= *from && *to <= place.end;
        let primary = excerpt.marks.iter().filter(covers).map(|(_, mark)| mark.primary).max();
        match primary {
            Some(primary) => {
                let _ = write!(out, "<mark class=\"{}\">{text}</mark>", class(primary));
            }
            None => out.push_str(&text),
        }
    }
}
