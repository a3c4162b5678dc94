//! What a command line starts: a web server, a worker, a management command; with the scripts that it
//! runs through.

use djsec_base::{FileId, Files, Span, TextRange, TextSize};
use djsec_syntax::shell::{self, Command};
use djsec_syntax::{Text, ini};

use super::container::Container;
use super::{Entry, EnvValue, EnvVar, overlay, python};

/// Scripts that start scripts that start scripts: more than this is not followed.
const MAX_DEPTH: usize = 5;

/// What a command line starts.
#[derive(Debug, Clone, Default)]
pub(super) struct Launch {
    /// What is started; `None` when nothing of Django's is recognised.
    pub(super) entry: Option<Entry>,
    /// Whether it is Django's development server.
    pub(super) development: bool,
    /// The program, such as `gunicorn`.
    pub(super) program: String,
    /// The module of the application, such as `shop.wsgi`.
    pub(super) app: Option<String>,
    /// Variables that are set on the way.
    pub(super) environment: Vec<EnvVar>,
    /// `--settings` of a management command.
    pub(super) settings: Option<(String, Span)>,
}

impl Launch {
    /// Whether something that keeps running was started, given what was before.
    fn serves_since(&self, before: Option<Entry>) -> bool {
        self.entry != before && matches!(self.entry, Some(Entry::Web | Entry::Worker))
    }
}

const SERVERS: &[&str] = &[
    "gunicorn",
    "uvicorn",
    "daphne",
    "uwsgi",
    "granian",
    "hypercorn",
    "waitress-serve",
    "mod_wsgi-express",
    "pyuwsgi",
    "unitd",
    "gunicorn.app.wsgiapp",
];
const WORKERS: &[&str] =
    &["celery", "rqworker", "qcluster", "run_huey", "dramatiq", "rundramatiq", "runworker"];

/// Where a command line stands and what it can reach.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) files: &'a Files,
    pub(super) container: &'a Container,
    /// The file that holds the command line.
    pub(super) file: FileId,
    /// Where the command line starts in it; `None` when ranges in it mean nothing there.
    pub(super) offset: Option<TextSize>,
    /// The range to point at when there is no offset.
    pub(super) range: TextRange,
}

impl Place<'_> {
    fn span(&self, range: TextRange) -> Span {
        let moved = self.offset.and_then(|offset| range.checked_add(offset));
        Span::new(self.file, moved.unwrap_or(self.range))
    }
}

/// What a command line starts, given what the environment already holds.
pub(super) fn line(text: &str, place: Place<'_>, known: &[EnvVar]) -> Launch {
    let mut launch = Launch { environment: known.to_vec(), ..Launch::default() };
    run(&shell::parse(text), place, &mut launch, 0);
    launch
}

/// What a list of words starts.
pub(super) fn words(list: &[Text], place: Place<'_>, known: &[EnvVar]) -> Launch {
    let mut launch = Launch { environment: known.to_vec(), ..Launch::default() };
    let range = list.iter().map(|word| word.range).reduce(TextRange::cover).unwrap_or_default();
    let words = list.to_vec();
    let command = Command { assignments: Vec::new(), words, exported: false, nested: false, range };
    run(&[command], place, &mut launch, 0);
    launch
}

fn run(commands: &[Command], place: Place<'_>, launch: &mut Launch, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for (at, command) in commands.iter().enumerate() {
        let set = command.assignments.iter().filter_map(|assignment| {
            let text = assignment.value.as_deref()?;
            let known = launch.environment.iter().any(|it| it.name == assignment.name);
            if command.nested && !known && !is_set_after(commands, at, &assignment.name) {
                return None;
            }
            let value = match EnvValue::of(text, &launch.environment) {
                _ if command.nested => EnvValue::Passed,
                value => value,
            };
            Some(EnvVar {
                name: assignment.name.clone(),
                value,
                span: place.span(assignment.range),
            })
        });
        let set: Vec<EnvVar> = set.collect();
        if command.exported {
            overlay(&mut launch.environment, set);
        } else if command.words.is_empty() {
            // A shell variable reaches the server only if it is exported already.
            let exported: Vec<EnvVar> = set
                .into_iter()
                .filter(|variable| launch.environment.iter().any(|it| it.name == variable.name))
                .collect();
            overlay(&mut launch.environment, exported);
        } else {
            let before = (!command.assignments.is_empty()).then(|| launch.environment.clone());
            overlay(&mut launch.environment, set);
            let started = launch.entry;
            one(command, place, launch, depth);
            if let Some(before) = before
                && !launch.serves_since(started)
            {
                // They held for a command that is not what we are after.
                launch.environment = before;
            }
        }
    }
}

