//! Where a browser sees each insertion of a page: what the walk says holds what `html5ever` says of
//! the page written out, along several ways through its branches.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use djsec_base::FileId;

use super::compare::Compared;
use super::{Shows, sources};
use crate::library::{self, Knowledge, Known, Library};
use crate::page::{Source, Sources};
use crate::parse::parse;

/// Our own templates: cases of several files each.
const CORPUS: [(&str, &str); 4] = [
    ("inheritance", include_str!("corpus/inheritance.txt")),
    ("includes", include_str!("corpus/includes.txt")),
    ("branches", include_str!("corpus/branches.txt")),
    ("tags", include_str!("corpus/tags.txt")),
];

/// The cases of a file of the corpus: `=== what it is`, then `--- name` before each template.
fn cases(text: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let cases = text.split("=== ").skip(1).map(|case| {
        let (title, files) = case.split_once('\n').expect("a title");
        let files = files.split("--- ").skip(1).map(|file| {
            let (name, text) = file.split_once('\n').expect("a name");
            (name, text)
        });
        (title, files.collect())
    });
    cases.collect()
}

#[test]
fn insertions_on_our_own_pages_stand_where_html5ever_has_them() {
    let (mut all, mut count) = (Compared::default(), 0);
    for (group, text) in CORPUS {
        for (title, files) in cases(text) {
            assert!(files.len() > 1, "{group}, {title}: a page of several files");
            count += 1;
            let sources = sources(&files);
            let before = all.insertions;
            for (name, _) in &files {
                all.add(&sources, name, &Shows);
            }
            assert!(all.insertions > before, "{group}, {title}: nothing is inserted");
        }
    }
    assert!(count >= 60, "the corpus is all there: {count}");
    assert!(all.limited.is_empty(), "{:?}", all.limited);
    println!("{count} cases, {} templates, {} insertions", all.templates, all.insertions);
    let found: Vec<_> = all.differences.into_values().collect();
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

/// Templates of packages in which an insertion stands elsewhere, each with its reason.
const DIFFERENT: [(&str, &str); 0] = [];

/// Every template of the packages in the environment `templates`. The texts are not ours and not kept:
/// this compares only where the environment is, see `cargo xtask record templates`.
#[test]
fn insertions_on_pages_of_packages_stand_where_html5ever_has_them() {
    let Some(packages) = site_packages() else {
        println!("skipped: no environment; `cargo xtask record templates` makes it");
        return;
    };
    let sources = of_packages(&packages);
    let mut all = Compared::default();
    for name in sources.names() {
        if [".html", ".htm", ".xhtml"].iter().any(|end| name.ends_with(end)) {
            all.add(&sources, name, &Shows);
        }
    }
    println!(
        "{} templates, {} insertions; {} templates with more states than are kept",
        all.templates,
        all.insertions,
        all.limited.len()
    );
    assert!(all.templates > 500, "the environment is not the recorded one: {}", all.templates);
    let unexpected = all.differences.iter().filter(|(name, _)| !is_excepted(name));
    let unexpected: Vec<_> = unexpected.map(|(_, difference)| difference.as_str()).collect();
    assert!(unexpected.is_empty(), "{}:\n{}", unexpected.len(), unexpected.join("\n"));
    for (name, _) in DIFFERENT {
        assert!(all.differences.contains_key(name), "{name} does not differ any more");
    }
}

fn is_excepted(name: &str) -> bool {
    DIFFERENT.iter().any(|(excepted, _)| *excepted == name)
}

/// The templates below folders called `templates`, by the names under which they are loaded.
fn of_packages(packages: &Path) -> Sources {
    let mut files = Vec::new();
    let mut folders = vec![packages.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder");
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        folders.extend(entries.iter().filter(|path| path.is_dir()).cloned());
        files.extend(entries.into_iter().filter(|path| path.is_file()));
    }
    files.sort();
    let mut sources = Sources::default();
    let libraries = library::parse(include_str!("../../../data/packages.txt"));
    for (at, path) in files.iter().enumerate() {
        let path_in = path.strip_prefix(packages).ok().and_then(Path::to_str);
        let Some((_, name)) = path_in.and_then(|path| path.split_once("/templates/")) else {
            continue;
        };
        // Parts of pages may have any ending.
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let known = Installed { name, libraries: &libraries };
        let tree = parse(&text, &known);
        let source = Source {
            file: FileId(u32::try_from(at).expect("few files")),
            text: Arc::from(text),
            tree,
        };
        assert!(sources.add(Arc::from(name), source));
    }
    sources
}

struct Installed<'a> {
    name: &'a str,
    libraries: &'a std::collections::BTreeMap<Box<str>, Library>,
}

impl Knowledge for Installed<'_> {
    fn library(&self, name: &str) -> Known<'_> {
        let found = self.libraries.iter().find(|(full, _)| full.ends_with(&format!(":{name}")));
        found.map_or(Known::Unknown, |(_, library)| Known::Library(library))
    }

    fn template_name(&self) -> Option<&str> {
        Some(self.name)
    }
}

fn site_packages() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let environments = std::env::var_os("DJSEC_RECORD_ENVIRONMENTS")
        .map_or_else(|| root.join("target/record"), PathBuf::from);
    let libraries = std::fs::read_dir(environments.join("templates/lib")).ok()?;
    let mut folders: Vec<PathBuf> = libraries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.pop().map(|folder| folder.join("site-packages"))
}
