//! Runs every page and every case as one test binary, one test for each page and each file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use djsec_base::{RuleMeta, Utf8Path, Utf8PathBuf};

use crate::case::Case;
use crate::check::{Auditor, check_case};
use crate::markdown::Problem;
use crate::page;

/// All pages and cases of a set of rules.
///
/// ```no_run
/// # fn rules() -> Vec<&'static djsec_base::RuleMeta> { Vec::new() }
/// # fn engine() -> &'static dyn djsec_testkit::Auditor { unimplemented!() }
/// fn main() -> std::process::ExitCode {
///     djsec_testkit::Suite::new(engine(), rules(), concat!(env!("CARGO_MANIFEST_DIR"), "/cases")).main()
/// }
/// ```
pub struct Suite<'a> {
    auditor: &'a dyn Auditor,
    trials: BTreeMap<String, Trial>,
}

enum Trial {
    /// The page of a rule, and whether it has a case.
    Page { meta: &'static RuleMeta, has_case: bool },
    /// A case file, and the rule under test.
    Case { path: Utf8PathBuf, rule: String },
    /// Something that cannot be run, and why.
    Broken(String),
}

/// How to run a suite.
#[derive(Debug, Default)]
pub struct Options {
    /// Run only what has one of these in its name; everything when empty.
    pub filters: Vec<String>,
    /// The filters are whole names.
    pub exact: bool,
    /// Leave out what has one of these in its name.
    pub skip: Vec<String>,
    /// Only what is ignored, which is nothing.
    pub ignored: bool,
    /// What to do with what is selected.
    pub mode: Mode,
}

/// What to do with the selected tests.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Run them.
    #[default]
    Run,
    /// Run them, and write what came out into outdated blocks.
    Bless,
    /// Only name them.
    List,
}

impl Options {
    /// Reads the arguments that `cargo test` and nextest pass on; unknown ones are left alone.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--exact" => options.exact = true,
                "--list" => options.mode = Mode::List,
                "--ignored" => options.ignored = true,
                "--skip" => options.skip.extend(arguments.next()),
                "--format" | "--test-threads" | "--color" | "-Z" => drop(arguments.next()),
                flag if flag.starts_with('-') => {}
                _ => options.filters.push(argument),
            }
        }
        options
    }

    fn selects(&self, name: &str) -> bool {
        let matches = |filter: &String| {
            if self.exact { name == filter } else { name.contains(filter.as_str()) }
        };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skip.iter().any(matches)
    }
}

impl<'a> Suite<'a> {
    /// The pages of these rules, and the cases in `<cases>/<group>/<rule-id>/*.md`.
    pub fn new(
        auditor: &'a dyn Auditor,
        rules: impl IntoIterator<Item = &'static RuleMeta>,
        cases: impl AsRef<Utf8Path>,
    ) -> Self {
        let mut suite = Self { auditor, trials: BTreeMap::new() };
        let rules: BTreeMap<String, &'static RuleMeta> =
            rules.into_iter().map(|meta| (format!("{}/{}", meta.group, meta.id), meta)).collect();
        let with_cases = suite.find_cases(cases.as_ref(), &rules);
        for (name, meta) in rules {
            let has_case = with_cases.contains(&name);
            suite.trials.insert(format!("{name}/page"), Trial::Page { meta, has_case });
        }
        suite
    }

