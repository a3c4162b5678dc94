//! Compose files: the services that run Django.

use djsec_base::{FileId, FileKind, Files, Span, TextRange, Utf8Path, Utf8PathBuf};
use djsec_syntax::data::{Data, Entry as Pair, Node};
use djsec_syntax::{Text, dotenv, yaml};

use super::container::{Container, normal};
use super::image::{self, Image, Ordered};
use super::names::{is_development, is_development_path, is_production};
use super::{Entry, EnvValue, EnvVar, Evidence, EvidenceKind, Strength, from_launch, overlay};

/// The services of a compose file that run Django, with their environment.
pub(super) fn read(files: &Files, file: FileId, root: &Utf8Path) -> Vec<Evidence> {
    let documents = yaml::parse(files.text(file)).tree;
    let Some(services) = documents.first().and_then(|document| document.get("services")) else {
        return Vec::new();
    };
    let path = files.path(file);
    let folder = path.parent().unwrap_or(Utf8Path::new("")).to_path_buf();
    let outside = dotenv_file(files, &folder.join(".env"), &[]);
    let project = Project { files, file, folder, outside };
    let development = is_development_path(path, root) || production_sibling(files, path);
    let built: Vec<(String, Image)> = services
        .entries()
        .iter()
        .filter_map(|service| Some((project.image_name(service)?, project.image(service)?)))
        .collect();
    let mut out = Vec::new();
    for service in services.entries() {
        out.extend(project.service(service, &built, development));
    }
    out
}

/// Whether another compose file of the folder is the one for production.
fn production_sibling(files: &Files, path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    !is_production(name)
        && files.iter().any(|(_, file)| {
            file.kind == FileKind::Compose
                && file.path.parent() == path.parent()
                && file.path.file_name().is_some_and(is_production)
        })
}

struct Project<'a> {
    files: &'a Files,
    file: FileId,
    folder: Utf8PathBuf,
    /// What `${X}` in the file may be replaced by: the `.env` beside it.
    outside: Vec<EnvVar>,
}

impl Project<'_> {
    fn text(&self, node: &Node) -> Option<String> {
        EnvValue::of(node.text()?, &self.outside).text().map(str::to_owned)
    }

    fn image_name(&self, service: &Pair) -> Option<String> {
        self.text(service.value.get("image")?)
    }

    /// The image that a service builds.
    fn image(&self, service: &Pair) -> Option<Image> {
        let build = service.value.get("build")?;
        let context = build.get("context").unwrap_or(build);
        let context = self.text(context).unwrap_or_else(|| ".".to_owned());
        let context = normal(self.folder.join(context).as_str());
        let named = build.get("dockerfile").and_then(|node| self.text(node));
        let path = context.join(named.as_deref().unwrap_or("Dockerfile"));
        let file = self.files.find(&normal(path.as_str()))?;
        let target = build.get("target").and_then(|node| self.text(node));
        Some(image::read(self.files, file, Some(&context), target.as_deref()))
    }

    fn service(
        &self,
        service: &Pair,
        built: &[(String, Image)],
        development: bool,
    ) -> Option<Evidence> {
        let node = &service.value;
        let image = self.image(service).or_else(|| {
            let name = self.image_name(service)?;
            built.iter().find(|(other, _)| *other == name).map(|(_, image)| image.clone())
        });
        let mut missing = Vec::new();
        let environment = self.environment(node, image.as_ref(), &mut missing);
        let mut image = image.unwrap_or_else(|| self.unbuilt());
        self.mounts(node, &mut image.container);
        let entrypoint = node.get("entrypoint").and_then(|node| self.order(node));
        let command = node.get("command").and_then(|node| self.order(node));
        let launch =
            image.launch_with(self.files, entrypoint.as_ref(), command.as_ref(), &environment);
        let names = |name: &str| launch.environment.iter().any(|variable| variable.name == name);
        let django = names("DJANGO_SETTINGS_MODULE") || names("DJANGO_CONFIGURATION");
        let entry = match launch.entry {
            Some(entry) => entry,
            None if django => by_name(&service.key),
            None => return None,
        };
        let development = development || launch.development || is_development(&service.key);
        let strength = if development { Strength::Development } else { Strength::Deployed };
        let location = Span::new(self.file, service.key_range);
        let mut note = format!("compose service {}", service.key);
        if !launch.program.is_empty() {
            note = format!("{note} ({})", launch.program);
        }
        if !missing.is_empty() {
            note = format!("{note}; {} not in the repository", missing.join(", "));
        }
        let kind = EvidenceKind::Compose;
        let mut evidence = from_launch(kind, strength, entry, launch, location, note);
        self.unmount(node, &mut evidence);
        Some(evidence)
    }

    fn unbuilt(&self) -> Image {
        Image {
            file: self.file,
            base: None,
            runs: Vec::new(),
            environment: Vec::new(),
            container: Container::new(vec![self.folder.clone(), Utf8PathBuf::new()]),
            entrypoint: None,
            command: None,
            stage: None,
        }
    }

    fn environment(
        &self,
        node: &Node,
        image: Option<&Image>,
        missing: &mut Vec<String>,
    ) -> Vec<EnvVar> {
        let mut out = image.map(|image| image.environment.clone()).unwrap_or_default();
        if let Some(list) = node.get("env_file") {
            let single = std::slice::from_ref(list);
            let paths = if list.items().is_empty() { single } else { list.items() };
            for item in paths {
                let Some(path) = self.text(item.get("path").unwrap_or(item)) else { continue };
                let full = normal(self.folder.join(&path).as_str());
                if self
                    .files
                    .find(&full)
                    .is_some_and(|id| self.files.file(id).is_some_and(|f| f.text.is_some()))
                {
                    overlay(&mut out, dotenv_file(self.files, &full, &self.outside));
                } else {
                    missing.push(path);
                }
            }
        }
        if let Some(environment) = node.get("environment") {
            overlay(&mut out, pairs(self.file, environment, &self.outside));
        }
        out
    }

    fn order(&self, node: &Node) -> Option<Ordered> {
        let word = |node: &Node| {
            let text = node.text()?;
            let text = self.text(node).unwrap_or_else(|| text.to_owned());
            Some(Text { text, range: node.range })
        };
        let (words, list) = match &node.data {
            Data::Sequence(items) => (items.iter().filter_map(word).collect(), true),
            Data::Scalar { .. } => (word(node).into_iter().collect(), false),
            Data::Mapping(_) => return None,
        };
        Some(Ordered { words, list, file: self.file })
    }

    fn mounts(&self, node: &Node, container: &mut Container) {
        for (source, target) in self.volumes(node) {
            container.copy(&[source], &target);
        }
    }

    /// Bind mounts: from a path relative to the compose file's folder, to the container.
    fn volumes(&self, node: &Node) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for volume in node.get("volumes").map(Node::items).unwrap_or_default() {
            let Some((source, target)) = self.volume(volume) else { continue };
            if source.starts_with('.') {
                out.push((source, target));
            }
        }
        out
    }

    fn volume(&self, volume: &Node) -> Option<(String, String)> {
        let Some(text) = volume.text() else {
            let get = |key: &str| volume.get(key).and_then(|node| self.text(node));
            return Some((get("source")?, get("target")?));
        };
        let text = text.replace("${PWD}", ".").replace("$PWD", ".");
        let value = EnvValue::of(&text, &self.outside);
        let (source, rest) = value.text()?.split_once(':')?;
        let target = rest.split(':').next().unwrap_or(rest);
        Some((source.to_owned(), target.to_owned()))
    }

    /// A settings file that is mounted under another name: the module is that of the repository's file.
    fn unmount(&self, node: &Node, evidence: &mut Evidence) {
        let Some((module, _)) = &mut evidence.settings_module else { return };
        let wanted = format!("/{}.py", module.replace('.', "/"));
        for (source, target) in self.volumes(node) {
            if target.ends_with(&wanted) {
                let path = normal(self.folder.join(&source).as_str());
                if self.files.find(&path).is_some()
                    && let Some(name) = path.as_str().strip_suffix(".py")
                {
                    evidence.note = format!("{} (mounts {path} as {module})", evidence.note);
                    *module = name.replace('/', ".");
                    return;
                }
            }
        }
    }
}

