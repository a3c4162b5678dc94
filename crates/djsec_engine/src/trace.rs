//! Why a rule reports a line or not.

use djsec_base::{FileId, Finding, Location, Suppressed, TextRange, Utf8Path};
use djsec_django::hierarchy::Hierarchy;
use djsec_flow::{Catalog as Models, Kind, Request, Watched};
use djsec_rules::{Check, FlowModels as _};

use crate::similar::{did_you_mean, nearest};
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
    /// The file is not part of the audit; which may be meant.
    #[error("'{0}' is not among the audited files{1}")]
    NoFile(String, String),
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
        let models = config.flow_models();
        for project in &run.projects {
            let structure = project.structure(&run.files, &run.program, &hierarchy);
            let found = djsec_flow::watch(
                Request {
                    files: &run.files,
                    program: &run.program,
                    hierarchy: &hierarchy,
                    models: &structure.models,
                    settings: Some(&project.settings),
                    routes: &structure.routes,
                    views: &structure.views,
                    root: &project.root,
                    templates: project.templates(&run.files, &run.program, &hierarchy),
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
    let found = run.files.find(question.path).and_then(|id| Some((id, run.files.file(id)?)));
    let Some((id, file)) = found else {
        let paths = run.files.iter().map(|(_, file)| file.path.as_str());
        let near = nearest(question.path.as_str(), paths);
        return Err(NoAnswer::NoFile(question.path.to_string(), did_you_mean(near)));
    };
    let (text, lines) = (file.text(), file.lines());
    // What stands behind the last line end is no line.
    let count = lines.count() - usize::from(text.is_empty() || text.ends_with(['\n', '\r']));
    if !(1..=count).contains(&(question.line as usize)) {
        return Err(NoAnswer::NoLine(question.path.to_string(), count));
    }
    Ok((id, lines.line_range(question.line, text)))
}
