//! Libraries for browsers: copies of them by their names and first lines, and what is known against them.

use std::fmt;
use std::sync::LazyLock;

use djsec_base::{Severity, TextRange};
use djsec_syntax::data::Node;
use djsec_syntax::toml;

/// The libraries, and where what is said of them comes from.
const TABLE: &str = include_str!("../data/browser.toml");

/// What names of files add to the name of a library, besides its version.
const BUILDS: [&str; 22] = [
    "all",
    "browser",
    "bundle",
    "cjs",
    "common",
    "compat",
    "core",
    "custom",
    "debug",
    "dev",
    "dist",
    "esm",
    "full",
    "global",
    "legacy",
    "min",
    "modern",
    "prod",
    "production",
    "slim",
    "src",
    "umd",
];

/// A library for browsers.
#[derive(Debug)]
pub struct Library {
    /// What people call it.
    pub name: String,
    names: Vec<String>,
    packages: Vec<String>,
    marks: Vec<String>,
    common: bool,
    flaws: Vec<Flaw>,
}

/// Something that is wrong with releases of a library.
#[derive(Debug)]
pub struct Flaw {
    from: Option<Release>,
    until: Option<Release>,
    /// The first release without it; none where no public one is.
    pub fixed: Option<Release>,
    /// Its CVE.
    pub id: String,
    /// How bad it is, as its advisory says.
    pub severity: Severity,
    /// What goes wrong.
    pub words: String,
}

/// The number of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    numbers: Vec<u32>,
    /// Whether it is one of those before the release itself (`-beta`), which count as less.
    whole: bool,
}

/// A copy of a library, as its name or its text says.
#[derive(Debug)]
pub struct Copy {
    /// Which.
    pub library: &'static Library,
    /// The release, if that is said.
    pub release: Option<Release>,
}

static LIBRARIES: LazyLock<Vec<Library>> = LazyLock::new(|| {
    let tree = toml::parse(TABLE).tree;
    tree.get("library").map(Node::items).unwrap_or_default().iter().map(Library::read).collect()
});

impl Library {
    fn read(node: &Node) -> Self {
        Self {
            name: text(node, "name").unwrap_or_default(),
            names: texts(node, "names"),
            packages: texts(node, "packages"),
            marks: texts(node, "marks"),
            common: node.get("common").and_then(Node::as_bool).unwrap_or_default(),
            flaws: node.get("flaw").map(Node::items).unwrap_or_default().iter().map(flaw).collect(),
        }
    }

    /// What is known against a release, the worst first.
    pub fn flaws(&self, release: &Release) -> Vec<&Flaw> {
        let has = |flaw: &&Flaw| {
            flaw.from.as_ref().is_none_or(|from| from <= release)
                && flaw.until.as_ref().is_none_or(|until| release < until)
        };
        let mut found: Vec<&Flaw> = self.flaws.iter().filter(has).collect();
        found.sort_by_key(|flaw| std::cmp::Reverse(flaw.severity));
        found
    }

    /// The release that the beginning of a file says it is, with the place of the number.
    pub fn release_in(&self, text: &str) -> Option<(Release, TextRange)> {
        self.marks.iter().find_map(|mark| {
            text.match_indices(mark.as_str()).find_map(|(at, _)| {
                let start = at + mark.len();
                let (release, length) = leading(text.get(start..)?)?;
                let range = |at: usize| u32::try_from(at).ok().map(Into::into);
                Some((release, TextRange::new(range(start)?, range(start + length)?)))
            })
        })
    }

    fn is_called(&self, name: &str) -> bool {
        self.names.iter().chain(&self.packages).any(|known| known == name)
    }
}

impl Release {
    /// Reads a whole number of a release: `1.10.2`, `3.0.0-beta1`.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (release, length) = leading(text)?;
        (length == text.len()).then_some(release)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        f.write_str(&numbers.join("."))?;
        if self.whole { Ok(()) } else { f.write_str(" (preview)") }
    }
}

