//! `djsec check --trace RULE:FILE:LINE`: why a rule reports a line or not.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::Result;
use camino::Utf8Path;
use djsec_base::{Confidence, Files, Span, SuppressedBy};
use djsec_engine::{Answer, Data, Grade, Kind, NoAnswer, Observed, Question};

use crate::{
    cli::{Check, Look},
    failure::Failure,
    options::overrides,
    project::Project,
    stages::followed,
};

pub(super) fn run(question: &str, options: &Check, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let question = parse(question)?;
    catalog.rule(question.rule).map_err(|error| Failure::unknown_rule(&error))?;
    let overrides = overrides(&options.production, Some(&options.verdict))?;
    let mut project = Project::open(&options.path, &options.config, overrides, &catalog)?;
    project.load_baseline()?;
    let shown = project.config.confidence;
    project.config.confidence = Confidence::Low;
    let today = options.verdict.today.unwrap_or_else(super::today);
    let run = followed(look, || djsec_engine::run(&project.disk, &project.config, today));
    let answer =
        djsec_engine::trace(&run, &project.config, &question).map_err(|error| no_answer(&error))?;
    let text = words(&question, &answer, &run.files, shown);
    std::io::stdout().lock().write_all(text.as_bytes())?;
    std::mem::forget(run);
    Ok(0)
}

fn no_answer(error: &NoAnswer) -> Failure {
    let hint = match error {
        NoAnswer::NoFile(..) => "name the file relative to PATH",
        NoAnswer::NoLine(..) => "lines are counted from 1",
    };
    Failure::new(error.to_string()).hint(hint)
}

/// `sql-injection:shop/views.py:12`.
fn parse(text: &str) -> Result<Question<'_>, Failure> {
    let parts = text.split_once(':').and_then(|(rule, rest)| {
        let (path, line) = rest.rsplit_once(':')?;
        Some((rule, path, line.parse().ok()?))
    });
    match parts {
        Some((rule, path, line)) => {
            let path = Utf8Path::new(path.trim_start_matches("./"));
            Ok(Question { rule, path, line })
        }
        None => Err(Failure::new(format!("'{text}' is not RULE:FILE:LINE"))
            .hint("for example --trace sql-injection:shop/views.py:12")),
    }
}

fn words(question: &Question<'_>, answer: &Answer<'_>, files: &Files, shown: Confidence) -> String {
    let mut out = format!("{} at {}:{}\n", question.rule, question.path, question.line);
    for finding in &answer.reported {
        let level = finding.confidence;
        let note = if level < shown { ", which is not shown by default" } else { "" };
        let _ =
            writeln!(out, "\nReported with {} confidence{note}: {}", level.name(), finding.message);
        for (at, step) in finding.trace.iter().enumerate() {
            let _ = writeln!(out, "  {}. {}", at + 1, step.text);
        }
    }
    for one in &answer.suppressed {
        let why = match &one.by {
            SuppressedBy::Comment { reason, .. } => format!("a comment accepts it: {reason}"),
            SuppressedBy::Baseline => "it is in the baseline".to_owned(),
            SuppressedBy::Config { reason, .. } => {
                format!("the configuration accepts it: {reason}")
            }
        };
        let _ = writeln!(out, "\nNot counted, as {why}: {}", one.finding.message);
    }
    let silent = answer.reported.is_empty() && answer.suppressed.is_empty();
    if silent {
        let _ = writeln!(out, "\nNot reported.");
    }
    if answer.kinds.is_empty() {
        let _ = writeln!(
            out,
            "This rule does not follow data; `djsec explain {}` says what it looks at.",
            question.rule
        );
        return out;
    }
    if silent {
        let _ = writeln!(out, "{}", because(answer));
    }
    for call in &answer.watched.calls {
        describe(call, files, &mut out);
    }
    if !answer.watched.cleaned.is_empty() {
        let _ = writeln!(out, "\nIn the function around it:");
        for step in &answer.watched.cleaned {
            let _ = writeln!(out, "  {}  {}", place(files, step.place), step.words);
        }
    }
    out
}

/// Why nothing is reported, in a sentence.
fn because(answer: &Answer<'_>) -> String {
    let names: Vec<&str> = answer.kinds.iter().map(|kind| kind.name()).collect();
    let kinds = names.join(" or ");
    if !answer.watched.inside {
        return "No function of the project's own code stands there.".to_owned();
    }
    let is_sink = |call: &&Observed| call.sinks.iter().any(|(k, _)| answer.kinds.contains(k));
    let sinks: Vec<&Observed> = answer.watched.calls.iter().filter(is_sink).collect();
    if sinks.is_empty() {
        return format!(
            "No call there is known as a sink of kind {kinds}. If one is, say so in a file of models \
             (docs/flow-models.md)."
        );
    }
    if sinks.iter().all(|call| call.data.is_empty()) {
        return "No untrusted data arrives there.".to_owned();
    }
    let only = sinks.iter().flat_map(|call| &call.data).all(|data| data.grade.is_none());
    if only {
        return "What arrives there comes from parameters of the function, and no caller that djsec \
                sees passes untrusted data."
            .to_owned();
    }
    format!("What arrives there can do no more harm as {kinds}.")
}

fn describe(call: &Observed, files: &Files, out: &mut String) {
    let _ = writeln!(out, "\n{}  {}", place(files, call.place), call.callee);
    for (kind, words) in &call.sinks {
        let _ = writeln!(out, "  a sink of kind {kind}: {words}");
    }
    for words in &call.known {
        let _ = writeln!(out, "  {words}");
    }
    if call.data.is_empty() {
        let _ = writeln!(out, "  holds no untrusted data");
    }
    for data in &call.data {
        let _ = writeln!(out, "  holds {}", held(data));
        for step in &data.steps {
            let _ = writeln!(out, "    {}  {}", place(files, step.place), step.words);
        }
    }
}

fn held(data: &Data) -> String {
    let mut words = match data.grade {
        Some(Grade::Remote) => format!("`{}` of a request", data.words),
        Some(Grade::Own) => format!("the secret `{}`", data.words),
        Some(Grade::Stored) => format!("the stored `{}`", data.words),
        Some(Grade::Trace | Grade::Failure) => format!("what `{}` tells of the inside", data.words),
        Some(Grade::Shown) => format!("`{}` of a page", data.words),
        None => data.words.to_string(),
    };
    if !data.safe.is_empty() {
        let kinds: Vec<&str> = data.safe.iter().copied().map(Kind::name).collect();
        let _ = write!(words, ", harmless as {}", kinds.join(", "));
    }
    if data.doubt > 0 {
        words.push_str(", through something that djsec does not know");
    }
    words
}

fn place(files: &Files, span: Span) -> String {
    let at = files.line_col(span);
    format!("{}:{}:{}", files.path(span.file), at.line, at.column)
}
