//! A rule's documentation page: its form, and its examples as cases.

use djsec_base::{RuleMeta, Utf8Path};

use crate::case::Case;
use crate::markdown::{self, Block, Fence, Problem};

/// An example of a page.
#[derive(Debug)]
pub struct Example {
    /// Whether it stands under *Flagged*.
    pub flagged: bool,
    /// The line of the page on which it begins, from 1.
    pub line: usize,
    /// Its files, in the minimal project.
    pub case: Case,
}

const FLAGGED: &str = "Flagged";
const NOT_FLAGGED: &str = "Not flagged";

/// Headings in the order in which a page has them, and whether each page must.
const HEADINGS: [(&str, bool); 8] = [
    ("What it does", true),
    ("Why it matters", true),
    (FLAGGED, true),
    (NOT_FLAGGED, true),
    ("How to fix", false),
    ("Fix safety", false),
    ("Limits", false),
    ("References", false),
];

/// What is wrong with a rule's page and metadata, apart from what its examples show when run.
pub fn check_page(meta: &RuleMeta) -> Vec<Problem> {
    let mut problems = check_metadata(meta);
    match markdown::read(&page(meta)) {
        Ok(blocks) => {
            problems.extend(check_headings(&blocks));
            problems.extend(check_links(&blocks));
        }
        Err(problem) => problems.push(problem),
    }
    match examples(meta) {
        Ok(examples) => problems.extend(check_examples(&examples)),
        Err(found) => problems.extend(found),
    }
    problems
}

/// The examples of a page. Blocks under *Flagged* and *Not flagged* are examples; blocks that
/// follow each other without prose between them, with different paths, are one project.
///
/// # Errors
/// With every block or mark that cannot be understood.
pub fn examples(meta: &RuleMeta) -> Result<Vec<Example>, Vec<Problem>> {
    let page = page(meta);
    let blocks = markdown::read(&page).map_err(|problem| vec![problem])?;
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut heading = "";
    let mut open = false;
    for block in &blocks {
        match block {
            Block::Heading(found) => heading = found.text,
            Block::Fence(fence) if [FLAGGED, NOT_FLAGGED].contains(&heading) => {
                match groups.last_mut().filter(|group| open && !group.shows(fence.argument)) {
                    Some(group) => group.blocks.push(block),
                    None => groups.push(Group {
                        flagged: heading == FLAGGED,
                        line: fence.line,
                        blocks: vec![block],
                    }),
                }
            }
            Block::Fence(_) | Block::Prose { .. } => {}
        }
        open = matches!(block, Block::Fence(_));
    }
    let mut examples = Vec::new();
    let mut problems = Vec::new();
    for Group { flagged, line, blocks } in groups {
        match Case::of_example(format!("{} example", meta.id), &blocks) {
            Ok(case) if case.files.is_empty() => {} // prose in a `text` block
            Ok(case) => examples.push(Example { flagged, line, case }),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(examples) } else { Err(problems) }
}

struct Group<'a> {
    flagged: bool,
    line: usize,
    blocks: Vec<&'a Block<'a>>,
}

impl Group<'_> {
    fn shows(&self, path: &str) -> bool {
        self.blocks
            .iter()
            .any(|block| matches!(block, Block::Fence(Fence { argument, .. }) if *argument == path))
    }
}

/// The page without the space that a doc comment leaves in front of each line.
fn page(meta: &RuleMeta) -> String {
    let lines = || meta.docs.split_inclusive('\n');
    if lines().all(|line| line.trim().is_empty() || line.starts_with(' ')) {
        lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect()
    } else {
        meta.docs.to_owned()
    }
}

fn check_metadata(meta: &RuleMeta) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut expect = |holds: bool, text: String| {
        if !holds {
            problems.push(Problem::general(text));
        }
    };
    // `file!()` has the separators of the machine that compiled the rule.
    let source = meta.source.replace('\\', "/");
    let source = Utf8Path::new(&source);
    let file = source.file_stem().unwrap_or_default();
    let folder = source.parent().and_then(Utf8Path::file_name).unwrap_or_default();
    expect(
        file == meta.id.replace('-', "_"),
        format!("the id `{}` is not the name of {source}", meta.id),
    );
    expect(
        folder == meta.group,
        format!("the group `{}` is not the folder of {source}", meta.group),
    );
    expect(!meta.cwe.is_empty(), "the rule names no CWE".to_owned());
    let summary = meta.summary;
    let plain = !summary.is_empty() && !summary.ends_with('.') && summary.trim() == summary;
    expect(plain, format!("the summary `{summary}` is one phrase without a full stop"));
    problems
}

fn check_headings(blocks: &[Block<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut last = None;
    let mut seen = Vec::new();
    for block in blocks {
        let Block::Heading(heading) = block else { continue };
        let position = HEADINGS.iter().position(|(name, _)| *name == heading.text);
        if position.is_none() || heading.level != 2 {
            let text = format!("`{}` is not a heading of a page", heading.text);
            problems.push(Problem::at(heading.line, text));
        } else if position <= last {
            let text = format!("`{}` stands too late, or twice", heading.text);
            problems.push(Problem::at(heading.line, text));
        }
        last = last.max(position);
        seen.push(heading.text);
    }
    for (name, required) in HEADINGS {
        if required && !seen.contains(&name) {
            problems.push(Problem::general(format!("the page lacks `## {name}`")));
        }
    }
    problems
}

fn check_links(blocks: &[Block<'_>]) -> Vec<Problem> {
    let insecure = |text: &str| ["](http://", "<http://"].iter().any(|link| text.contains(link));
    let prose = blocks.iter().filter_map(|block| match block {
        Block::Prose { line, text } if insecure(text) => Some(*line),
        _ => None,
    });
    prose.map(|line| Problem::at(line, "links go over https")).collect()
}

fn check_examples(examples: &[Example]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (flagged, heading) in [(true, FLAGGED), (false, NOT_FLAGGED)] {
        if !examples.iter().any(|example| example.flagged == flagged) {
            problems.push(Problem::general(format!("no example under *{heading}*")));
        }
    }
    for example in examples {
        match (example.flagged, example.case.marks().count()) {
            (true, 0) => problems.push(Problem::at(example.line, "a flagged example has a mark")),
            (false, 1..) => {
                let text = "an example that is not flagged has no mark";
                problems.push(Problem::at(example.line, text));
            }
            _ => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests;
