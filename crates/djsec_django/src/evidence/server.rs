//! Procfiles, systemd units, supervisor programs, uWSGI and gunicorn configuration, env files.

use djsec_base::{FileId, Files, Span, TextRange, Utf8Path, Utf8PathBuf};
use djsec_syntax::{ini, procfile, shell};

use super::compose::dotenv_file;
use super::container::{Container, normal};
use super::launch::{self, Launch, Place};
use super::names::{is_development, is_development_path, is_production};
use super::{
    Entry, EnvValue, EnvVar, Evidence, EvidenceKind, Strength, from_environment, from_launch,
    overlay, python, start_of,
};

fn strength(path: &Utf8Path, root: &Utf8Path, launch: &Launch) -> Strength {
    let development = launch.development || is_development_path(path, root);
    if development { Strength::Development } else { Strength::Deployed }
}

/// The processes of a Procfile that run Django.
pub(super) fn procfile(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(file);
    let container = here(path);
    let mut out = Vec::new();
    for process in procfile::parse(files.text(file)).tree {
        let range = process.command.range;
        let offset = Some(range.start());
        let place = Place { files, container: &container, file, offset, range };
        let launch = launch::line(process.command.as_str(), place, &[]);
        let Some(mut entry) = launch.entry else { continue };
        if process.name.text == "release" {
            entry = Entry::Manage;
        }
        let strength = strength(path, root, &launch);
        let note = format!("Procfile {} ({})", process.name.text, launch.program);
        let location = Span::new(file, range);
        out.push(from_launch(EvidenceKind::Procfile, strength, entry, launch, location, note));
    }
    out
}

/// A container that is the folder of a file.
fn here(path: &Utf8Path) -> Container {
    let folder = path.parent().unwrap_or(Utf8Path::new("")).to_path_buf();
    let mut container = Container::new(vec![folder.clone(), Utf8PathBuf::new()]);
    container.copy(&[".".to_owned()], "/");
    container
}

/// A systemd unit.
pub(super) fn systemd(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(file);
    let tree = ini::parse(files.text(file)).tree;
    let container = here(path);
    let mut environment = Vec::new();
    let mut missing = Vec::new();
    for entry in tree.entries.iter().filter(|entry| entry.section == "Service") {
        match entry.key.as_str() {
            "Environment" => overlay(&mut environment, assignments(file, entry)),
            "EnvironmentFile" => {
                let value = entry.value();
                let value = value.trim_start_matches('-');
                match env_file(files, path, value) {
                    Some(variables) => overlay(&mut environment, variables),
                    None => missing.push(value.to_owned()),
                }
            }
            _ => {}
        }
    }
    let Some(start) = tree.last("Service", "ExecStart") else { return Vec::new() };
    let range = start.value_range();
    let place = Place { files, container: &container, file, offset: None, range };
    let line = start.value().replace('\n', " ");
    let launch = launch::line(line.trim_start_matches(['-', '+', '!', '@']), place, &environment);
    let Some(entry) = launch.entry else { return Vec::new() };
    let strength = strength(path, root, &launch);
    let name = path.file_name().unwrap_or_default();
    let mut note = format!("systemd unit {name} ({})", launch.program);
    if !missing.is_empty() {
        note = format!("{note}; {} not in the repository", missing.join(", "));
    }
    vec![from_launch(EvidenceKind::Systemd, strength, entry, launch, Span::new(file, range), note)]
}

/// `Environment="A=b" C=d`.
fn assignments(file: FileId, entry: &ini::Entry) -> Vec<EnvVar> {
    let mut out = Vec::new();
    for line in &entry.lines {
        for command in shell::parse(line.as_str()) {
            let words = command.words.iter().filter_map(|word| word.text.split_once('='));
            let named = command.assignments.iter().filter_map(|assignment| {
                Some((assignment.name.as_str(), assignment.value.as_deref()?))
            });
            for (name, value) in named.chain(words) {
                let value = EnvValue::Literal(value.to_owned());
                let span = Span::new(file, line.range);
                overlay(&mut out, [EnvVar { name: name.to_owned(), value, span }]);
            }
        }
    }
    out
}

