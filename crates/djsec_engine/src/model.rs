//! From files and modules to Django projects: packages, production profile, settings.

use std::sync::OnceLock;

use djsec_base::{
    EvidenceLine, Files, Location, Notice, ProfileSummary, ProjectSummary, Span, Utf8Path,
    Utf8PathBuf,
};
use djsec_deps::{DjangoVersion, Inventory};
use djsec_django::defaults::DjangoSeries;
use djsec_django::evidence::edge::Edge;
use djsec_django::evidence::{self, Assigned, Choice, EnvValue, Overrides, Placed, Speakers};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::project::Project;
use djsec_django::settings::{self, Request, Settings};
use djsec_python::Program;
use djsec_python::eval::{Budget, Environment, EnvironmentValue, Fact, apart};
use tracing::info_span;

use crate::Config;
use crate::config::Profile;
use crate::similar::{did_you_mean, nearest_module};

/// What the model stage gives.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// The projects whose settings could be evaluated.
    pub(crate) projects: Vec<Project>,
    /// All projects, as reports show them; index `n` belongs to `projects` entry with `summary == n`.
    pub(crate) summaries: Vec<ProjectSummary>,
    /// For each of `projects`, its place in `summaries`.
    pub(crate) summary_of: Vec<usize>,
    /// What happened.
    pub(crate) notices: Vec<Notice>,
}

/// What is known of a Django project before its code is: packages, evidence, proxies.
#[derive(Debug)]
pub(crate) struct Scene<'c> {
    root: Utf8PathBuf,
    speakers: Speakers,
    profile: &'c Profile,
    inventory: Inventory,
    choice: Option<Choice>,
    edges: Vec<Edge>,
    variables: Vec<Assigned>,
}

/// Finds the Django projects of the tree and what says how they run. Needs no parsed program, so
/// that it can go on beside the parsing. Of more projects than djsec judges in one run, a notice names the rest.
pub(crate) fn survey<'c>(
    files: &Files,
    placed: &[Placed],
    config: &'c Config,
) -> (Vec<Scene<'c>>, Option<Notice>) {
    let roots = evidence::project_roots(files);
    let scene = |root: &Utf8PathBuf| {
        let profile = config.profile_at(root);
        let speakers = Speakers::new(files, &roots, root);
        let found = evidence::collect(files, &speakers);
        let stated = Overrides { module: profile.settings.clone() };
        Scene {
            profile,
            inventory: Inventory::read(files, root),
            choice: evidence::choose(files, placed, &speakers, &found, &stated),
            edges: evidence::edge::edges(files, &speakers),
            variables: evidence::variables(files, &speakers, &found),
            speakers,
            root: root.clone(),
        }
    };
    let mut nearest: Vec<&Utf8PathBuf> = roots.iter().collect();
    nearest.sort_by_key(|root| root.components().count());
    let left = nearest.split_off(MOST_PROJECTS.min(nearest.len()));
    nearest.sort();
    (nearest.into_iter().map(scene).collect(), projects_cut(&left))
}

/// How many Django projects of one tree are judged. (Trees of courses and of samples hold some tens; each project
/// costs a pass over all files.)
const MOST_PROJECTS: usize = 100;

fn projects_cut(left: &[&Utf8PathBuf]) -> Option<Notice> {
    let first = left.first()?;
    let message = format!(
        "the tree holds {} Django projects more than the {MOST_PROJECTS} that one run judges, the first of them in \
         {first}; run djsec on their folders",
        left.len()
    );
    Some(Notice::incomplete("projects-cut", message))
}

/// Evaluates the settings of each project.
pub(crate) fn model(
    files: &Files,
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    scenes: Vec<Scene<'_>>,
) -> Model {
    let mut model = Model::default();
    for scene in scenes {
        model.add(files, program, hierarchy, scene);
    }
    model
}

