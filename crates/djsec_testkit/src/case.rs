//! A literate case: a small project in Markdown, with marks at what must be reported.

use std::ops::Range;

use djsec_base::{Utf8Path, Utf8PathBuf};

use crate::markdown::{self, Block, Fence, Problem};
use crate::marks::{self, Mark};
use crate::memory::MemorySystem;
use crate::project::{self, BASE_IMPORT};

/// A small project, and what must be reported about it.
#[derive(Debug)]
pub struct Case {
    /// The `#` heading.
    pub title: String,
    /// The files, in the order in which they are shown.
    pub files: Vec<CaseFile>,
    /// Findings that are expected without a place in a file; their line is 0.
    pub placeless: Vec<Mark>,
    /// The report of the rule's findings, if the case shows it; its path is empty.
    pub snapshot: Option<Expected>,
    /// Files as they must be after the fixes.
    pub fixed: Vec<Expected>,
    minimal: bool,
}

/// A file of a case.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// Its path in the audited tree.
    pub path: Utf8PathBuf,
    /// Its text, without the marks.
    pub text: String,
    /// What must be reported in it.
    pub marks: Vec<Mark>,
    /// The line of the case, from 1, on which the file's first shown line stands.
    pub first_line: usize,
    /// How many lines were put in front of what the case shows.
    pub hidden_lines: u32,
}

impl CaseFile {
    /// The line of the case on which a line of the file stands; `None` for a hidden one.
    pub fn line_in_case(&self, line: u32) -> Option<usize> {
        let shown = line.checked_sub(self.hidden_lines + 1)?;
        Some(self.first_line + usize::try_from(shown).ok()?)
    }
}

/// A block that says what must come out.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The file it is about.
    pub path: Utf8PathBuf,
    /// What must come out.
    pub text: String,
    /// The line of the case on which its block begins, from 1.
    pub line: usize,
    /// Where its text stands in the case, in bytes.
    pub range: Range<usize>,
}

