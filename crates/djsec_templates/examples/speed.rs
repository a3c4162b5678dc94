//! How fast templates are read: `cargo run --release -p djsec_templates --example speed -- FOLDER`.

#![expect(clippy::print_stdout, reason = "its whole purpose is to print")]

use std::path::Path;
use std::time::Instant;

use djsec_templates::parse::parse;
use djsec_templates::token::tokenize;

/// The folder is read as often as needed for this many templates.
const TEMPLATES: usize = 5_000;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut texts = Vec::new();
    collect(Path::new(&folder), &mut texts);
    if texts.is_empty() {
        println!("no templates in {folder}");
        return;
    }
    let texts: Vec<&String> = texts.iter().cycle().take(TEMPLATES).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    measure("cut", bytes, || texts.iter().map(|text| tokenize(text).0.len()).sum());
    measure("read", bytes, || texts.iter().map(|text| parse(text, &()).nodes.len()).sum());
}

fn measure(what: &str, bytes: usize, work: impl Fn() -> usize) {
    let start = Instant::now();
    let count = work();
    let seconds = start.elapsed().as_secs_f64();
    let (thousands, bytes) = (seconds * 1e3, u32::try_from(bytes).unwrap_or(u32::MAX));
    let speed = f64::from(bytes) / 1e6 / seconds;
    println!(
        "{what}: {TEMPLATES} templates, {bytes} bytes, {count} parts, {thousands:.0} ms, {speed:.0} MB/s"
    );
}

/// The templates below a folder, those that are not text left out.
fn collect(folder: &Path, texts: &mut Vec<String>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        let html = path.extension().is_some_and(|extension| extension == "html");
        if path.is_dir() {
            collect(&path, texts);
        } else if html {
            texts.extend(std::fs::read_to_string(&path));
        }
    }
}