/// Whether a variable that is set under a condition is set in any case when what follows runs: the condition asks
/// whether it is, the other branch sets it too, or ends the script. A secret that is only read where there is a
/// file may be missing.
fn is_set_after(commands: &[Command], at: usize, name: &str) -> bool {
    let (before, rest) = commands.split_at(at);
    let is_test = |command: &Command| matches!(command.name(), "[" | "[[" | "test");
    let asks = |command: &Command| {
        is_test(command) && command.words.iter().any(|word| mentions(word.as_str(), name))
    };
    let sets = |command: &Command| command.assignments.iter().any(|it| it.name == name);
    // What comes behind the next question stands under another condition.
    let behind = rest.iter().skip(1).take_while(|command| command.nested && !is_test(command));
    before.iter().any(asks)
        || commands.iter().filter(|command| sets(command)).count() > 1
        || behind.into_iter().any(|command| matches!(command.name(), "exit" | "return"))
}

/// Whether a variable is in a word: `$NAME`, `${NAME:-}`.
fn mentions(word: &str, name: &str) -> bool {
    let parts = word.split('$').skip(1).map(|part| part.strip_prefix('{').unwrap_or(part));
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    parts
        .filter_map(|part| part.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.starts_with(ends))
}

fn one(command: &Command, place: Place<'_>, launch: &mut Launch, depth: usize) {
    let words: Vec<&str> = command.words.iter().map(Text::as_str).collect();
    let base = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let first = words.first().map(|word| base(word)).unwrap_or_default();
    if words.iter().any(|word| matches!(*word, "install" | "pgrep" | "pkill" | "which" | "echo")) {
        return;
    }
    // `bash -c '…'`: a command line in a word.
    if matches!(first.as_str(), "sh" | "bash" | "ash" | "dash" | "zsh")
        && let Some(at) = words.iter().position(|word| word.starts_with('-') && word.ends_with('c'))
        && let Some(inner) = command.words.get(at + 1)
    {
        let place = Place { offset: None, range: place.span(inner.range).range, ..place };
        run(&shell::parse(inner.as_str()), place, launch, depth + 1);
        return;
    }
    if let Some(at) = words.iter().position(|word| SERVERS.contains(&base(word).as_str())) {
        server(command, at, place, launch);
        return;
    }
    if let Some(word) = words.iter().find(|word| WORKERS.contains(&base(word).as_str())) {
        if launch.entry != Some(Entry::Web) {
            launch.entry = Some(Entry::Worker);
            launch.program = base(word);
        }
        return;
    }
    if let Some(at) =
        words.iter().position(|word| matches!(base(word).as_str(), "manage.py" | "django-admin"))
    {
        manage(command, at, place, launch);
        return;
    }
    script(command, place, launch, depth);
}

fn server(command: &Command, at: usize, place: Place<'_>, launch: &mut Launch) {
    let words = command.words.get(at..).unwrap_or_default();
    let program = words.first().map(Text::as_str).unwrap_or_default();
    launch.entry = Some(Entry::Web);
    program.rsplit('/').next().unwrap_or(program).clone_into(&mut launch.program);
    launch.development =
        words.iter().any(|word| matches!(word.as_str(), "--reload" | "--py-autoreload"));
    for (index, word) in words.iter().enumerate().skip(1) {
        let next = words.get(index + 1);
        let (option, value) = match word.text.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, Some((value, word.range))),
            _ => (word.as_str(), next.map(|next| (next.as_str(), next.range))),
        };
        match (option, value) {
            ("--env" | "-e", Some((value, range))) => {
                if let Some((name, value)) = value.split_once('=') {
                    let value = EnvValue::of(value, &launch.environment);
                    let variable = EnvVar { name: name.to_owned(), value, span: place.span(range) };
                    overlay(&mut launch.environment, [variable]);
                }
            }
            ("-c" | "--config", Some((path, _))) if launch.program == "gunicorn" => {
                let path = path.trim_start_matches("file:");
                if let Some(file) = place.container.find(place.files, path) {
                    overlay(&mut launch.environment, python::gunicorn(place.files, file));
                }
            }
            ("--wsgi" | "--module" | "-w" | "--wsgi-file", Some((value, _)))
                if launch.app.is_none() =>
            {
                launch.app = app(value);
            }
            ("--ini", Some((path, _))) => uwsgi_file(path, place, launch),
            (path, _) if extension_is(path, "ini") => uwsgi_file(path, place, launch),
            (word, _) if !word.starts_with('-') && launch.app.is_none() => launch.app = app(word),
            _ => {}
        }
    }
}