impl Case {
    /// Reads a case.
    ///
    /// A file called `settings.py`, without a folder, asks for the minimal Django project around
    /// the case: `manage.py`, `requirements.txt` with Django 5.2, and a package `shop` with
    /// `wsgi.py`, `urls.py` and `base_settings.py`, which is secure. The case's own file becomes
    /// `shop/settings.py` and begins with a hidden `from .base_settings import *`, unless it
    /// defines `INSTALLED_APPS` or `MIDDLEWARE` itself or first imports from a `.base…` of its own.
    /// Other modules of Django's (`urls.py`, `views.py`, …) go to the package, too. Whatever the
    /// case shows takes the place of the project's file with the same path.
    ///
    /// # Errors
    /// With every block or mark that cannot be understood.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let blocks = markdown::read(text).map_err(|problem| vec![problem])?;
        let minimal = blocks.iter().any(|block| {
            matches!(block, Block::Fence(fence) if is_file(fence) && fence.argument == "settings.py")
        });
        let mut problems = Vec::new();
        let mut case = Self::empty(minimal);
        for block in &blocks {
            if let Err(problem) = case.add(block) {
                problems.extend(problem);
            }
        }
        if case.title.is_empty() {
            problems.push(Problem::at(1, "a case begins with a `#` heading"));
        }
        if case.files.is_empty() {
            problems.push(Problem::general("a case shows at least one file"));
        }
        case.check_fixed(&mut problems);
        if problems.is_empty() { Ok(case) } else { Err(problems) }
    }

    /// A case of these blocks alone, in the minimal project: an example of a rule's page.
    pub(crate) fn of_example(title: String, blocks: &[&Block<'_>]) -> Result<Self, Vec<Problem>> {
        let mut case = Self { title, ..Self::empty(true) };
        let results = blocks.iter().map(|block| case.add(block));
        let problems: Vec<Problem> = results.filter_map(Result::err).flatten().collect();
        if problems.is_empty() { Ok(case) } else { Err(problems) }
    }

    const fn empty(minimal: bool) -> Self {
        Self {
            title: String::new(),
            files: Vec::new(),
            placeless: Vec::new(),
            snapshot: None,
            fixed: Vec::new(),
            minimal,
        }
    }

    /// The tree to audit.
    pub fn system(&self) -> MemorySystem {
        let paths: Vec<Utf8PathBuf> = self.files.iter().map(|file| file.path.clone()).collect();
        let mut system = if self.minimal { project::minimal(&paths) } else { MemorySystem::new() };
        for file in &self.files {
            system.insert(&file.path, file.text.as_str());
        }
        system
    }

    /// The shown file at a path of the tree.
    pub fn file(&self, path: &Utf8Path) -> Option<&CaseFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All marks, each with its file; those without a place have none.
    pub fn marks(&self) -> impl Iterator<Item = (Option<&CaseFile>, &Mark)> {
        let placed =
            self.files.iter().flat_map(|file| file.marks.iter().map(move |m| (Some(file), m)));
        placed.chain(self.placeless.iter().map(|mark| (None, mark)))
    }

    fn add(&mut self, block: &Block<'_>) -> Result<(), Vec<Problem>> {
        match block {
            Block::Heading(heading) if heading.level == 1 => {
                if !self.title.is_empty() {
                    return Err(vec![Problem::at(heading.line, "a case has one `#` heading")]);
                }
                heading.text.clone_into(&mut self.title);
                Ok(())
            }
            Block::Heading(_) => Ok(()),
            Block::Prose { line, text } => {
                let rules =
                    marks::placeless(text).map_err(|text| vec![Problem::at(*line, text)])?;
                self.placeless.extend(rules.into_iter().map(|rule| Mark { line: 0, rule }));
                Ok(())
            }
            Block::Fence(fence) => self.add_fence(fence),
        }
    }

    fn add_fence(&mut self, fence: &Fence<'_>) -> Result<(), Vec<Problem>> {
        let problem = |text: String| Err(vec![Problem::at(fence.line, text)]);
        match fence.language {
            "snapshot" if self.snapshot.is_some() => problem("a case has one snapshot".to_owned()),
            "snapshot" => {
                self.snapshot = Some(self.expected(fence));
                Ok(())
            }
            "fixed" if fence.argument.is_empty() => {
                problem("say which file this is: `fixed path/to/file`".to_owned())
            }
            "fixed" => {
                self.fixed.push(self.expected(fence));
                Ok(())
            }
            _ if is_file(fence) => self.add_file(fence),
            "" | "text" | "console" => Ok(()),
            language => problem(format!(
                "say where this file stands: `{language} path/to/file` (`text` is prose)"
            )),
        }
    }

    fn add_file(&mut self, fence: &Fence<'_>) -> Result<(), Vec<Problem>> {
        let path = self.place(fence.argument);
        if !is_inside(&path) {
            let text = format!("`{path}` is not a plain path relative to the root");
            return Err(vec![Problem::at(fence.line, text)]);
        }
        if self.file(&path).is_some() {
            return Err(vec![Problem::at(fence.line, format!("`{path}` is shown twice"))]);
        }
        let settings = self.minimal && fence.argument == "settings.py";
        let hidden_lines = u32::from(settings && project::builds_on_base(fence.body));
        let first_line = fence.line + 1;
        let (shown, marks) = marks::take(fence.body, first_line, hidden_lines)?;
        let text = if hidden_lines == 0 { shown } else { format!("{BASE_IMPORT}\n{shown}") };
        self.files.push(CaseFile { path, text, marks, first_line, hidden_lines });
        Ok(())
    }

    fn expected(&self, fence: &Fence<'_>) -> Expected {
        Expected {
            path: self.place(fence.argument),
            text: fence.body.to_owned(),
            line: fence.line,
            range: fence.range.clone(),
        }
    }

    fn place(&self, path: &str) -> Utf8PathBuf {
        if self.minimal { project::place(path) } else { path.into() }
    }

    fn check_fixed(&self, problems: &mut Vec<Problem>) {
        for fixed in &self.fixed {
            if self.file(&fixed.path).is_none() {
                let text = format!("the case does not show `{}`", fixed.path);
                problems.push(Problem::at(fixed.line, text));
            }
        }
    }
}

/// Whether a fence is a file: it has a language and a path.
fn is_file(fence: &Fence<'_>) -> bool {
    !["snapshot", "fixed", ""].contains(&fence.language) && !fence.argument.is_empty()
}

fn is_inside(path: &Utf8Path) -> bool {
    path.as_str().split('/').all(|part| !["", ".", ".."].contains(&part))
}

#[cfg(test)]
mod tests;