impl Model {
    fn add(
        &mut self,
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        scene: Scene<'_>,
    ) {
        let Scene { root, speakers, profile, inventory, choice, edges, variables } = scene;
        let resolved = inventory.version_of("django");
        let django = resolved.as_ref().and_then(|r| DjangoVersion::parse(&r.version.to_string()));
        let source = resolved.as_ref().map(|r| r.source);
        let mut summary = ProjectSummary {
            root: root.clone(),
            django: django.map(|version| version.to_string()),
            django_source: source.map(Location::Span),
            profile: None,
        };
        let Some(choice) = choice else {
            self.notices.push(no_settings(&root));
            self.summaries.push(summary);
            return;
        };
        let series = django.map_or(DjangoSeries::NEWEST, |version| {
            version.series().parse().unwrap_or(DjangoSeries::NEWEST)
        });
        let environment = environment(&choice, profile);
        let request = Request {
            files,
            program,
            inventory: &inventory,
            root: &root,
            module: &choice.module,
            configuration: choice.configuration.as_deref(),
            environment: environment.clone(),
            series,
            budget: Budget::default(),
        };
        let settings = evaluate(request, &mut self.notices);
        summary.profile = Some(profile_summary(&choice, &environment, settings.as_ref()));
        self.summaries.push(summary);
        let Some(settings) = settings else {
            self.notices.push(no_module(&choice.module, &root, program));
            return;
        };
        if choice.for_development() {
            self.notices.push(no_production(&choice));
        }
        self.notices.extend(notices(&settings));
        self.notices.extend(not_judged(&settings, files));
        let middleware_bases = Project::middleware_bases(&settings, program, hierarchy, &root);
        self.summary_of.push(self.summaries.len() - 1);
        self.projects.push(Project {
            root,
            speakers,
            inventory,
            django,
            django_source: source,
            settings,
            environment,
            structure: OnceLock::new(),
            templates: OnceLock::new(),
            middleware_bases,
            evidence: choice.evidence,
            certainty: choice.certainty,
            conflicts: choice.conflicts,
            edges,
            variables,
        });
    }
}

/// Variables of the shipped artefact, then of the user's files, then those the user names.
fn environment(choice: &Choice, profile: &Profile) -> Environment {
    let mut out = Environment { closed: profile.env_closed, ..Environment::default() };
    for variable in &choice.environment {
        let span = Some(variable.span);
        let value = match &variable.value {
            EnvValue::Literal(text) => EnvironmentValue::Is(text.clone(), span),
            EnvValue::Default(text) => EnvironmentValue::Default(text.clone(), span),
            EnvValue::Passed => EnvironmentValue::Set(span),
        };
        out.given.insert(variable.name.clone(), value);
    }
    for file in &profile.env_files {
        for entry in djsec_syntax::dotenv::parse(&file.text).tree {
            let value = entry
                .value
                .map_or(EnvironmentValue::Set(None), |text| EnvironmentValue::Is(text, None));
            out.given.insert(entry.name, value);
        }
    }
    for (name, value) in &profile.env {
        out.given.insert(name.clone(), EnvironmentValue::Is(value.clone(), None));
    }
    out
}

/// Evaluates settings on a thread with room for deep recursion; a crash there costs only this project.
fn evaluate(request: Request<'_>, notices: &mut Vec<Notice>) -> Option<Settings> {
    let module = request.module.to_owned();
    if let Some(found) = apart(|| info_span!("settings").in_scope(|| settings::evaluate(request))) {
        return found;
    }
    let message = format!("evaluating the settings {module} crashed djsec; please report it");
    notices.push(Notice::incomplete("settings-crash", message));
    None
}

fn no_settings(root: &Utf8Path) -> Notice {
    let shown = if root.as_str().is_empty() { "." } else { root.as_str() };
    let message = format!(
        "no settings module was found for the Django project in {shown}; name it with --settings"
    );
    Notice::incomplete("settings-not-found", message)
}

/// Why the settings of a project are not judged, if they are not.
fn not_judged(settings: &Settings, files: &Files) -> Option<Notice> {
    let module = &settings.module;
    let path = settings.file.map(|file| files.path(file));
    if settings.never_imports && path.is_some_and(|path| path.as_str().contains("{{")) {
        let message = format!(
            "{module} is a template that a generator fills in, so nothing in it is judged: generate \
             a project and audit that"
        );
        let notice = Notice::incomplete("settings-template", message);
        return Some(Notice { location: settings.file.map(Location::File), ..notice });
    }
    if settings.never_imports {
        let words = settings.failure_words();
        let failure = words.iter().find(|f| f.when == "always").or_else(|| words.first())?;
        let message = format!(
            "importing {module} always fails here ({}), so nothing in it is judged",
            failure.error
        );
        return Some(Notice::incomplete("settings-fail", message).at(failure.span));
    }
    let message = format!(
        "no setting could be read from {module}: what production loads is not known, so nothing is \
         judged"
    );
    let read = settings.explicit().next().is_some();
    (!read).then(|| Notice::incomplete("settings-unread", message))
}

/// Says what the findings are worth where only settings for development are at hand.
fn no_production(choice: &Choice) -> Notice {
    let module = &choice.module;
    let message = format!(
        "the settings that production loads are not in this tree; what is audited is {module}, which \
         is for development: what only holds there is left out (--confidence low shows it), and \
         what it inherits is one step milder, as production may override it; audit the real ones \
         with --settings MODULE"
    );
    let notice = Notice::info("no-production-settings", message);
    match choice.source() {
        Some(span) => notice.at(span),
        None => notice,
    }
}

