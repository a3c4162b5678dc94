//! Cuts the lines to show out of a file, hides the secrets in them, and makes them harmless.

use std::ops::Range;

use djsec_base::{FileId, Files, Finding, Location, TextRange};

use crate::neutral::substitute;
use crate::place::{Region, clamp};
use crate::redact::{Secrets, redact};

/// A range to point at.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) range: TextRange,
    pub(crate) label: Option<String>,
    pub(crate) primary: bool,
}

/// The primary and the related places of a finding as marks, by file in the order in which they come;
/// `said` makes labels of what is said of related ones. Places that are no range are left out.
pub(crate) fn marks_by_file(
    finding: &Finding,
    said: impl Fn(&str) -> String,
) -> Vec<(FileId, Vec<Mark>)> {
    let related = finding.related.iter().map(|note| (note.location, Some(said(&note.text))));
    let mut files: Vec<(FileId, Vec<Mark>)> = Vec::new();
    for (location, label) in std::iter::once((finding.primary, None)).chain(related) {
        let Location::Span(span) = location else { continue };
        let mark = Mark { range: span.range, primary: label.is_none(), label };
        match files.iter_mut().find(|(file, _)| *file == span.file) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((span.file, vec![mark])),
        }
    }
    files
}

/// Lines ready to show, with the marks moved to where their text went.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// The number of the first line.
    pub(crate) first_line: usize,
    /// The lines, joined by `\n`.
    pub(crate) source: String,
    /// Ranges in `source`.
    pub(crate) marks: Vec<(Range<usize>, Mark)>,
    /// Line and column of the first primary mark, or of the first one, in the file.
    pub(crate) start: (usize, usize),
}

/// Marks further apart than this many lines get excerpts of their own.
const FARTHEST: u32 = 60;
/// Of a range over more lines than this, the first line is shown.
const TALLEST: u32 = 40;
/// Bytes shown of a long line; the terminal's width cuts further.
const LONGEST: usize = 400;
/// Bytes shown before the first mark on a long line.
const LEAD: usize = 80;

/// A mark with the lines it covers.
#[derive(Debug)]
struct Placed {
    mark: Mark,
    region: Region,
}

/// The excerpts that show `marks` in `file`, in order of their lines; none when the file has no
/// text.
pub(crate) fn excerpts(
    files: &Files,
    id: FileId,
    marks: Vec<Mark>,
    secrets: &mut Secrets,
    about_secrets: bool,
) -> Vec<Excerpt> {
    let Some(file) = files.file(id).filter(|file| !file.text().trim().is_empty()) else {
        return Vec::new();
    };
    let mut placed: Vec<_> = marks.into_iter().filter_map(|mark| place(files, id, mark)).collect();
    placed.sort_by_key(|placed| (placed.region.start, placed.region.end, !placed.mark.primary));
    let mut clusters: Vec<(u32, Vec<Placed>)> = Vec::new();
    for placed in placed {
        let (start, end) = (placed.region.start.line, placed.region.end.line);
        match clusters.last_mut() {
            Some((last, cluster)) if start <= last.saturating_add(FARTHEST) => {
                *last = end.max(*last);
                cluster.push(placed);
            }
            _ => clusters.push((end, vec![placed])),
        }
    }
    let mut lines = Lines { files, id, text: file.text(), secrets, about_secrets };
    clusters.into_iter().filter_map(|(last, cluster)| lines.excerpt(last, cluster)).collect()
}

/// Resolves a mark; line ends at its end are left out, very tall ones are cut to a line.
fn place(files: &Files, id: FileId, mut mark: Mark) -> Option<Placed> {
    let file = files.file(id)?;
    let text = file.text();
    let range = clamp(mark.range, text);
    let marked = text.get(Range::<usize>::from(range)).unwrap_or_default();
    let kept = u32::try_from(marked.trim_end_matches(['\n', '\r']).len()).unwrap_or(0);
    mark.range = TextRange::at(range.start(), kept.into());
    let mut region = Region::of(files, djsec_base::Span::new(id, mark.range))?;
    if region.end.line - region.start.line > TALLEST {
        let line = file.lines().line_range(region.start.line, text);
        mark.range = TextRange::new(mark.range.start(), line.end().max(mark.range.start()));
        region = Region::of(files, djsec_base::Span::new(id, mark.range))?;
    }
    Some(Placed { mark, region })
}

struct Lines<'a> {
    files: &'a Files,
    id: FileId,
    text: &'a str,
    secrets: &'a mut Secrets,
    about_secrets: bool,
}

