//! How long templates take: `cargo run --release -p djsec_templates --example speed -- 5000 FOLDER…`
//!
//! Every template below folders called `templates` is read, with copies under other names up to that many;
//! then every page. Prints one line: templates, bytes, and milliseconds for trees and for pages, on two threads.
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use djsec_base::FileId;
use djsec_templates::library::Knowledge;
use djsec_templates::page::{Page, Source, Sources};
use djsec_templates::parse::parse;

struct Named<'n>(&'n str);

impl Knowledge for Named<'_> {
    fn template_name(&self) -> Option<&str> {
        Some(self.0)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let most: usize = arguments.next().and_then(|most| most.parse().ok()).unwrap_or(5000);
    let mut files = Vec::new();
    arguments.for_each(|folder| collect(Path::new(&folder), &mut files));
    files.sort();
    let copies = (0..).take(most.div_ceil(files.len().max(1)));
    let all = copies.flat_map(|copy| {
        files.iter().map(move |(name, text)| match copy {
            0 => (name.clone(), Arc::clone(text)),
            _ => (format!("copy{copy}/{name}"), Arc::clone(text)),
        })
    });
    let all: Vec<(String, Arc<str>)> = all.take(most).collect();
    let bytes: usize = all.iter().map(|(_, text)| text.len()).sum();

    let begin = Instant::now();
    let trees = on_two_threads(&all, |(name, text)| parse(text, &Named(name)));
    let trees_took = begin.elapsed();
    let mut sources = Sources::default();
    for (at, ((name, text), tree)) in (0..).zip(all.iter().zip(trees)) {
        let source = Source { file: FileId(at), text: Arc::clone(text), tree };
        sources.add(Arc::from(name.as_str()), source);
    }
    let names: Vec<_> = sources.names().filter(|name| name.ends_with(".html")).collect();
    let begin = Instant::now();
    let pages = on_two_threads(&names, |name| Page::new(&sources, name, &()));
    let pages_took = begin.elapsed();
    let insertions: usize = pages.iter().flatten().map(|page| page.insertions.len()).sum();
    println!(
        "{} templates, {bytes} bytes: trees {} ms; {} pages with {insertions} insertions: {} ms",
        all.len(),
        trees_took.as_millis(),
        pages.len(),
        pages_took.as_millis()
    );
}

fn on_two_threads<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let threads = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut done = Vec::new();
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(one) = all.get(at) else { return done };
                    done.push((at, work(one)));
                }
            })
        });
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, one)| one).collect()
}

fn collect(folder: &Path, files: &mut Vec<(String, Arc<str>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.is_symlink() {
            collect(&path, files);
        } else if let Some(name) = name(&path)
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            files.push((name, text.into()));
        }
    }
}

fn name(path: &Path) -> Option<String> {
    let (_, name) = path.to_str()?.split_once("/templates/")?;
    [".html", ".txt"].iter().any(|end| name.ends_with(end)).then(|| name.to_owned())
}
