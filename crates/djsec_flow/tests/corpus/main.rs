//! Holds the engine against the corpus in `crates/djsec_rules/corpus`: small modules by weakness, each
//! of which says by itself what is to be reported in it, and what is not. See its README.
//!
//! `cargo test -p djsec_flow --test corpus cwe-89` runs some of them; `cargo xtask score` prints recall
//! and precision.

#![expect(clippy::print_stdout, reason = "a test binary of its own says what failed")]

mod case;
mod project;
mod score;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use rayon::prelude::*;

use crate::case::{Answer, Case};

/// Where the cases are.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../djsec_rules/corpus");
/// Stack for the evaluator of settings and URLconf.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let (flags, filters): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|argument| argument.starts_with('-'));
    let (cases, mut problems) = read(&filters);
    let started = std::time::Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let run = || cases.par_iter().map(|case| case.answer(&project::flows(case))).collect();
    let answers: Vec<Answer> = match pool {
        Ok(pool) => pool.install(run),
        Err(_) => run(),
    };
    problems.extend(answers.iter().flat_map(|answer| answer.problems.clone()));
    println!("\nrunning {} cases of the corpus", cases.len());
    for problem in &problems {
        println!("{problem}");
    }
    if flags.iter().any(|flag| *flag == "--score") {
        print!("{}", score::table(&answers));
    }
    println!("\n{} problems, {:.1} s\n", problems.len(), started.elapsed().as_secs_f32());
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(101) }
}

/// The cases whose names have one of the filters in them, and what is wrong with files.
fn read(filters: &[&String]) -> (Vec<Case>, Vec<String>) {
    let mut files = BTreeMap::new();
    let mut problems = Vec::new();
    for folder in entries(Path::new(CORPUS), &mut problems).into_iter().filter(|path| path.is_dir())
    {
        for path in entries(&folder, &mut problems) {
            let name = path.strip_prefix(CORPUS).unwrap_or(&path).to_string_lossy().into_owned();
            if filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str())) {
                files.insert(name, path);
            }
        }
    }
    let mut cases = Vec::new();
    for (name, path) in files {
        let case = std::fs::read_to_string(&path).map_err(|error| error.to_string());
        match case.and_then(|text| Case::parse(&name, &text)) {
            Ok(case) => cases.push(case),
            Err(error) => problems.push(format!("{name}: {error}")),
        }
    }
    (cases, problems)
}

fn entries(folder: &Path, problems: &mut Vec<String>) -> Vec<PathBuf> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
        Err(error) => {
            problems.push(format!("{}: {error}", folder.display()));
            Vec::new()
        }
    }
}