fn by_name(service: &str) -> Entry {
    let worker = ["celery", "worker", "beat", "rq", "queue", "scheduler", "huey", "task", "flower"];
    let manage = ["migrate", "migration", "init", "setup", "collectstatic"];
    let lower = service.to_ascii_lowercase();
    if worker.iter().any(|word| lower.contains(word)) {
        Entry::Worker
    } else if manage.iter().any(|word| lower.contains(word)) {
        Entry::Manage
    } else {
        Entry::Web
    }
}

/// Variables as a mapping, as a list of `A=b`, or as a list of `{name, value}`.
pub(super) fn pairs(file: FileId, node: &Node, known: &[EnvVar]) -> Vec<EnvVar> {
    let mut out = Vec::new();
    let value = |node: Option<&Node>| match node.and_then(Node::text) {
        Some(text) => EnvValue::of(text, known),
        None => EnvValue::Passed,
    };
    let mut push = |name: &str, value: EnvValue, range: TextRange| {
        let name = name.trim().to_owned();
        overlay(&mut out, [EnvVar { name, value, span: Span::new(file, range) }]);
    };
    for entry in node.entries() {
        // Heroku and render write `{value: …}`.
        let inner = entry.value.get("value").unwrap_or(&entry.value);
        push(&entry.key, value(Some(inner)), entry.range());
    }
    for item in node.items() {
        let name = item.get("name").or_else(|| item.get("key")).and_then(Node::text);
        match (item.text(), name) {
            (Some(text), _) => match text.split_once('=') {
                Some((name, text)) => push(name, EnvValue::of(text, known), item.range),
                None => push(text, EnvValue::Passed, item.range),
            },
            (None, Some(name)) => push(name, value(item.get("value")), item.range),
            (None, None) => {}
        }
    }
    out
}

/// The variables of a `.env` file; none if it is not in the repository.
pub(super) fn dotenv_file(files: &Files, path: &Utf8Path, known: &[EnvVar]) -> Vec<EnvVar> {
    let Some(file) = files.find(path) else { return Vec::new() };
    let mut out: Vec<EnvVar> = Vec::new();
    for assignment in dotenv::parse(files.text(file)).tree {
        let value = match &assignment.value {
            Some(text) if assignment.quoting == dotenv::Quoting::Single => {
                EnvValue::Literal(text.clone())
            }
            Some(text) => {
                let mut all = known.to_vec();
                overlay(&mut all, out.iter().cloned());
                EnvValue::of(text, &all)
            }
            None => EnvValue::Passed,
        };
        let range = assignment.name_range.cover(assignment.value_range);
        overlay(&mut out, [EnvVar { name: assignment.name, value, span: Span::new(file, range) }]);
    }
    out
}
