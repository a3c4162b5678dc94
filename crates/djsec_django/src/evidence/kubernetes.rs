//! Kubernetes manifests and Helm values.

use djsec_base::{FileId, FileKind, Files, Role, Span, Utf8Path, Utf8PathBuf};
use djsec_syntax::data::{Data, Node};
use djsec_syntax::{Text, yaml};

use super::compose::pairs;
use super::container::Container;
use super::image::Ordered;
use super::launch::Launch;
use super::names::is_development_path;
use super::{
    Entry, EnvVar, Evidence, EvidenceKind, Strength, from_environment, from_launch, overlay,
};

/// Deeper than this, Helm values hold no environment.
const MAX_DEPTH: usize = 8;

/// What a YAML file says, if it is a manifest or Helm's values.
pub(super) fn read(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(file);
    let text = files.text(file);
    let manifest = text.contains("apiVersion:") && text.contains("kind:");
    let helm =
        path.file_name().is_some_and(|name| name.starts_with("values")) && text.contains("DJANGO_");
    let strength =
        if is_development_path(path, root) { Strength::Development } else { Strength::Deployed };
    let mut out = Vec::new();
    if manifest {
        for document in yaml::parse(text).tree {
            out.extend(workload(files, file, &document, strength));
        }
    } else if helm {
        for document in yaml::parse(text).tree {
            values(file, &document, strength, 0, &mut out);
        }
    }
    out
}

/// The containers of a Deployment, a Job and the like that run Django.
fn workload(files: &Files, file: FileId, document: &Node, strength: Strength) -> Vec<Evidence> {
    let kind = document.get("kind").and_then(Node::text).unwrap_or_default();
    let spec = match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "Rollout" => {
            document.at(&["spec", "template", "spec"])
        }
        "CronJob" => document.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "Pod" => document.get("spec"),
        _ => None,
    };
    let name = document.at(&["metadata", "name"]).and_then(Node::text).unwrap_or("unnamed");
    let mut out = Vec::new();
    for container in
        spec.and_then(|spec| spec.get("containers")).map(Node::items).unwrap_or_default()
    {
        let mut environment = Vec::new();
        for source in container.get("envFrom").map(Node::items).unwrap_or_default() {
            if let Some(map) = source.at(&["configMapRef", "name"]).and_then(Node::text) {
                overlay(&mut environment, config_map(files, map));
            }
        }
        if let Some(env) = container.get("env") {
            overlay(&mut environment, pairs(file, env, &[]));
        }
        let launch = launch(files, file, container, &environment);
        let set = |name: &str| launch.environment.iter().any(|variable| variable.name == name);
        if launch.entry.is_none() && !set("DJANGO_SETTINGS_MODULE") && !set("DJANGO_CONFIGURATION")
        {
            continue;
        }
        let job = matches!(kind, "Job" | "CronJob");
        let worker = ["worker", "celery", "beat"].iter().any(|word| name.contains(word));
        let guess = if worker { Entry::Worker } else { Entry::Web };
        let entry = if job { Entry::Manage } else { launch.entry.unwrap_or(guess) };
        let strength = if launch.development { Strength::Development } else { strength };
        let location = Span::new(file, container.range);
        let note = format!("Kubernetes {kind} {name}");
        let kind = EvidenceKind::Kubernetes;
        out.push(from_launch(kind, strength, entry, launch, location, note));
    }
    out
}

fn launch(files: &Files, file: FileId, container: &Node, environment: &[EnvVar]) -> Launch {
    let mut words = Vec::new();
    for key in ["command", "args"] {
        for item in container.get(key).map(Node::items).unwrap_or_default() {
            words.extend(item.text().map(|text| Text { text: text.to_owned(), range: item.range }));
        }
    }
    let place = Container::new(vec![Utf8PathBuf::new()]);
    Ordered { words, list: true, file }.step(files, &place).run(environment)
}

/// The data of the `ConfigMap` of this name, in whatever manifest of the repository.
fn config_map(files: &Files, name: &str) -> Vec<EnvVar> {
    let mut out = Vec::new();
    for (id, file) in files.iter() {
        if file.kind != FileKind::Yaml || file.role != Role::Application {
            continue;
        }
        let text = file.text();
        if !text.contains("ConfigMap") || !text.contains(name) {
            continue;
        }
        for document in yaml::parse(text).tree {
            let is_it = document.get("kind").and_then(Node::text) == Some("ConfigMap")
                && document.at(&["metadata", "name"]).and_then(Node::text) == Some(name);
            if let Some(data) = document.get("data").filter(|_| is_it) {
                overlay(&mut out, pairs(id, data, &[]));
            }
        }
    }
    out
}

/// Mappings and lists of Helm values that hold Django's variables.
fn values(file: FileId, node: &Node, strength: Strength, depth: usize, out: &mut Vec<Evidence>) {
    if depth > MAX_DEPTH {
        return;
    }
    let variables = match &node.data {
        Data::Mapping(entries) if entries.iter().any(|entry| entry.key.starts_with("DJANGO_")) => {
            pairs(file, node, &[])
        }
        Data::Sequence(items) => {
            let named = |item: &Node| {
                item.get("name")
                    .and_then(Node::text)
                    .is_some_and(|name| name.starts_with("DJANGO_"))
            };
            if items.iter().any(named) { pairs(file, node, &[]) } else { Vec::new() }
        }
        _ => Vec::new(),
    };
    if !variables.is_empty() {
        let location = Span::new(file, node.range);
        let kind = EvidenceKind::Kubernetes;
        let note = "Helm values".to_owned();
        out.push(from_environment(kind, strength, Entry::Web, variables, location, note));
        return;
    }
    for entry in node.entries() {
        values(file, &entry.value, strength, depth + 1, out);
    }
    for item in node.items() {
        values(file, item, strength, depth + 1, out);
    }
}
