//! The files of an audited tree, and places in them.

use std::cmp::{Ordering, Reverse};
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};
use ruff_text_size::{TextRange, TextSize};

/// Identifies a file in [`Files`]; ids follow the sorted order of the paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A byte range in a file. It always knows its file; a bare range is a [`TextRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// The bytes, in the file's decoded UTF-8 text.
    pub range: TextRange,
}

/// By file, then by place: outer ranges before those in them.
impl Ord for Span {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |span: &Self| (span.file, span.range.start(), Reverse(span.range.end()));
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Span {
    /// A span of `range` in `file`.
    pub const fn new(file: FileId, range: TextRange) -> Self {
        Self { file, range }
    }

    /// So many bytes of its file, counted from where it begins.
    #[must_use]
    pub fn part(self, at: usize, length: usize) -> Self {
        let size = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let start = u32::from(self.range.start()).saturating_add(size(at));
        let end = start.saturating_add(size(length));
        Self::new(self.file, TextRange::new(start.into(), end.into()))
    }
}

/// What a file is, by name, place and (where needed) first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Python source (`.py`, `.pyw`, or a Python shebang).
    Python,
    /// A template that Django or Jinja renders.
    Template,
    /// `requirements*.txt`, `constraints*.txt` and pip-tools' `.in` files.
    Requirements,
    /// A lock file (`poetry.lock`, `uv.lock`, `pdm.lock`, `Pipfile.lock`, `pylock*.toml`).
    Lock,
    /// `pyproject.toml`.
    Pyproject,
    /// `Pipfile`.
    Pipfile,
    /// `setup.cfg`.
    SetupCfg,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A compose file.
    Compose,
    /// YAML that is not known to be something more precise (Kubernetes, Helm values, platform files).
    Yaml,
    /// `.env` files and their like.
    DotEnv,
    /// A `Procfile`.
    Procfile,
    /// A systemd unit.
    Systemd,
    /// nginx configuration.
    Nginx,
    /// Apache configuration.
    Apache,
    /// A Caddyfile.
    Caddy,
    /// GitHub or GitLab pipeline files.
    Pipeline,
    /// A shell script.
    Shell,
    /// INI-like files (`uwsgi.ini`, `tox.ini`, `settings.ini`, `pytest.ini`).
    Ini,
    /// Other TOML files.
    Toml,
    /// Other JSON files.
    Json,
    /// JavaScript that the project ships as a static file and has written itself.
    Script,
    /// A copy of a known JavaScript library, by its name and its first lines, which are all that is kept.
    Library,
    /// Anything else; its text is not kept.
    Other,
}

/// What a file is for; rules about production leave tests and examples alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Code or configuration of the application itself.
    Application,
    /// Tests and their support.
    Test,
    /// A Django migration.
    Migration,
    /// Third-party code kept in the tree.
    Vendored,
    /// An example, sample or template that generates files.
    Example,
}

/// One file of the tree.
#[derive(Debug)]
pub struct File {
    /// Path relative to the audited root, with `/` between parts.
    pub path: Utf8PathBuf,
    /// What it is.
    pub kind: FileKind,
    /// What it is for.
    pub role: Role,
    /// Its text as UTF-8; absent when it was not read (too large, binary, not of interest).
    pub text: Option<Arc<str>>,
    lines: OnceLock<LineIndex>,
}

impl File {
    /// A file with its text, if it was read.
    pub fn new(path: Utf8PathBuf, kind: FileKind, role: Role, text: Option<Arc<str>>) -> Self {
        Self { path, kind, role, text, lines: OnceLock::new() }
    }

    /// The text, empty when it was not read.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// The line starts of the text, computed once.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text()))
    }
}

/// The order of paths: part by part, as `Utf8Path` compares them, but several times as fast for
/// paths whose parts stand between single `/`. Sorting a large tree takes a hundred thousand of these.
pub fn path_order(a: &Utf8Path, b: &Utf8Path) -> Ordering {
    let (a, b) = (a.as_str().as_bytes(), b.as_str().as_bytes());
    let differ = a.iter().zip(b).find(|(a, b)| a != b);
    // The end of a part comes before everything that could go on with it.
    differ.map_or_else(|| a.len().cmp(&b.len()), |(a, b)| (*a != b'/', a).cmp(&(*b != b'/', b)))
}

/// All files of the tree, sorted by path.
#[derive(Debug, Default)]
pub struct Files {
    entries: Vec<File>,
    /// All files, in order of their names.
    by_name: OnceLock<Vec<FileId>>,
}

impl Files {
    /// Takes files in any order and sorts them by path, so that ids do not depend on the walk.
    pub fn new(mut entries: Vec<File>) -> Self {
        entries.sort_by(|a, b| path_order(&a.path, &b.path));
        entries.dedup_by(|a, b| a.path == b.path);
        Self { entries, by_name: OnceLock::new() }
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.entries.get(id.0 as usize)
    }

    /// The path of a file, or an empty path for an unknown id.
    pub fn path(&self, id: FileId) -> &Utf8Path {
        self.file(id).map_or(Utf8Path::new(""), |file| &file.path)
    }

    /// The text of a file, empty when unknown or not read.
    pub fn text(&self, id: FileId) -> &str {
        self.file(id).map_or("", File::text)
    }