    /// Enters every case, and returns the rules that have one.
    fn find_cases(
        &mut self,
        folder: &Utf8Path,
        rules: &BTreeMap<String, &'static RuleMeta>,
    ) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (group, path) in self.entries("cases", folder) {
            for (rule, path) in self.entries(&group, &path) {
                let name = format!("{group}/{rule}");
                if !rules.contains_key(&name) {
                    let reason = format!("there is no rule `{rule}` in the group `{group}`");
                    self.trials.insert(name, Trial::Broken(reason));
                    continue;
                }
                for (file, path) in self.entries(&name, &path) {
                    let stem = file.strip_suffix(".md").unwrap_or(&file);
                    let case = Trial::Case { path, rule: rule.clone() };
                    self.trials.insert(format!("{name}/{stem}"), case);
                    found.insert(name.clone());
                }
            }
        }
        found
    }

    /// What is in a folder; one that cannot be listed becomes a test that fails.
    fn entries(&mut self, name: &str, folder: &Utf8Path) -> BTreeMap<String, Utf8PathBuf> {
        entries(folder).unwrap_or_else(|error| {
            let reason = format!("cannot list {folder}: {error}");
            self.trials.insert(name.to_owned(), Trial::Broken(reason));
            BTreeMap::new()
        })
    }

    /// Runs the suite as a test binary: filters from the arguments, `BLESS` from the environment.
    pub fn main(&self) -> ExitCode {
        let mut options = Options::parse(std::env::args().skip(1));
        let blessed = std::env::var_os("BLESS").is_some_and(|value| value != "0");
        if blessed && options.mode == Mode::Run {
            options.mode = Mode::Bless;
        }
        match self.run(&options, &mut io::stdout().lock()) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(101),
            Err(_) => ExitCode::from(2), // nobody reads what we say
        }
    }

    /// Runs what the options select. Returns whether all of it passed.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, options: &Options, out: &mut dyn Write) -> io::Result<bool> {
        let selected: Vec<(&String, &Trial)> =
            self.trials.iter().filter(|(name, _)| options.selects(name)).collect();
        if options.mode == Mode::List {
            for (name, _) in &selected {
                writeln!(out, "{name}: test")?;
            }
            return Ok(true);
        }
        writeln!(out, "\nrunning {} pages and cases", selected.len())?;
        let verdicts = self.run_all(&selected, options.mode);
        let mut failed = 0;
        for ((name, trial), verdict) in selected.iter().zip(&verdicts) {
            match verdict {
                Passed::Plainly => {}
                Passed::Blessed => writeln!(out, "blessed {name}")?,
                Passed::Not(problems) => {
                    failed += 1;
                    write_failure(out, name, trial, problems)?;
                }
            }
        }
        let passed = selected.len() - failed;
        let left_out = self.trials.len() - selected.len();
        let left_out =
            if left_out == 0 { String::new() } else { format!(" ({left_out} filtered out)") };
        writeln!(out, "\n{passed} passed, {failed} failed{left_out}\n")?;
        Ok(failed == 0)
    }

    fn run_all(&self, selected: &[(&String, &Trial)], mode: Mode) -> Vec<Passed> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let work = || {
            while let Some((index, trial)) = {
                let index = next.fetch_add(1, Ordering::Relaxed);
                selected.get(index).map(|(_, trial)| (index, *trial))
            } {
                let run = || self.run_trial(trial, mode);
                let verdict = catch_unwind(AssertUnwindSafe(run))
                    .unwrap_or_else(|_| Passed::Not(vec![Problem::general("it panicked")]));
                done.lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .insert(index, verdict);
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads.min(selected.len()) {
                scope.spawn(work);
            }
        });
        done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values().collect()
    }

    fn run_trial(&self, trial: &Trial, mode: Mode) -> Passed {
        match trial {
            Trial::Page { meta, has_case } => self.run_page(meta, *has_case),
            Trial::Case { path, rule } => self.run_case(path, rule, mode),
            Trial::Broken(reason) => Passed::Not(vec![Problem::general(reason)]),
        }
    }

    fn run_page(&self, meta: &'static RuleMeta, has_case: bool) -> Passed {
        let mut problems = page::check_page(meta);
        if !has_case {
            let folder = format!("cases/{}/{}", meta.group, meta.id);
            problems.push(Problem::general(format!("the rule has no case; add one in {folder}")));
        }
        // Unreadable examples are among the problems of the page already.
        for example in page::examples(meta).unwrap_or_default() {
            problems.extend(check_case(&example.case, meta.id, self.auditor).into_problems());
        }
        Passed::from_problems(problems)
    }

    fn run_case(&self, path: &Utf8Path, rule: &str, mode: Mode) -> Passed {
        if path.extension() != Some("md") {
            return Passed::Not(vec![Problem::general("a case is a Markdown file (.md)")]);
        }
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return Passed::Not(vec![Problem::general(error.to_string())]),
        };
        let case = match Case::parse(&text) {
            Ok(case) => case,
            Err(problems) => return Passed::Not(problems),
        };
        let verdict = check_case(&case, rule, self.auditor);
        if mode != Mode::Bless || verdict.outdated.is_empty() {
            return Passed::from_problems(verdict.into_problems());
        }
        if let Err(error) = fs::write(path, verdict.bless(&text)) {
            return Passed::Not(vec![Problem::general(error.to_string())]);
        }
        match Passed::from_problems(verdict.problems) {
            Passed::Plainly => Passed::Blessed,
            other => other, // what blessing cannot solve
        }
    }
}

enum Passed {
    Plainly,
    Blessed,
    Not(Vec<Problem>),
}

impl Passed {
    fn from_problems(problems: Vec<Problem>) -> Self {
        if problems.is_empty() { Self::Plainly } else { Self::Not(problems) }
    }
}

fn write_failure(
    out: &mut dyn Write,
    name: &str,
    trial: &Trial,
    problems: &[Problem],
) -> io::Result<()> {
    let source = match trial {
        Trial::Page { meta, .. } => meta.source,
        Trial::Case { path, .. } => path.as_str(),
        Trial::Broken(_) => name,
    };
    writeln!(out, "\nFAILED {name}")?;
    for problem in problems {
        match (problem.line, trial) {
            (Some(line), Trial::Page { .. }) => {
                writeln!(out, "{source}, line {line} of the page: {}", problem.text)?;
            }
            (Some(line), _) => writeln!(out, "{source}:{line}: {}", problem.text)?,
            (None, _) => writeln!(out, "{source}: {}", problem.text)?,
        }
    }
    Ok(())
}

/// What is in a folder, by name; hidden entries are left out.
fn entries(folder: &Utf8Path) -> io::Result<BTreeMap<String, Utf8PathBuf>> {
    let mut entries = BTreeMap::new();
    for entry in folder.read_dir_utf8()? {
        let entry = entry?;
        if !entry.file_name().starts_with('.') {
            entries.insert(entry.file_name().to_owned(), entry.path().to_owned());
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests;
