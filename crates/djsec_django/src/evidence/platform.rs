//! Files of hosting platforms: Fly, Heroku, Render, App Engine, ECS.

use djsec_base::{FileId, FileKind, Files, Span, TextRange, Utf8Path, Utf8PathBuf};
use djsec_syntax::data::Node;
use djsec_syntax::{Text, json, toml, yaml};

use super::compose::pairs;
use super::container::Container;
use super::image::Ordered;
use super::names::{is_development, is_development_path};
use super::{Entry, EnvVar, Evidence, EvidenceKind, Strength, from_launch};

/// What a platform's file says, if it is one.
pub(super) fn read(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let path = files.path(file);
    let name = path.file_name().unwrap_or_default();
    let text = files.text(file);
    let kind = files.file(file).map(|file| file.kind);
    let strength =
        if is_development_path(path, root) { Strength::Development } else { Strength::Deployed };
    let reader = Reader { files, file, strength };
    let stem = path.file_stem().unwrap_or_default();
    match name {
        _ if stem.starts_with("fly") && kind == Some(FileKind::Toml) => {
            reader.fly(&toml::parse(text).tree)
        }
        "app.json" => reader.heroku(&json::parse(text).tree),
        "render.yaml" | "render.yml" => {
            let documents = yaml::parse(text).tree;
            documents.iter().flat_map(|document| reader.render(document)).collect()
        }
        _ if kind == Some(FileKind::Yaml) && stem.starts_with("app") => {
            let documents = yaml::parse(text).tree;
            documents.iter().flat_map(|document| reader.app_engine(document)).collect()
        }
        _ if kind == Some(FileKind::Json) && text.contains("containerDefinitions") => {
            reader.ecs(&json::parse(text).tree)
        }
        _ => Vec::new(),
    }
}

struct Reader<'a> {
    files: &'a Files,
    file: FileId,
    strength: Strength,
}

impl Reader<'_> {
    fn evidence(
        &self,
        command: Option<&Node>,
        environment: &[EnvVar],
        range: TextRange,
        note: &str,
    ) -> Evidence {
        let container = Container::new(vec![Utf8PathBuf::new()]);
        let mut words: Vec<Text> = Vec::new();
        if let Some(command) = command {
            let list = command.items();
            let all = if list.is_empty() { std::slice::from_ref(command) } else { list };
            words.extend(all.iter().filter_map(|node| {
                Some(Text { text: node.text()?.to_owned(), range: node.range })
            }));
        }
        let list = words.len() > 1;
        let order = Ordered { words, list, file: self.file };
        let launch = order.step(self.files, &container).run(environment);
        let entry = launch.entry.unwrap_or(Entry::Web);
        let location = Span::new(self.file, range);
        let kind = EvidenceKind::Platform;
        let strength = self.strength;
        from_launch(kind, strength, entry, launch, location, note.to_owned())
    }

    fn fly(&self, tree: &Node) -> Vec<Evidence> {
        let known = tree.get("app").is_some() || tree.get("env").is_some();
        if !known {
            return Vec::new();
        }
        let environment = tree.get("env").map(|env| pairs(self.file, env, &[])).unwrap_or_default();
        let range = tree.entry("env").map_or(TextRange::default(), |entry| entry.key_range);
        let mut out = vec![self.evidence(None, &environment, range, "fly.toml")];
        for process in tree.get("processes").map(Node::entries).unwrap_or_default() {
            let note = format!("fly.toml process {}", process.key);
            out.push(self.evidence(Some(&process.value), &environment, process.range(), &note));
        }
        out
    }

    fn heroku(&self, tree: &Node) -> Vec<Evidence> {
        let Some(env) = tree.get("env") else { return Vec::new() };
        vec![self.evidence(None, &pairs(self.file, env, &[]), env.range, "app.json")]
    }

    fn render(&self, tree: &Node) -> Vec<Evidence> {
        let services = tree.get("services").map(Node::items).unwrap_or_default();
        services
            .iter()
            .map(|service| {
                let env = service.get("envVars");
                let environment = env.map(|env| pairs(self.file, env, &[])).unwrap_or_default();
                let name = service.get("name").and_then(Node::text).unwrap_or("unnamed");
                let note = format!("Render service {name}");
                let mut evidence =
                    self.evidence(service.get("startCommand"), &environment, service.range, &note);
                if service.get("type").and_then(Node::text) == Some("worker") {
                    evidence.entry = Entry::Worker;
                }
                if is_development(name) {
                    evidence.strength = Strength::Development;
                }
                evidence
            })
            .collect()
    }

    fn app_engine(&self, tree: &Node) -> Vec<Evidence> {
        let runtime = tree.get("runtime").and_then(Node::text).unwrap_or_default();
        if !runtime.starts_with("python") && runtime != "custom" {
            return Vec::new();
        }
        let env = tree.get("env_variables");
        let environment = env.map(|env| pairs(self.file, env, &[])).unwrap_or_default();
        vec![self.evidence(tree.get("entrypoint"), &environment, tree.range, "App Engine app.yaml")]
    }

    fn ecs(&self, tree: &Node) -> Vec<Evidence> {
        let containers = tree.get("containerDefinitions").map(Node::items).unwrap_or_default();
        containers
            .iter()
            .filter_map(|container| {
                let env = container.get("environment");
                let environment = env.map(|env| pairs(self.file, env, &[])).unwrap_or_default();
                let name = container.get("name").and_then(Node::text).unwrap_or("unnamed");
                let note = format!("ECS container {name}");
                let command = container.get("command");
                let django = environment.iter().any(|it| it.name.starts_with("DJANGO_"));
                let evidence = self.evidence(command, &environment, container.range, &note);
                (django || evidence.app.is_some()).then_some(evidence)
            })
            .collect()
    }
}
