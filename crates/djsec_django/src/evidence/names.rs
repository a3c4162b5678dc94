//! What names of files, folders, services and settings modules tell.

use djsec_base::Utf8Path;

const DEVELOPMENT: &[&str] = &[
    "local",
    "dev",
    "devel",
    "develop",
    "development",
    "override",
    "ci",
    "test",
    "tests",
    "testing",
    "unittests",
    "unittest",
    "e2e",
    "debug",
    "docs",
    "example",
    "sample",
    "staging",
    "stage",
    "qa",
    "demo",
    "playground",
    "performance",
    "cicd",
    "vscode",
    "devcontainer",
    "integration",
];

const PRODUCTION: &[&str] = &["production", "prod", "live", "deploy", "deployment", "prd"];

fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

fn says(name: &str, list: &[&str]) -> bool {
    words(name).any(|word| list.contains(&word.as_str()))
}

/// Whether a name says that it is for development, tests or a rehearsal.
pub(super) fn is_development(name: &str) -> bool {
    says(name, DEVELOPMENT) && !is_production(name)
}

/// Whether a name says that it is for production.
pub(super) fn is_production(name: &str) -> bool {
    says(name, PRODUCTION)
}

/// Whether a file's name or one of its folders below `root` says that it is for development. The
/// name decides when it says either.
pub fn is_development_path(path: &Utf8Path, root: &Utf8Path) -> bool {
    let below = path.strip_prefix(root).unwrap_or(path);
    let mut parts: Vec<&str> = below.as_str().split('/').collect();
    while let Some(part) = parts.pop() {
        if is_production(part) {
            return false;
        }
        if is_development(part) {
            return true;
        }
    }
    false
}

/// Whether the last part of a settings module says that it is not for production.
pub(super) fn is_development_module(module: &str) -> bool {
    module.rsplit('.').next().is_some_and(is_development)
}

/// Whether the last part of a settings module says that it is for production.
pub(super) fn is_production_module(module: &str) -> bool {
    module.rsplit('.').next().is_some_and(is_production)
}

/// Whether a module is nothing but another one of its package that is for development: `from .dev import *` in
/// `settings/__init__.py`.
pub(super) fn passes_on_development(source: &str) -> bool {
    let lines = source.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let mut said = lines.filter(|line| !line.is_empty());
    let only = said.next().filter(|_| said.next().is_none());
    let module = only.and_then(|line| line.strip_prefix("from .")?.strip_suffix(" import *"));
    module.is_some_and(|module| is_development_module(module.trim()))
}

/// Whether the docstring of the module, or of a class in it, says that it is for development:
/// `"""Settings for local development with Docker"""`.
pub(super) fn describes_development(source: &str) -> bool {
    let mut expected = true;
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let quote = ["\"\"\"", "'''"].into_iter().find(|quote| text.starts_with(quote));
        if let (true, Some(quote)) = (expected, quote) {
            let rest = text.strip_prefix(quote).unwrap_or(text);
            let mut docstring = rest.to_owned();
            while !docstring.contains(quote) {
                let Some(more) = lines.next() else { break };
                docstring.push(' ');
                docstring.push_str(more);
            }
            let docstring = docstring.split(quote).next().unwrap_or_default();
            if says(docstring, &["development"]) && !is_production(docstring) {
                return true;
            }
        }
        expected = text.starts_with("class ") && text.ends_with(':');
    }
    false
}

/// Whether the docstring of the module says in its first line that these are the settings of production.
pub(super) fn describes_production(source: &str) -> bool {
    let is_code = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let Some(first) = source.lines().map(str::trim).find(is_code) else { return false };
    let Some(quote) = ["\"\"\"", "'''"].into_iter().find(|quote| first.starts_with(quote)) else {
        return false;
    };
    let line = first.trim_matches(|c| quote.contains(c));
    let other = ["not", "non", "no", "never", "don", "isn", "until", "before", "like"];
    says(line, &["production"]) && !says(line, DEVELOPMENT) && !says(line, &other)
}

/// Whether a folder is by its name that of a project to try or show something with: `test_project`, `demosite`.
pub(super) fn is_trial(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let rest = ["tests", "testing", "test", "example", "demo", "sample"]
        .iter()
        .find_map(|word| name.strip_prefix(word));
    rest.is_some_and(|rest| {
        matches!(rest.trim_start_matches(['_', '-']), "project" | "proj" | "site" | "app")
    })
}
