//! What tests, type checkers and pipelines use; never what production does.

use djsec_base::{FileId, FileKind, Files, Span, TextRange};
use djsec_syntax::data::{Data, Node};
use djsec_syntax::{ini, toml, yaml};

use super::{Entry, EnvVar, Evidence, EvidenceKind, Strength};

const NAME: &str = "DJANGO_SETTINGS_MODULE";
/// Deeper than this, a pipeline holds no environment.
const MAX_DEPTH: usize = 12;

/// What a file of test configuration says.
pub(super) fn read(files: &Files, file: FileId) -> Vec<Evidence> {
    let Some(entry) = files.file(file) else { return Vec::new() };
    let configuration = matches!(
        entry.kind,
        FileKind::Ini
            | FileKind::SetupCfg
            | FileKind::Pyproject
            | FileKind::Toml
            | FileKind::Pipeline
    );
    let text = entry.text();
    if !configuration {
        return Vec::new();
    }
    if !text.contains(NAME) && !text.contains("--ds") && !text.contains("django_settings_module") {
        return Vec::new();
    }
    let mut found = Vec::new();
    match entry.kind {
        FileKind::Ini | FileKind::SetupCfg => ini_values(text, &mut found),
        FileKind::Pyproject | FileKind::Toml => values(&toml::parse(text).tree, 0, &mut found),
        FileKind::Pipeline => {
            for document in yaml::parse(text).tree {
                values(&document, 0, &mut found);
            }
        }
        _ => {}
    }
    let name = entry.path.file_name().unwrap_or_default();
    let mut seen: Vec<String> = Vec::new();
    found.retain(|(module, _)| {
        let new = !seen.contains(module);
        seen.push(module.clone());
        new
    });
    found.into_iter().map(|(module, range)| evidence(file, name, module, range)).collect()
}

fn evidence(file: FileId, name: &str, module: String, range: TextRange) -> Evidence {
    Evidence {
        kind: EvidenceKind::Testing,
        strength: Strength::Test,
        entry: Entry::Test,
        settings_module: Some((module, Span::new(file, range))),
        configuration: None,
        environment: Vec::<EnvVar>::new(),
        app: None,
        program: None,
        location: Span::new(file, range),
        note: format!("test configuration {name}"),
    }
}

fn ini_values(text: &str, found: &mut Vec<(String, TextRange)>) {
    for entry in ini::parse(text).tree.entries {
        let own = entry.key.eq_ignore_ascii_case(NAME);
        for line in &entry.lines {
            let module = if own { module(line.as_str()) } else { mention(line.as_str()) };
            found.extend(module.map(|module| (module, line.range)));
        }
    }
}

fn values(node: &Node, depth: usize, found: &mut Vec<(String, TextRange)>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &node.data {
        Data::Scalar { text, .. } => {
            found.extend(mention(text).map(|module| (module, node.range)));
        }
        Data::Sequence(items) => items.iter().for_each(|item| values(item, depth + 1, found)),
        Data::Mapping(entries) => {
            for entry in entries {
                let text = entry.value.text().filter(|_| entry.key.eq_ignore_ascii_case(NAME));
                match text.and_then(module) {
                    Some(module) => found.push((module, entry.value.range)),
                    None => values(&entry.value, depth + 1, found),
                }
            }
        }
    }
}

/// The module in `DJANGO_SETTINGS_MODULE=x` or `--ds=x` somewhere in a text.
fn mention(text: &str) -> Option<String> {
    let markers = [NAME, "--ds"];
    let rest = markers.iter().find_map(|marker| text.split_once(marker).map(|(_, rest)| rest))?;
    module(rest.trim_start().trim_start_matches(['=', ':', ' ']))
}

fn module(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
    let module = text.get(..end.unwrap_or(text.len()))?;
    (!module.is_empty() && !module.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| module.to_owned())
}