fn extension_is(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, own)| own == extension)
}

/// The module of `shop.wsgi:application`.
fn app(word: &str) -> Option<String> {
    let (module, _) = word.split_once(':').unwrap_or((word, ""));
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_module = module.split('.').all(part)
        && (word.contains(':') || module.ends_with("wsgi") || module.ends_with("asgi"))
        && !module.starts_with(|c: char| c.is_ascii_digit());
    is_module.then(|| module.to_owned())
}

fn uwsgi_file(path: &str, place: Place<'_>, launch: &mut Launch) {
    let Some(file) = place.container.find(place.files, path) else { return };
    let (environment, app) = uwsgi(place.files, file);
    overlay(&mut launch.environment, environment);
    launch.app = launch.app.take().or(app);
}

/// The environment and the application of uWSGI's configuration.
pub(super) fn uwsgi(files: &Files, file: FileId) -> (Vec<EnvVar>, Option<String>) {
    let tree = ini::parse(files.text(file)).tree;
    let mut environment = Vec::new();
    for entry in tree.all("uwsgi", "env") {
        for line in &entry.lines {
            if let Some((name, value)) = line.as_str().split_once('=') {
                let value = EnvValue::Literal(value.trim().to_owned());
                let span = Span::new(file, line.range);
                overlay(&mut environment, [EnvVar { name: name.trim().to_owned(), value, span }]);
            }
        }
    }
    let app = ["module", "wsgi"].iter().find_map(|key| tree.last("uwsgi", key));
    (environment, app.and_then(|entry| self::app(&entry.value())))
}

fn manage(command: &Command, at: usize, place: Place<'_>, launch: &mut Launch) {
    let words = command.words.get(at + 1..).unwrap_or_default();
    let name =
        words.iter().map(Text::as_str).find(|word| !word.starts_with('-')).unwrap_or_default();
    let (entry, development) = match name {
        "runserver" | "runserver_plus" | "testserver" => (Entry::Web, true),
        name if WORKERS.contains(&name) => (Entry::Worker, false),
        _ => (Entry::Manage, false),
    };
    // `migrate && gunicorn`: what stays running counts, and a real server more than Django's own.
    let running = matches!(launch.entry, Some(Entry::Web | Entry::Worker));
    if running && (entry == Entry::Manage || (development && !launch.development)) {
        return;
    }
    launch.entry = Some(entry);
    launch.development = development;
    launch.program = format!("manage.py {name}");
    for (index, word) in words.iter().enumerate() {
        let value = match word.as_str().strip_prefix("--settings") {
            Some("") => words.get(index + 1).map(|next| (next.text.clone(), next.range)),
            Some(value) => value.strip_prefix('=').map(|value| (value.to_owned(), word.range)),
            None => None,
        };
        if let Some((value, range)) = value {
            launch.settings = Some((value, place.span(range)));
        }
    }
}

/// Follows a script of the repository; what it runs counts as run here.
fn script(command: &Command, place: Place<'_>, launch: &mut Launch, depth: usize) {
    for word in command.words.iter().take(12) {
        let text = word.as_str();
        // A bare word is a program of the image.
        let path = text.contains('/') || extension_is(text, "sh");
        if !path || text.starts_with('-') || text.contains(['$', ' ', '[', ':']) {
            continue;
        }
        let Some(file) = place.container.find(place.files, text) else { continue };
        let body = place.files.text(file);
        let shell = place.files.file(file).is_some_and(|it| it.kind == djsec_base::FileKind::Shell);
        if !shell || file == place.file {
            continue;
        }
        let inner = Place { file, offset: Some(TextSize::new(0)), ..place };
        let (before, started) = (launch.environment.clone(), launch.entry);
        let commands = shell::parse(body);
        run(&commands, inner, launch, depth + 1);
        let sourced = matches!(command.words.first().map(Text::as_str), Some("." | "source"));
        if !sourced && !launch.serves_since(started) && !commands.iter().any(passes_on) {
            // What a script exports is gone when it ends.
            launch.environment = before;
        }
        // `wait-for-it.sh db:5432 -- start.sh`: what waits starts nothing itself.
        if launch.entry != started {
            return;
        }
    }
}

/// Whether a command runs what the script was given (`exec "$@"`), which gets what it exported.
fn passes_on(command: &Command) -> bool {
    let first = command.words.first().map(Text::as_str).unwrap_or_default();
    ["$@", "$*", "${@"].iter().any(|all| first.starts_with(all))
}
