//! The whole program as one function.

use djsec_base::{
    Coverage, File, FileId, FileKind, Files, Notice, Outcome, Span, System, Utf8PathBuf,
};
use djsec_django::evidence;
use djsec_django::hierarchy::Hierarchy;
use djsec_django::project::Project;
use djsec_django::structure::Structure;
use djsec_django::templates::Templates;
use djsec_python::{Lowering, ParseCoverage, Parsed, Program};
use jiff::civil::Date;
use tracing::info_span;

use crate::discover::{discover_with, installed};
use crate::judge::judge;
use crate::model::{Scene, model, survey};
use crate::{Catalog, Config, settle};

/// What a run gives.
#[derive(Debug)]
pub struct Run {
    /// The audited tree.
    pub files: Files,
    /// The verdict.
    pub outcome: Outcome,
    /// The Django projects with their settings.
    pub projects: Vec<Project>,
    /// The tree's Python.
    pub program: Program,
}

/// All rules of this djsec.
pub fn catalog() -> Catalog {
    Catalog::new(djsec_rules::all().map(|rule| &rule.meta))
}

/// A tree that was read, before anything is understood.
struct Tree<'c> {
    files: Files,
    program: Program,
    parsed: ParseCoverage,
    scenes: Vec<Scene<'c>>,
    notices: Vec<Notice>,
}

/// Everything that asks the system.
fn read<'c>(system: &dyn System, config: &'c Config, depth: Depth) -> Tree<'c> {
    let lowering = match depth {
        Depth::Settings => Lowering::WhenAsked,
        Depth::Structure => Lowering::AtOnce,
    };
    // A file is parsed as soon as it is read.
    let parse = |id: FileId, file: &File| Some((id, Parsed::of(id, file, lowering)?));
    let (files, parsed, mut notices) =
        info_span!("discover").in_scope(|| discover_with(system, config, depth, parse));
    notices.extend(no_python(&files));
    let parsed = parsed.into_iter().flatten().collect();
    let placed = evidence::placed(&files);
    let paths: Vec<(FileId, Utf8PathBuf)> =
        placed.iter().map(|one| (one.file, one.path.clone())).collect();
    let link = || Program::assemble(&files, &paths, parsed);
    let ((mut program, more, coverage), (scenes, left)) =
        info_span!("link").in_scope(|| rayon::join(link, || survey(&files, &placed, config)));
    notices.extend(more);
    notices.extend(left);
    notices.extend(
        info_span!("packages").in_scope(|| installed(system, config, &files, &mut program)),
    );
    Tree { files, program, parsed: coverage, scenes, notices }
}

/// Audits a tree. Everything after it was read is a pure function.
pub fn run(system: &dyn System, config: &Config, today: Date) -> Run {
    let catalog = catalog();
    let Tree { files, program, parsed, scenes, mut notices } = read(system, config, depth(config));
    let hierarchy = Hierarchy::new(&program);
    let mut model = info_span!("model").in_scope(|| model(&files, &program, &hierarchy, scenes));
    notices.append(&mut model.notices);
    let judged =
        info_span!("judge").in_scope(|| judge(&files, &program, &hierarchy, &model, config, today));
    for structure in model.projects.iter().filter_map(Project::known_structure) {
        notices.extend(structure.notices.iter().cloned());
        notices.extend(routes_cut(structure));
        notices.extend(routes_unseen(structure));
    }
    for templates in model.projects.iter().filter_map(|project| project.templates.get()) {
        notices.extend(templates_cut(templates));
    }
    notices.extend(judged.notices);
    let settle = || {
        let settle = || settle(judged.findings, notices, &files, config, &catalog, today);
        info_span!("settle").in_scope(settle)
    };
    // What was worked out of classes is given back meanwhile: that takes as long.
    let (mut outcome, ()) = rayon::join(settle, || drop(hierarchy));
    outcome.undecided = judged.undecided;
    outcome.coverage = coverage(&files, &parsed, &catalog, config);
    outcome.projects = model.summaries;
    Run { files, outcome, projects: model.projects, program }
}

/// How much of a tree the selected rules ask for.
fn depth(config: &Config) -> Depth {
    let mut selected = djsec_rules::all().filter(|rule| config.selects(&rule.meta));
    if selected.any(djsec_rules::Rule::reads_code) { Depth::Structure } else { Depth::Settings }
}

