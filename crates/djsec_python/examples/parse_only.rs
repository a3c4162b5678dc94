//! The yardstick of the benchmark: walks, reads and parses the Python files under the given paths
//! in parallel, and does nothing else. `--build` builds a whole program of each path instead.
//!
//! ```text
//! cargo run --release -p djsec_python --example parse_only -- [--build] PATH...
//! ```

use std::path::{Path, PathBuf};
use std::time::Instant;

use djsec_base::{File, FileKind, Files, Role, Utf8PathBuf};
use djsec_python::Program;
use djsec_syntax::python;
use rayon::prelude::*;

// The allocator of the djsec binary, so that the two can be compared.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[expect(clippy::print_stdout, reason = "a program for people to run")]
fn main() {
    let (flags, paths): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let build = flags.iter().any(|flag| flag == "--build");
    for path in paths {
        let start = Instant::now();
        let found = python_files(Path::new(&path));
        let (files, lines) = if build { build_program(&path, &found) } else { parse(&found) };
        let spent = start.elapsed().as_secs_f64() * 1000.0;
        println!("{path}: {files} files, {lines} lines, {spent:.1} ms");
    }
}

fn python_files(root: &Path) -> Vec<PathBuf> {
    ignore::WalkBuilder::new(root)
        .hidden(false)
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "py"))
        .collect()
}

fn text(path: &Path) -> String {
    python::decode(std::fs::read(path).unwrap_or_default()).text
}

fn parse(paths: &[PathBuf]) -> (usize, usize) {
    let lines = paths
        .par_iter()
        .map(|path| {
            let text = text(path);
            let parsed = python::parse(&text);
            std::hint::black_box(&parsed.tree);
            text.bytes().filter(|byte| *byte == b'\n').count()
        })
        .sum();
    (paths.len(), lines)
}

fn build_program(root: &str, paths: &[PathBuf]) -> (usize, usize) {
    let entries = paths
        .par_iter()
        .map(|path| {
            let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
            let text = Some(text(path).into());
            File::new(Utf8PathBuf::from(relative), FileKind::Python, Role::Application, text)
        })
        .collect();
    let files = Files::new(entries);
    let (program, _, coverage) = Program::build(&files);
    std::hint::black_box(&program);
    (coverage.files, coverage.lines)
}
