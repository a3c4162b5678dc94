//! Weighs the evidence.

use std::cell::OnceCell;

use djsec_base::{Certainty, EvidenceLine, FileId, Files, Location, Role, Span, Utf8Path};

use super::class::Beside;
use super::modules::{module_beside, module_file, module_name, settings_modules};
use super::names::{
    describes_development, describes_production, is_development_module, is_production,
    is_production_module, is_trial, passes_on_development,
};
use super::placed::{Placed, module_placed};
use super::{Entry, EnvVar, Evidence, EvidenceKind, Speakers, Strength, overlay};

/// What the user says; it beats everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The settings module, with `:Class` for class-based settings.
    pub module: Option<String>,
}

/// The settings that production loads.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The settings module.
    pub module: String,
    /// Its file, if it is in the repository.
    pub file: Option<FileId>,
    /// The class of `django-configurations`.
    pub configuration: Option<String>,
    /// How well it is known.
    pub certainty: Certainty,
    /// What says so, the strongest first; then what else was seen.
    pub evidence: Vec<EvidenceLine>,
    /// The environment of the web server, as far as the repository sets it.
    pub environment: Vec<EnvVar>,
    /// What says otherwise.
    pub conflicts: Vec<Conflict>,
}

/// Evidence for other settings than the chosen ones that is worth a word.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The other module.
    pub module: String,
    /// Why it is worth a word.
    pub reason: ConflictReason,
    /// In words.
    pub text: String,
    /// Where.
    pub location: Option<Location>,
}

/// Why other settings are worth a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictReason {
    /// Something else that is deployed names them.
    OtherDeployment,
    /// What is deployed sets none, the fallback is for development, and these are for production.
    DevelopmentFallback,
    /// The chosen ones are for production, and these, for development, are what the code falls back to.
    ProductionElsewhere,
    /// Nothing deployed says what runs, and the only settings at hand are for development.
    DevelopmentOnly,
    /// The only project is one that a package is tried with: who installs the package has settings of their own.
    TrialOnly,
    /// The chosen module is not in the repository.
    ModuleMissing,
}

impl ConflictReason {
    /// Whether the tree holds no settings for production.
    pub fn is_without_production(self) -> bool {
        matches!(self, Self::DevelopmentOnly | Self::TrialOnly)
    }
}

/// Chooses the settings of a project; `None` when nothing names or looks like settings. `placed`: what stands elsewhere
/// where it runs, as [`placed()`](super::placed()) says.
pub fn choose(
    files: &Files,
    placed: &[Placed],
    speakers: &Speakers,
    evidence: &[Evidence],
    overrides: &Overrides,
) -> Option<Choice> {
    let (root, roles) = (speakers.root(), speakers.roles());
    let scene = Scene { files, root, placed, evidence, roles, production: OnceCell::new() };
    let server = scene.server();
    let pick = Scene::stated(overrides).or_else(|| scene.pick(server))?;
    let mut environment = server.map(|server| server.environment.clone()).unwrap_or_default();
    for file in evidence {
        if file.kind == EvidenceKind::EnvFile && file.strength == Strength::Deployed {
            let new = file
                .environment
                .iter()
                .filter(|variable| !environment.iter().any(|other| other.name == variable.name));
            let new: Vec<EnvVar> = new.cloned().collect();
            overlay(&mut environment, new);
        }
    }
    environment.retain(|variable| {
        !matches!(
            variable.name.as_str(),
            "DJANGO_SETTINGS_MODULE" | "DJANGO_CONFIGURATION" | "PATH"
        )
    });
    environment.sort_by(|a, b| a.name.cmp(&b.name));
    let mut file = module_file(files, root, &pick.module);
    let placed = file.is_none().then(|| module_placed(placed, root, &pick.module)).flatten();
    file = file.or(placed.as_ref().map(|placed| placed.file));
    let found = if file.is_none() { scene.found_beside(&pick) } else { None };
    file = file.or(found.as_ref().map(|(id, _)| *id));
    let mut conflicts = scene.conflicts(&pick, file, server);
    conflicts.extend(scene.development_only(&pick, file, server));
    let mut lines = scene.lines(&pick, server);
    lines.extend(placed.map(|placed| {
        let file = files.path(placed.file);
        let text = if placed.sample {
            format!("{file} is what {} is made from; it is not in this tree", placed.path)
        } else {
            format!("{file} is put there as {}", placed.path)
        };
        EvidenceLine { text, location: Some(placed.said) }
    }));
    lines.extend(found.as_ref().map(|(id, _)| {
        let text = format!("{} is what that names: it stands beside it", files.path(*id));
        EvidenceLine { text, location: Some(Location::File(*id)) }
    }));
    let configuration = pick.configuration.or_else(|| scene.configuration(server));
    let beside = file.zip(configuration.as_deref()).and_then(|(file, class)| {
        Beside::of(files, evidence, (file, &pick.module, class), pick.certainty)
    });
    let (certainty, configuration) = match beside {
        Some(beside) => {
            lines.insert(0, beside.line);
            conflicts.push(beside.conflict);
            (Certainty::Guessed, Some(beside.class))
        }
        None => (pick.certainty, configuration),
    };
    Some(Choice {
        module: found.map_or(pick.module, |(_, module)| module),
        file,
        configuration,
        certainty,
        evidence: lines,
        environment,
        conflicts,
    })
}