impl Lines<'_> {
    fn excerpt(&mut self, last: u32, cluster: Vec<Placed>) -> Option<Excerpt> {
        let first = cluster.first()?.region.start.line;
        let lead = cluster.iter().find(|placed| placed.mark.primary).or(cluster.first())?;
        let start = (lead.region.start.line as usize, lead.region.start.column as usize);
        let file = self.files.file(self.id)?;
        // A line of context makes a setting recognizable; more would drown the finding.
        let shown = first.saturating_sub(1).max(1)..=last.saturating_add(1);
        let mut source = String::new();
        let mut starts = vec![0; cluster.len()];
        let mut ends = vec![0; cluster.len()];
        for number in shown.clone() {
            if number as usize > file.lines().count() {
                break;
            }
            if number != *shown.start() {
                source.push('\n');
            }
            let range = Range::<usize>::from(file.lines().line_range(number, self.text));
            let line = self.line(range, number, &cluster);
            for (at, placed) in cluster.iter().enumerate() {
                let bytes = placed.region.bytes;
                if placed.region.start.line == number
                    && let Some(slot) = starts.get_mut(at)
                {
                    *slot = source.len() + line.moved(bytes.start().to_usize());
                }
                if placed.region.end.line == number
                    && let Some(slot) = ends.get_mut(at)
                {
                    *slot = source.len() + line.moved(bytes.end().to_usize());
                }
            }
            source.push_str(&line.text);
        }
        let ranges = starts.into_iter().zip(ends).map(|(start, end)| start..end.max(start));
        let marks = ranges.zip(cluster.into_iter().map(|placed| placed.mark)).collect();
        Some(Excerpt { first_line: *shown.start() as usize, source, marks, start })
    }

    /// One line: cut around its marks, secrets hidden, control characters shown.
    fn line(&mut self, whole: Range<usize>, number: u32, cluster: &[Placed]) -> Line {
        let window = self.window(whole.clone(), number, cluster);
        let mut line = Line { text: String::new(), map: Vec::new() };
        if window.start > whole.start {
            line.text.push('…');
        }
        let hidden = self.secrets.within(self.files, self.id, window.clone(), self.about_secrets);
        let mut hidden = hidden.into_iter().peekable();
        let shown = self.text.get(window.clone()).unwrap_or_default();
        for (at, character) in shown.char_indices() {
            let offset = window.start + at;
            line.map.push((offset, line.text.len()));
            while hidden.next_if(|secret| secret.end <= offset).is_some() {}
            match hidden.peek() {
                Some(secret) if secret.contains(&offset) => {
                    if offset == secret.start.max(window.start) {
                        let value = self.text.get(secret.clone()).unwrap_or_default();
                        let first = secret.start >= window.start;
                        line.text.push_str(&if first { redact(value) } else { "…".to_owned() });
                    }
                }
                _ if character == '\t' => line.text.push_str("    "),
                _ => line.text.push(substitute(character).unwrap_or(character)),
            }
        }
        line.map.push((window.end, line.text.len()));
        if window.end < whole.end {
            line.text.push('…');
        }
        line
    }

    /// What is shown of a line: all of it, or the part around the mark that matters most.
    fn window(&self, whole: Range<usize>, number: u32, cluster: &[Placed]) -> Range<usize> {
        if whole.len() <= LONGEST {
            return whole;
        }
        let starts = cluster.iter().filter(|placed| placed.region.start.line == number);
        let lead = starts.min_by_key(|placed| (!placed.mark.primary, placed.region.bytes.start()));
        let wanted = lead.map_or(whole.start, |placed| placed.region.bytes.start().to_usize());
        let latest = whole.end.saturating_sub(LONGEST);
        let start = wanted.saturating_sub(LEAD).min(latest).max(whole.start);
        let end = start.saturating_add(LONGEST).min(whole.end);
        self.text.floor_char_boundary(start)..self.text.ceil_char_boundary(end)
    }
}

/// A line as shown.
struct Line {
    text: String,
    /// Offsets in the file with their offsets in `text`, ascending.
    map: Vec<(usize, usize)>,
}

impl Line {
    /// Where the byte at `offset` of the file went.
    fn moved(&self, offset: usize) -> usize {
        let at = self.map.partition_point(|(source, _)| *source < offset);
        self.map.get(at).or(self.map.last()).map_or(0, |(_, shown)| *shown)
    }
}
