//! Why a rule reports a line or not.

use std::borrow::Cow;

use djsec_base::{FileId, Finding, Location, Suppressed, TextRange, TextSize, Utf8Path};
use djsec_django::hierarchy::Hierarchy;
use djsec_flow::{Catalog as Models, Kind, Request, Watched};
use djsec_rules::Check;

use crate::{Config, Run};

/// What was asked: a rule and a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question<'a> {
    /// The rule's id.
    pub rule: &'a str,
    /// The file, relative to the audited root.
    pub path: &'a Utf8Path,
    /// The line, from 1.
    pub line: u32,
}

/// Why a rule reports a line or not.
#[derive(Debug)]
pub struct Answer<'r> {
    /// What it reports there.
    pub reported: Vec<&'r Finding>,
    /// What it would report there, and what keeps that out of the verdict.
    pub suppressed: Vec<&'r Suppressed>,
    /// The kinds of sinks that the rule is about; empty for a rule that does not follow data.
    pub kinds: Vec<Kind>,
    /// What the flow of data shows on the line.
    pub watched: Watched,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The file is not part of the audit.
    #[error("'{0}' is not among the audited files")]
    NoFile(String),
    /// The file has fewer lines.
    #[error("'{0}' has only {1} lines")]
    NoLine(String, usize),
}

/// Answers a question about a run with the least confidence that selects the rule.
///
/// # Errors
/// If there is no such line.
pub fn trace<'r>(
    run: &'r Run,
    config: &Config,
    question: &Question<'_>,
) -> Result<Answer<'r>, NoAnswer> {
    let (file, range) = line(run, question)?;
    let on_line = |finding: &Finding| {
        finding.rule.id == question.rule
            && matches!(finding.primary, Location::Span(span)
                if span.file == file && span.range.intersect(range).is_some())
    };
    let kinds = kinds(question.rule);
    let mut watched = Watched::default();
    if !kinds.is_empty() {
        let hierarchy = Hierarchy::new(&run.program);
        // What is wrong with the user's models has been said before anything ran.
        let models = config.models().unwrap_or_else(|_| Cow::Borrowed(Models::built_in()));
        for project in &run.projects {
            let found = djsec_flow::watch(
                Request {
                    files: &run.files,
                    program: &run.program,
                    hierarchy: &hierarchy,
                    models: &project.models,
                    routes: &project.routes,
                    views: &project.views,
                    root: &project.root,
                    catalog: &models,
                },
                file,
                range,
            );
            if found.inside {
                watched = found;
            }
        }
    }
    Ok(Answer {
        reported: run.outcome.findings.iter().filter(|finding| on_line(finding)).collect(),
        suppressed: run.outcome.suppressed.iter().filter(|one| on_line(&one.finding)).collect(),
        kinds,
        watched,
    })
}

/// The sinks that a rule on the flow of data is about, as djsec's own models know them: what is called,
/// and what the argument is there. Sorted; empty for other rules.
pub fn known_sinks(rule: &str) -> Vec<(&'static str, &'static str)> {
    let models = Models::built_in();
    let all = kinds(rule).into_iter().flat_map(|kind| models.sinks(kind));
    let mut sinks: Vec<_> = all.map(|(name, sink)| (name, &*sink.words)).collect();
    sinks.sort_unstable();
    sinks.dedup();
    sinks
}

fn kinds(rule: &str) -> Vec<Kind> {
    let checks = djsec_rules::all().filter(|known| known.meta.id == rule);
    let kinds = checks.flat_map(|rule| rule.checks).filter_map(|check| match check {
        Check::Flow(kinds, _) => Some(kinds.to_vec()),
        _ => None,
    });
    kinds.flatten().collect()
}

fn line(run: &Run, question: &Question<'_>) -> Result<(FileId, TextRange), NoAnswer> {
    let found = run.files.iter().find(|(_, file)| file.path == question.path);
    let Some((id, file)) = found else { return Err(NoAnswer::NoFile(question.path.to_string())) };
    let text = file.text();
    let mut start = 0;
    let wanted = question.line.checked_sub(1).map(|line| line as usize);
    for (at, content) in text.split_inclusive('\n').enumerate() {
        let end = start + content.len();
        if Some(at) == wanted {
            let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
            let trimmed = start + content.trim_end_matches(['\r', '\n']).len();
            return Ok((id, TextRange::new(size(start), size(trimmed))));
        }
        start = end;
    }
    Err(NoAnswer::NoLine(question.path.to_string(), text.lines().count()))
}
