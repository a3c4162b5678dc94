//! Places as people and formats count them.

use djsec_base::{FileId, Files, LineCol, Location, Outcome, Span, TextRange, TextSize};

/// A place in a file, resolved.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) file: FileId,
    /// The range, or `None` for the whole file.
    pub(crate) region: Option<Region>,
}

/// A range with its lines, columns and bytes; always inside the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Region {
    pub(crate) start: LineCol,
    pub(crate) end: LineCol,
    pub(crate) bytes: TextRange,
}

/// Moves a range inside `text` and onto character borders.
pub(crate) fn clamp(range: TextRange, text: &str) -> TextRange {
    let start = text.floor_char_boundary(range.start().to_usize());
    let end = text.ceil_char_boundary(range.end().to_usize().max(start));
    let size = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
    TextRange::new(size(start), size(end))
}

impl Region {
    pub(crate) fn of(files: &Files, span: Span) -> Option<Self> {
        let file = files.file(span.file)?;
        let bytes = clamp(span.range, file.text());
        let lines = file.lines();
        Some(Self {
            start: lines.line_col(bytes.start(), file.text()),
            end: lines.line_col(bytes.end(), file.text()),
            bytes,
        })
    }
}

impl Place {
    /// The place of a location; `None` for the project as a whole and for unknown files.
    pub(crate) fn of(files: &Files, location: Location) -> Option<Self> {
        match location {
            Location::Span(span) => {
                Some(Self { file: span.file, region: Some(Region::of(files, span)?) })
            }
            Location::File(file) => files.file(file).map(|_| Self { file, region: None }),
            Location::Project => None,
        }
    }
}

/// `path:line` as text, `path` for a whole file, the project's folder for a project.
pub(crate) fn short(files: &Files, location: Location) -> String {
    match Place::of(files, location) {
        Some(Place { file, region: Some(region) }) => {
            format!("{}:{}", files.path(file), region.start.line)
        }
        Some(Place { file, region: None }) => files.path(file).to_string(),
        None => String::from("the project"),
    }
}

/// The file under which a finding is listed: its own, or for a finding about the project the
/// settings module that production loads.
pub(crate) fn home(
    outcome: &Outcome,
    location: Location,
    project: Option<usize>,
) -> Option<FileId> {
    match location {
        Location::Span(span) => Some(span.file),
        Location::File(file) => Some(file),
        Location::Project => {
            let project = project.and_then(|at| outcome.projects.get(at))?;
            project.profile.as_ref()?.file
        }
    }
}