fn no_module(module: &str, root: &Utf8Path, program: &Program) -> Notice {
    let shown = if root.as_str().is_empty() { "." } else { root.as_str() };
    let names: Vec<&str> = program.modules().map(|(_, module)| &*module.name).collect();
    let near = did_you_mean(nearest_module(module, &names));
    let message = format!(
        "the settings module {module} of the project in {shown} is not in this tree{near}; pass the \
         one that production loads with --settings"
    );
    Notice::incomplete("settings-not-in-tree", message)
}

fn notices(settings: &Settings) -> Vec<Notice> {
    let mut out = Vec::new();
    for fact in &settings.facts {
        match fact {
            Fact::Budget { what, span } => {
                let message =
                    format!("evaluating the settings ran out of {what}; what follows is unknown");
                out.push(Notice::incomplete("settings-budget", message).at(*span));
            }
            Fact::Assertion { span } => {
                let message = "this assertion never holds, as far as djsec can tell: what follows is audited as \
                               if it did, as production gets past it";
                out.push(Notice::info("assertion-fails", message).at(*span));
            }
            Fact::LocalOverride { name, present: false, span } => {
                let message =
                    format!("{name} is not in the tree: what is audited is what holds without it");
                out.push(Notice::info("local-settings", message).at(*span));
            }
            _ => {}
        }
    }
    out.extend(operator_notices(settings));
    out
}

/// One notice for each place that loads what the operator supplies, under whatever names.
fn operator_notices(settings: &Settings) -> Vec<Notice> {
    let mut places: Vec<(Span, Vec<&str>)> = Vec::new();
    for fact in &settings.facts {
        let Fact::OperatorModule { name, span } = fact else { continue };
        match places.iter_mut().find(|(place, _)| place == span) {
            Some((_, names)) => names.push(name),
            None => places.push((*span, vec![name])),
        }
    }
    let notice = |(span, names): (Span, Vec<&str>)| {
        let names = names.join(" or ");
        let message = format!(
            "{names} is supplied by whoever operates the project: what is audited is what holds \
             where it sets nothing"
        );
        Notice::info("operator-settings", message).at(span)
    };
    places.into_iter().map(notice).collect()
}

fn profile_summary(
    choice: &Choice,
    environment: &Environment,
    settings: Option<&Settings>,
) -> ProfileSummary {
    let mut kinds = std::collections::BTreeMap::new();
    let mut fails_when = Vec::new();
    if let Some(settings) = settings {
        for setting in settings.explicit() {
            *kinds.entry(settings.kind(&setting.value).name()).or_insert(0) += 1;
        }
        fails_when = settings
            .failure_words()
            .into_iter()
            .map(|f| format!("{} ({})", f.when, f.error))
            .collect();
    }
    let shown = match &choice.configuration {
        Some(class) => format!("{}:{class}", choice.module),
        None => choice.module.clone(),
    };
    ProfileSummary {
        module: shown,
        file: settings.and_then(|settings| settings.file),
        certainty: choice.certainty,
        for_development: choice.for_development(),
        evidence: choice.evidence.clone(),
        environment: environment.given.iter().map(|(n, v)| variable_line(n, v)).collect(),
        kinds,
        fails_when,
    }
}

fn variable_line(name: &str, value: &EnvironmentValue) -> EvidenceLine {
    let place = |span: &Option<Span>| span.map(Location::Span);
    match value {
        EnvironmentValue::Is(text, span) => EvidenceLine {
            text: format!("{name}={}", shown_value(name, text)),
            location: place(span),
        },
        EnvironmentValue::Default(text, span) => {
            let text = format!("{name}={} unless set otherwise", shown_value(name, text));
            EvidenceLine { text, location: place(span) }
        }
        EnvironmentValue::Set(span) => {
            EvidenceLine { text: format!("{name} is set"), location: place(span) }
        }
        EnvironmentValue::Unset => {
            EvidenceLine { text: format!("{name} is unset"), location: None }
        }
    }
}

/// Values of variables are shown only when they are plainly no secrets.
fn shown_value(name: &str, text: &str) -> String {
    let upper = name.to_ascii_uppercase();
    let secret = ["SECRET", "PASS", "KEY", "TOKEN", "DSN", "URL", "CREDENTIAL", "AUTH"]
        .iter()
        .any(|word| upper.contains(word));
    if secret || text.len() > 60 { "…".to_owned() } else { text.to_owned() }
}