struct Pick {
    module: String,
    configuration: Option<String>,
    certainty: Certainty,
    /// The line that says so.
    line: EvidenceLine,
}

struct Scene<'a> {
    files: &'a Files,
    root: &'a Utf8Path,
    placed: &'a [Placed],
    evidence: &'a [Evidence],
    /// What kinds of files are the project.
    roles: &'a [Role],
    /// The settings for production, with why they are, once somebody asked: [`Scene::production`].
    production: OnceCell<Vec<Production>>,
}

/// The file and the name of a settings module, and why it is for production.
type Production = (FileId, String, &'static str);

impl<'a> Scene<'a> {
    fn of(&self, strength: Strength, entry: Entry) -> impl Iterator<Item = &'a Evidence> + use<'a> {
        self.evidence.iter().filter(move |it| it.strength == strength && it.entry == entry)
    }

    fn stated(overrides: &Overrides) -> Option<Pick> {
        let text = overrides.module.as_deref()?;
        let (module, class) = match text.split_once(':') {
            Some((module, class)) => (module, Some(class.to_owned())),
            None => (text, None),
        };
        let line = EvidenceLine { text: format!("{text} was asked for"), location: None };
        Some(Pick {
            module: module.to_owned(),
            configuration: class,
            certainty: Certainty::Stated,
            line,
        })
    }

    /// The deployed evidence that tells the most about the web server: one named for production, one
    /// that names the settings, one that names the application.
    fn server(&self) -> Option<&'a Evidence> {
        self.of(Strength::Deployed, Entry::Web)
            .filter(|it| !matches!(it.kind, EvidenceKind::Wsgi | EvidenceKind::Asgi))
            .filter(|it| it.kind != EvidenceKind::EnvFile)
            .min_by_key(|it| {
                let path = self.files.path(it.location.file);
                (
                    !is_production(path.as_str()),
                    it.settings_module.is_none(),
                    it.program.is_none(),
                    !self.is_ours(it),
                    it.kind,
                    path.components().count(),
                    it.location.file,
                )
            })
    }

    /// Whether what is served or loaded is in this project.
    fn is_ours(&self, evidence: &Evidence) -> bool {
        let module = evidence.settings_module.as_ref().map(|(module, _)| module.as_str());
        [module, evidence.app.as_deref()]
            .into_iter()
            .flatten()
            .any(|module| module_file(self.files, self.root, module).is_some())
    }

    fn pick(&self, server: Option<&Evidence>) -> Option<Pick> {
        self.hard()
            .or_else(|| self.deployed(server))
            .or_else(|| self.beside(server))
            .or_else(|| self.fallback(server, |module| !self.is_empty(module)))
            .or_else(|| self.worker())
            .or_else(|| self.launched())
            .or_else(|| self.named())
            .or_else(|| self.manage())
            .or_else(|| self.only())
            .or_else(|| self.fallback(server, |_| true))
    }

    fn take(evidence: &Evidence, certainty: Certainty) -> Option<Pick> {
        let (module, _) = evidence.settings_module.clone()?;
        let configuration = evidence.configuration.clone().map(|(class, _)| class);
        Some(Pick { module, configuration, certainty, line: evidence.line() })
    }

    /// `os.environ["DJANGO_SETTINGS_MODULE"] = …` in `wsgi.py` beats every environment.
    fn hard(&self) -> Option<Pick> {
        self.of(Strength::Deployed, Entry::Web)
            .filter(|it| matches!(it.kind, EvidenceKind::Wsgi | EvidenceKind::Asgi))
            .find_map(|it| Self::take(it, Certainty::Deployed))
    }

    fn deployed(&self, server: Option<&Evidence>) -> Option<Pick> {
        let from_server = server.and_then(|server| Self::take(server, Certainty::Deployed));
        from_server.or_else(|| {
            self.of(Strength::Deployed, Entry::Web)
                .filter(|it| it.kind == EvidenceKind::EnvFile)
                .find_map(|it| Self::take(it, Certainty::Deployed))
        })
    }

    /// Whether a module is a package with nothing in it: what is loaded are its modules, and what names the
    /// package comes after what chooses among them (`"shop.settings.%s" % mode`).
    fn is_empty(&self, module: &str) -> bool {
        let Some(file) = module_file(self.files, self.root, module) else { return false };
        let is_package = self.files.path(file).file_name() == Some("__init__.py");
        let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
        is_package && self.files.text(file).lines().all(is_blank)
    }

    fn fallback(&self, server: Option<&Evidence>, counts: impl Fn(&str) -> bool) -> Option<Pick> {
        let served = server
            .and_then(|server| server.app.as_deref())
            .and_then(|app| module_file(self.files, self.root, app));
        let mut all: Vec<&Evidence> = self
            .of(Strength::Fallback, Entry::Web)
            .filter(|it| it.settings_module.as_ref().is_some_and(|(module, _)| counts(module)))
            .collect();
        all.sort_by_key(|it| {
            let module = it.settings_module.as_ref().map_or("", |(module, _)| module.as_str());
            (
                Some(it.location.file) != served,
                module_file(self.files, self.root, module).is_none(),
                it.kind,
                self.files.path(it.location.file).components().count(),
                it.location.file,
            )
        });
        all.first().and_then(|it| Self::take(it, Certainty::Fallback))
    }

    /// What the code falls back to, if that is for development, and nothing in the tree starts the server with
    /// an environment of its own: a Procfile holds none, the platform does.
    fn left_open(&self, server: Option<&Evidence>) -> Option<Pick> {
        if server.is_some_and(|server| server.kind != EvidenceKind::Procfile) {
            return None;
        }
        let fallback = self.fallback(server, |module| !self.is_empty(module))?;
        self.is_development(&fallback.module).then_some(fallback)
    }

    /// Whether a settings module is for development: by its name, or by that of the only one that it takes in.
    fn is_development(&self, module: &str) -> bool {
        let file = || module_file(self.files, self.root, module);
        is_development_module(module)
            || file().is_some_and(|file| passes_on_development(self.files.text(file)))
    }

    /// The settings for production that stand beside such a fallback. Who wrote both of them sets the variable
    /// where the server runs; that the fallback is for development is a finding of its own.
    fn beside(&self, server: Option<&Evidence>) -> Option<Pick> {
        self.left_open(server)?;
        self.named()
    }

    fn worker(&self) -> Option<Pick> {
        let deployed = self.of(Strength::Deployed, Entry::Worker);
        deployed
            .chain(self.of(Strength::Deployed, Entry::Manage))
            .chain(self.of(Strength::Fallback, Entry::Worker))
            .find_map(|it| Self::take(it, Certainty::Guessed))
    }

    /// What a program of the project's own loads.
    fn launched(&self) -> Option<Pick> {
        let by_name = self.of(Strength::Name, Entry::Worker);
        by_name.filter(|it| self.is_ours(it)).find_map(|it| Self::take(it, Certainty::Guessed))
    }

    /// The file of the chosen module, and its name in the project, where it is only found from the folder of what
    /// names it: `wsgi.py` that puts its own folder on the path and loads `settings`.
    fn found_beside(&self, pick: &Pick) -> Option<(FileId, String)> {
        let by = match pick.line.location? {
            Location::Span(span) => span.file,
            Location::File(file) => file,
            Location::Project => return None,
        };
        let path = self.files.path(by);
        if !path.starts_with(self.root) {
            return None;
        }
        let (_, file) = module_beside(self.files, path, &pick.module)?;
        Some((file, module_name(self.files.path(file), self.root)?))
    }

    fn named(&self) -> Option<Pick> {
        let (file, module, why) = self.production().first().cloned()?;
        let text = format!("{module} is {why} for production");
        Some(Self::guess(file, module, text))
    }

    /// The settings modules that are for production, by their names, or else by what they say of themselves.
    fn production(&self) -> &[Production] {
        self.production.get_or_init(|| self.find_production())
    }

    fn find_production(&self) -> Vec<Production> {
        let modules = settings_modules(self.files, self.root, self.roles);
        let named = modules.iter().filter(|(_, module)| is_production_module(module));
        let named: Vec<_> = named.map(|(file, module)| (*file, module.clone(), "named")).collect();
        if !named.is_empty() {
            return named;
        }
        let described = modules.into_iter().filter(|(file, module)| {
            !is_development_module(module)
                && !is_shared(module)
                && describes_production(self.files.text(*file))
        });
        let described: Vec<_> =
            described.map(|(file, module)| (file, module, "described as settings")).collect();
        if !described.is_empty() {
            return described;
        }
        let sampled = self.placed.iter().filter(|one| one.sample);
        let modules =
            sampled.filter_map(|one| Some((one.file, module_name(&one.path, self.root)?)));
        let modules = modules.filter(|(_, module)| is_production_module(module));
        modules.map(|(file, module)| (file, module, "named")).collect()
    }

    fn guess(file: FileId, module: String, text: String) -> Pick {
        let line = EvidenceLine { text, location: Some(Location::File(file)) };
        Pick { module, configuration: None, certainty: Certainty::Guessed, line }
    }

    fn manage(&self) -> Option<Pick> {
        self.evidence
            .iter()
            .filter(|it| it.kind == EvidenceKind::Manage)
            .find_map(|it| Self::take(it, Certainty::Guessed))
    }

    fn only(&self) -> Option<Pick> {
        let modules = settings_modules(self.files, self.root, self.roles);
        let main = modules.iter().filter(|(_, module)| is_shared(module));
        let (file, module) = main.min_by_key(|(_, module)| module.matches('.').count())?.clone();
        let text = format!("{module} is the only settings module found");
        Some(Self::guess(file, module, text))
    }

    /// The class that `wsgi.py` falls back to when the artefact names none.
    fn configuration(&self, server: Option<&Evidence>) -> Option<String> {
        let fallback = self.of(Strength::Fallback, Entry::Web);
        server
            .into_iter()
            .chain(self.of(Strength::Deployed, Entry::Web))
            .chain(fallback)
            .find_map(|it| it.configuration.clone().map(|(class, _)| class))
    }

    fn conflicts(
        &self,
        pick: &Pick,
        file: Option<FileId>,
        server: Option<&Evidence>,
    ) -> Vec<Conflict> {
        let mut out: Vec<Conflict> = Vec::new();
        if file.is_none() {
            out.push(Conflict {
                module: pick.module.clone(),
                reason: ConflictReason::ModuleMissing,
                text: format!("{} is not in the repository", pick.module),
                location: pick.line.location,
            });
        }
        for other in self.of(Strength::Deployed, Entry::Web) {
            if let Some((module, span)) = &other.settings_module
                && *module != pick.module
                && !out.iter().any(|conflict| conflict.module == *module)
            {
                let text = format!("{} sets {module}", other.note);
                let location = Some(Location::Span(*span));
                let reason = ConflictReason::OtherDeployment;
                out.push(Conflict { module: module.clone(), reason, text, location });
            }
        }
        if pick.certainty == Certainty::Fallback && self.is_development(&pick.module) {
            for (file, module, _) in self.production().iter().cloned() {
                let text = format!(
                    "nothing in the repository tells a server to load {module}; it would load {}",
                    pick.module
                );
                let reason = ConflictReason::DevelopmentFallback;
                let location = Some(Location::File(file));
                out.push(Conflict { module, reason, text, location });
            }
        }
        if pick.certainty == Certainty::Guessed
            && let Some(open) = self.left_open(server).filter(|open| open.module != pick.module)
        {
            out.push(Conflict {
                module: open.module,
                reason: ConflictReason::ProductionElsewhere,
                text: open.line.text,
                location: open.line.location,
            });
        }
        out
    }

    /// Whether what was found is for development, and there is nothing else: production's settings
    /// are kept elsewhere.
    fn development_only(
        &self,
        pick: &Pick,
        file: Option<FileId>,
        server: Option<&Evidence>,
    ) -> Option<Conflict> {
        let weak = matches!(pick.certainty, Certainty::Fallback | Certainty::Guessed);
        let module = &pick.module;
        let trial = self.is_trial() || self.roles.contains(&Role::Test);
        let development =
            trial || self.is_development(module) || describes_development(self.files.text(file?));
        if !weak || server.is_some() || !development || !self.production().is_empty() {
            return None;
        }
        Some(Conflict {
            module: module.clone(),
            reason: if trial { ConflictReason::TrialOnly } else { ConflictReason::DevelopmentOnly },
            text: format!("{module} is for development, and there are no settings for production"),
            location: pick.line.location,
        })
    }

    /// Whether the project is by the name of its folder one that the package around it is tried or shown with.
    fn is_trial(&self) -> bool {
        let packaged = |folder: &Utf8Path| {
            ["pyproject.toml", "setup.py", "setup.cfg"]
                .iter()
                .any(|name| self.files.find(&folder.join(name)).is_some())
        };
        self.root.file_name().is_some_and(is_trial) && self.root.ancestors().skip(1).any(packaged)
    }

    fn lines(&self, pick: &Pick, server: Option<&Evidence>) -> Vec<EvidenceLine> {
        let mut out = vec![pick.line.clone()];
        let mut add = |line: EvidenceLine| {
            if !out.iter().any(|other| other.text == line.text && other.location == line.location) {
                out.push(line);
            }
        };
        if let Some(server) = server {
            add(server.line());
        }
        let says = |it: &&Evidence| it.settings_module.is_some() || it.kind == EvidenceKind::Wsgi;
        for evidence in self.evidence.iter().filter(says).take(12) {
            add(evidence.line());
        }
        out
    }
}

/// Whether a module is named as one that others share.
fn is_shared(module: &str) -> bool {
    matches!(module.rsplit('.').next(), Some("settings" | "base" | "common"))
}

/// The span of what a choice was read from, if it has one.
impl Choice {
    /// Whether these are settings for development, and the tree holds none for production.
    pub fn for_development(&self) -> bool {
        self.conflicts.iter().any(|conflict| conflict.reason.is_without_production())
    }

    /// Where the strongest evidence stands.
    pub fn source(&self) -> Option<Span> {
        self.evidence.iter().find_map(|line| match line.location {
            Some(Location::Span(span)) => Some(span),
            _ => None,
        })
    }
}