    /// The text under a span, empty when the span lies outside.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(std::ops::Range::<usize>::from(span.range)).unwrap_or_default()
    }

    /// Finds a file by its path relative to the root.
    pub fn find(&self, path: &Utf8Path) -> Option<FileId> {
        // `a//b` and `a/./b` name the same file as `a/b`.
        let text = path.as_str();
        if text.contains("//") || text.contains("/.") || text.ends_with('/') {
            return self.find_plain(&path.components().collect::<Utf8PathBuf>());
        }
        self.find_plain(path)
    }

    fn find_plain(&self, path: &Utf8Path) -> Option<FileId> {
        let at = self.entries.binary_search_by(|file| path_order(&file.path, path)).ok()?;
        u32::try_from(at).ok().map(FileId)
    }

    /// The files of this name, whatever their folders, in order of their paths.
    pub fn named(&self, name: &str) -> &[FileId] {
        let name_of = |id: FileId| self.path(id).file_name().unwrap_or_default();
        let all = self.by_name.get_or_init(|| {
            let mut all: Vec<FileId> = self.iter().map(|(id, _)| id).collect();
            // Stable: those of one name stay in the order of their paths.
            all.sort_by_cached_key(|id| name_of(*id));
            all
        });
        let start = all.partition_point(|id| name_of(*id) < name);
        let rest = all.get(start..).unwrap_or_default();
        let length = rest.partition_point(|id| name_of(*id) == name);
        rest.get(..length).unwrap_or_default()
    }

    /// All files in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        (0_u32..).map(FileId).zip(&self.entries)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Line and column of the start of a span.
    pub fn line_col(&self, span: Span) -> LineCol {
        self.file(span.file).map_or(LineCol { line: 1, column: 1 }, |file| {
            file.lines().line_col(span.range.start(), file.text())
        })
    }
}

/// A place as people and editors count it: both from 1, columns in Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Byte offsets of line starts.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`; `\n`, `\r\n` and lone `\r` end lines, as in Python.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// Line and column of a byte offset.
    pub fn line_col(&self, offset: TextSize, text: &str) -> LineCol {
        let offset = offset.to_u32();
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0);
        let column = text
            .get(start as usize..offset as usize)
            .map_or(offset - start, |head| u32::try_from(head.chars().count()).unwrap_or(u32::MAX));
        LineCol { line: u32::try_from(line.max(1)).unwrap_or(u32::MAX), column: column + 1 }
    }

    /// The byte range of a line (from 1) without its line end.
    pub fn line_range(&self, line: u32, text: &str) -> TextRange {
        let at = (line.max(1) - 1) as usize;
        let start = self.starts.get(at).copied().unwrap_or(0);
        let whole = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let end = self.starts.get(at + 1).copied().unwrap_or(whole);
        let body = text.get(start as usize..end as usize).unwrap_or_default();
        let kept = u32::try_from(body.trim_end_matches(['\n', '\r']).len()).unwrap_or(0);
        TextRange::new(TextSize::new(start), TextSize::new(start + kept))
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_and_every_line_end() {
        let text = "ä = 1\r\nb = 2\rc = 3\n";
        let index = LineIndex::new(text);
        assert_eq!(index.count(), 4);
        assert_eq!(index.line_col(TextSize::new(3), text), LineCol { line: 1, column: 3 });
        assert_eq!(index.line_col(TextSize::new(8), text), LineCol { line: 2, column: 1 });
        assert_eq!(index.line_col(TextSize::new(14), text), LineCol { line: 3, column: 1 });
        assert_eq!(index.line_range(1, text), TextRange::new(TextSize::new(0), TextSize::new(6)));
    }

    #[test]
    fn paths_are_ordered_as_their_parts_are() {
        let paths =
            ["a", "a/b", "a/b.c", "a-b/c", "a.b", "a0", "a/b/c", "ab", "", "a b", "ä/a", "b"];
        for a in paths.map(Utf8Path::new) {
            for b in paths.map(Utf8Path::new) {
                assert_eq!(path_order(a, b), a.cmp(b), "{a} {b}");
            }
        }
    }

    #[test]
    fn a_file_is_found_by_any_spelling_of_its_path() {
        let file = |path: &str| File::new(path.into(), FileKind::Other, Role::Application, None);
        let files = Files::new(["a/.b/c", "a-b", "a/b"].map(file).into());
        for (path, found) in [
            ("a/b", Some("a/b")),
            ("a//b", Some("a/b")),
            ("a/./b", Some("a/b")),
            ("a/b/", Some("a/b")),
            ("a/.b/c", Some("a/.b/c")),
            ("a", None),
            ("a/../a/b", None),
        ] {
            let id = files.find(path.into());
            assert_eq!(id.map(|id| files.path(id).as_str()), found, "{path}");
        }
    }

    #[test]
    fn a_part_of_a_span_begins_in_it_and_stays_total() {
        let span = Span::new(FileId(3), TextRange::new(4.into(), 9.into()));
        let of = |part: Span| (part.file, part.range.start().to_u32(), part.range.end().to_u32());
        assert_eq!(of(span.part(2, 3)), (FileId(3), 6, 9));
        assert_eq!(of(span.part(0, usize::MAX)), (FileId(3), 4, u32::MAX));
        assert_eq!(of(span.part(usize::MAX, 1)), (FileId(3), u32::MAX, u32::MAX));
    }

    #[test]
    fn an_offset_past_the_end_stays_total() {
        let index = LineIndex::new("a");
        assert_eq!(index.line_col(TextSize::new(9), "a").line, 1);
    }
}