/// How much of a tree to read and to understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The settings of its projects: no templates, and little of the code.
    Settings,
    /// Their routes, views, models and templates too.
    Structure,
}

/// Understands a tree as [`run`] does and judges nothing: no rule runs, so that it is over sooner.
pub fn understand(system: &dyn System, config: &Config, depth: Depth) -> Run {
    let Tree { files, program, scenes, mut notices, .. } = read(system, config, depth);
    let hierarchy = Hierarchy::new(&program);
    let mut model = info_span!("model").in_scope(|| model(&files, &program, &hierarchy, scenes));
    notices.append(&mut model.notices);
    if depth == Depth::Structure {
        for project in &model.projects {
            let structure = project.structure(&files, &program, &hierarchy);
            notices.extend(structure.notices.iter().cloned());
        }
    }
    let outcome = Outcome { notices, projects: model.summaries, ..Outcome::default() };
    Run { files, outcome, projects: model.projects, program }
}

/// What the bounds cut off the addresses of a project, one notice for each reason. (`djsec routes` shows
/// each of these places in its table.)
fn routes_cut(structure: &Structure) -> Vec<Notice> {
    let mut reasons: Vec<(&str, Span, usize)> = Vec::new();
    for gap in structure.routes.gaps.iter().filter(|gap| gap.cut) {
        match reasons.iter_mut().find(|(reason, ..)| *reason == gap.reason) {
            Some((_, _, places)) => *places += 1,
            None => reasons.push((&gap.reason, gap.place, 1)),
        }
    }
    let notice = |(reason, place, places): (&str, Span, usize)| {
        let message = format!("addresses were left out: {reason}{}", elsewhere(places));
        Notice::incomplete("routes-cut", message).at(place)
    };
    reasons.into_iter().map(notice).collect()
}

/// That addresses of a project may be missing whose code is not in the tree or is not understood, in one notice:
/// nothing is judged that only answers there. What has no addresses at all may be no site.
fn routes_unseen(structure: &Structure) -> Option<Notice> {
    if structure.routes.routes.is_empty() {
        return None;
    }
    let unseen: Vec<_> = structure.routes.gaps.iter().filter(|gap| !gap.cut).collect();
    let first = unseen.first()?;
    let message = format!(
        "addresses may be missing, and what answers there was not judged: {}{}; `djsec routes` lists them",
        first.reason,
        elsewhere(unseen.len()),
    );
    Some(Notice::info("routes-unseen", message).at(first.place))
}

/// That something holds in other places, too, in brackets, where it holds in so many.
fn elsewhere(places: usize) -> String {
    match places {
        0 | 1 => String::new(),
        2 => " (and in 1 other place)".to_owned(),
        places => format!(" (and in {} other places)", places - 1),
    }
}

/// What the bounds cut off the templates of a project.
fn templates_cut(templates: &Templates) -> Vec<Notice> {
    let mut notices = Vec::new();
    let places = templates.cut();
    if let Some(place) = places.first() {
        let message = match places.len() {
            1 => "a template is larger or nests deeper than is read: the rest of it was left out"
                .to_owned(),
            more => format!(
                "templates are larger or nest deeper than is read in {more} places: what follows there \
                 was left out"
            ),
        };
        notices.push(Notice::incomplete("templates-cut", message).at(*place));
    }
    if templates.unread > 0 {
        let message =
            format!("{} templates were not read: too large, or no text", templates.unread);
        notices.push(Notice::incomplete("templates-unread", message));
    }
    notices
}

fn coverage(files: &Files, parsed: &ParseCoverage, catalog: &Catalog, config: &Config) -> Coverage {
    Coverage {
        files: files.len(),
        python_files: parsed.files,
        python_lines: parsed.lines,
        syntax_errors: parsed.syntax_errors,
        rules: catalog.iter().filter(|rule| config.selects(rule)).count(),
    }
}

/// The report says that no Django project was found; this says why there can be none.
fn no_python(files: &Files) -> Option<Notice> {
    let python = files.iter().any(|(_, file)| file.kind == FileKind::Python);
    let message = if files.is_empty() {
        "the folder holds no files"
    } else if python {
        return None;
    } else {
        "the folder holds no Python files"
    };
    Some(Notice::info("no-python", message))
}