/// The copy that a file is by its name.
pub fn of_file(name: &str) -> Option<Copy> {
    let name = name.to_ascii_lowercase();
    of_stem(stem(&name)?, |library, release| !library.common || release.is_none())
}

/// The copy that an address of a script on another host leads to.
pub fn of_address(address: &str) -> Option<Copy> {
    let address = address.to_ascii_lowercase();
    let path = address.split(['?', '#']).next()?;
    let (_, path) = path.split_once("//")?;
    let (folders, file) = path.rsplit_once('/')?;
    let stem = stem(file).unwrap_or(file);
    let folders: Vec<&str> = folders.split('/').collect();
    let named = |library: &Library| {
        let of =
            |folder: &&str| folder.split('@').next().is_some_and(|name| library.is_called(name));
        folders.iter().any(of)
    };
    let copy = of_stem(stem, |library, _| !library.common || named(library))?;
    if folders.first() == Some(&"code.jquery.com") && stem.starts_with("jquery-latest") {
        // It says `latest`, and was held at this release in 2014: https://blog.jquery.com/2014/07/03/
        return Some(Copy { release: Release::read("1.11.1"), ..copy });
    }
    let of_folder = |folder: &&str| {
        let (name, number) = folder.rsplit_once('@').unwrap_or(("", folder));
        let of_it = name.is_empty() || copy.library.is_called(name);
        Release::read(number).filter(|_| of_it)
    };
    let release = copy.release.clone().or_else(|| folders.iter().rev().find_map(of_folder));
    Some(Copy { release, ..copy })
}

/// The name of a script without what all of them end in.
fn stem(file: &str) -> Option<&str> {
    file.strip_suffix(".js").or_else(|| file.strip_suffix(".mjs"))
}

/// Takes apart what stands before `.js`.
fn of_stem(stem: &str, accepts: impl Fn(&Library, &Option<Release>) -> bool) -> Option<Copy> {
    let mut rest = stem;
    let mut numbers: Vec<&str> = Vec::new();
    let mut whole = true;
    loop {
        let known = LIBRARIES.iter().find(|library| library.is_called(rest));
        if let Some(library) = known {
            numbers.reverse();
            let release = Release::read(&numbers.join("."))
                .map(|release| Release { whole: whole && release.whole, ..release });
            return accepts(library, &release).then_some(Copy { library, release });
        }
        let (before, last) = rest.rsplit_once(['.', '-', '_', '@'])?;
        let number = last.strip_prefix('v').unwrap_or(last);
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers.push(number);
        } else if is_preview(last) {
            whole = false;
        } else if !BUILDS.contains(&last) && last != "latest" {
            return None;
        }
        rest = before;
    }
}

fn is_preview(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    matches!(word, "alpha" | "beta" | "rc" | "pre")
}

/// The number that a text begins with, and its length; one of at least two parts.
fn leading(text: &str) -> Option<(Release, usize)> {
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text.get(..length)?.trim_end_matches('.');
    let numbers: Vec<u32> = number.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let after = text.get(number.len()..)?;
    let word = after.strip_prefix(['-', '.']).unwrap_or(after);
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(word.len());
    let preview = is_preview(word.get(..end)?.trim_end_matches('.'));
    let length = if preview { text.len() - word.len() + end } else { number.len() };
    (numbers.len() > 1).then_some((Release { numbers, whole: !preview }, length))
}

fn flaw(node: &Node) -> Flaw {
    let release = |key: &str| text(node, key).and_then(|text| Release::read(&text));
    let fixed = release("fixed");
    Flaw {
        from: release("from"),
        until: fixed.clone().or_else(|| release("before")),
        fixed,
        id: text(node, "id").unwrap_or_default(),
        severity: match text(node, "severity").as_deref() {
            Some("high") => Severity::High,
            Some("medium") => Severity::Medium,
            _ => Severity::Low,
        },
        words: text(node, "words").unwrap_or_default(),
    }
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.text().map(str::to_owned)
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    let items = node.get(key).map(Node::items).unwrap_or_default();
    items.iter().filter_map(Node::text).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