/// The variables of a file that a server names by its path there: the file of that name near `path`.
fn env_file(files: &Files, path: &Utf8Path, named: &str) -> Option<Vec<EnvVar>> {
    let name = Utf8Path::new(named).file_name()?;
    let near = path.parent().unwrap_or(Utf8Path::new("")).join(name);
    let found = [near, normal(named)].into_iter().find(|path| files.find(path).is_some())?;
    Some(dotenv_file(files, &found, &[]))
}

/// INI files: uWSGI's configuration and supervisor's programs.
pub(super) fn ini_file(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(file);
    let text = files.text(file);
    let mut out = Vec::new();
    if text.contains("[uwsgi]") {
        let (environment, app) = launch::uwsgi(files, file);
        let launch = Launch { app, environment, ..Launch::default() };
        let strength = strength(path, root, &launch);
        let note = format!("uWSGI configuration {}", path.file_name().unwrap_or_default());
        out.push(from_launch(
            EvidenceKind::Server,
            strength,
            Entry::Web,
            launch,
            start_of(file),
            note,
        ));
    }
    if text.contains("[program:") {
        let tree = ini::parse(text).tree;
        let container = here(path);
        for entry in tree.entries.iter().filter(|entry| entry.key == "command") {
            let Some(program) = entry.section.strip_prefix("program:") else { continue };
            let environment: Vec<EnvVar> = tree
                .last(&entry.section, "environment")
                .map(|variables| supervisor(file, variables))
                .unwrap_or_default();
            let range = entry.value_range();
            let place = Place { files, container: &container, file, offset: None, range };
            let launch = launch::line(&entry.value(), place, &environment);
            let Some(kind) = launch.entry else { continue };
            let strength = strength(path, root, &launch);
            let note = format!("supervisor program {program} ({})", launch.program);
            out.push(from_launch(
                EvidenceKind::Systemd,
                strength,
                kind,
                launch,
                Span::new(file, range),
                note,
            ));
        }
    }
    out
}

/// `A="b",C="d"`.
fn supervisor(file: FileId, entry: &ini::Entry) -> Vec<EnvVar> {
    let mut out = Vec::new();
    for line in &entry.lines {
        for pair in line.as_str().split(',') {
            if let Some((name, value)) = pair.split_once('=') {
                let value = EnvValue::Literal(value.trim().trim_matches(['"', '\'']).to_owned());
                let span = Span::new(file, line.range);
                overlay(&mut out, [EnvVar { name: name.trim().to_owned(), value, span }]);
            }
        }
    }
    out
}

/// gunicorn's configuration, when it sets variables.
pub(super) fn gunicorn(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let environment = python::gunicorn(files, file);
    let Some(first) = environment.first() else { return Vec::new() };
    let location = first.span;
    let launch = Launch { environment, ..Launch::default() };
    let strength = strength(files.path(file), root, &launch);
    let note = "gunicorn configuration".to_owned();
    vec![from_launch(EvidenceKind::Server, strength, Entry::Web, launch, location, note)]
}

/// A file of variables. What is named for production is deployed; a plain `.env` that is committed is
/// what developers use.
pub(super) fn env(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(file);
    let below = path.strip_prefix(root).unwrap_or(path).as_str();
    let environment = dotenv_file(files, path, &[]);
    if environment.is_empty() {
        return Vec::new();
    }
    let name = path.file_name().unwrap_or_default();
    let production = is_production(below) && !is_development(name);
    let strength = if production { Strength::Deployed } else { Strength::Development };
    let location = Span::new(file, TextRange::default());
    let note = format!("environment file {name}");
    let kind = EvidenceKind::EnvFile;
    vec![from_environment(kind, strength, Entry::Web, environment, location, note)]
}
