//! What a file is, by its name and place, and by its first lines where the name leaves it open.

use djsec_base::{FileKind, Utf8Path};
use djsec_deps::browser;

/// Libraries say within so many bytes which release they are.
const HEAD: usize = 4096;

/// A kind by name and place, and what to look for in the text before it is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) kind: FileKind,
    pub(super) sniff: Option<Sniff>,
}

/// What the text of a file can still decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniff {
    /// A file without an extension may start with `#!`.
    Shebang,
    /// `*.conf` is nginx, Apache, or INI-like.
    Conf,
    /// YAML may be a compose file whatever its name (`production.yml`).
    Yaml,
    /// `bootstrap.js` may be a copy of the library, or the project's own.
    Library,
}

impl Guess {
    const fn sure(kind: FileKind) -> Self {
        Self { kind, sniff: None }
    }

    const fn unless(kind: FileKind, sniff: Sniff) -> Self {
        Self { kind, sniff: Some(sniff) }
    }

    /// Whether the text of the file is of interest.
    pub(super) fn wanted(self) -> bool {
        self.kind != FileKind::Other || self.sniff.is_some()
    }
}

/// Suffixes of files that another file is made from: `settings.py.example`, `manage.py-tpl`.
const SAMPLE_SUFFIXES: [&str; 12] = [
    ".example",
    ".sample",
    ".dist",
    ".template",
    ".tmpl",
    ".tpl",
    "-tpl",
    "-dist",
    "-example",
    "-sample",
    "-template",
    ".default",
];
/// Suffixes of files that Jinja renders; what is rendered decides the kind.
const JINJA_SUFFIXES: [&str; 3] = [".j2", ".jinja2", ".jinja"];

/// The name without the suffix that says "copy me", if it has one. `*.conf.template` is what the
/// nginx image starts with, and no sample.
pub(super) fn sample_of(name: &str) -> Option<&str> {
    if name.ends_with(".conf.template") {
        return None;
    }
    SAMPLE_SUFFIXES
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .filter(|rest| !rest.is_empty())
}

/// The name without `.j2`, if what is left is configuration and not a page.
pub(super) fn rendered_config(name: &str) -> Option<&str> {
    let rest = JINJA_SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix))?;
    let kind = by_name(rest).or_else(|| by_extension(rest)).map_or(FileKind::Other, |it| it.kind);
    (!matches!(kind, FileKind::Template | FileKind::Other)).then_some(rest)
}

/// The kind of a file by its path.
pub(super) fn guess(path: &Utf8Path) -> Guess {
    let lower = path.as_str().to_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let name = sample_of(name).or_else(|| rendered_config(name)).unwrap_or(name);
    let name = name.strip_suffix(".template").unwrap_or(name);
    let places = Places::of(folder);
    by_place(places, name)
        .or_else(|| by_name(name))
        .or_else(|| in_template_folder(places, name))
        .or_else(|| library(folder, name))
        .or_else(|| in_static_folder(folder, name))
        .or_else(|| by_extension(name))
        .unwrap_or_else(|| by_shape(name))
}

/// Folders whose names say what the files below them are.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks; a path may have several")]
struct Places {
    pipelines: bool,
    variables: bool,
    requirements: bool,
    sites: bool,
    nginx: bool,
    apache: bool,
    templates: bool,
    shipped: bool,
}

impl Places {
    fn of(folder: &str) -> Self {
        let mut places =
            Self { pipelines: folder.ends_with(".github/workflows"), ..Self::default() };
        for part in folder.split('/') {
            match part {
                ".gitlab" | ".circleci" => places.pipelines = true,
                ".envs" => places.variables = true,
                "requirements" => places.requirements = true,
                "sites-available" | "sites-enabled" => places.sites = true,
                "nginx" => places.nginx = true,
                "apache" | "apache2" | "httpd" => places.apache = true,
                "templates" | "jinja2" => places.templates = true,
                // Pages under `static/` are shipped as they are; Django does not render them.
                "static" | "htmlcov" => places.shipped = true,
                _ => {}
            }
        }
        places
    }
}

fn by_place(places: Places, name: &str) -> Option<Guess> {
    let extension = extension(name);
    if is_yaml(name) && places.pipelines {
        return Some(Guess::sure(FileKind::Pipeline));
    }
    if places.variables && !name.contains(".md") {
        return Some(Guess::sure(FileKind::DotEnv));
    }
    if places.requirements && matches!(extension, "txt" | "in") {
        return Some(Guess::sure(FileKind::Requirements));
    }
    if places.sites || (places.nginx && extension == "conf") {
        return Some(Guess::unless(FileKind::Nginx, Sniff::Conf));
    }
    let conf = extension == "conf" || !name.contains('.');
    if conf && places.apache && name != "dockerfile" {
        return Some(Guess::unless(FileKind::Apache, Sniff::Conf));
    }
    None
}

fn by_name(name: &str) -> Option<Guess> {
    exact_name(name).or_else(|| name_pattern(name)).map(Guess::sure)
}

fn exact_name(name: &str) -> Option<FileKind> {
    Some(match name {
        "pyproject.toml" => FileKind::Pyproject,
        "pipfile" => FileKind::Pipfile,
        "setup.cfg" => FileKind::SetupCfg,
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pipfile.lock" | "pylock.toml" => FileKind::Lock,
        "dockerfile" | "containerfile" => FileKind::Dockerfile,
        "procfile" => FileKind::Procfile,
        "caddyfile" => FileKind::Caddy,
        ".htaccess" | "httpd.conf" | "apache.conf" | "apache2.conf" => FileKind::Apache,
        ".gitlab-ci.yml"
        | ".gitlab-ci.yaml"
        | ".travis.yml"
        | "bitbucket-pipelines.yml"
        | "azure-pipelines.yml" => FileKind::Pipeline,
        ".env" | "env.production" | "env.prod" => FileKind::DotEnv,
        "supervisord.conf" => FileKind::Ini,
        "app.json"
        | "task-definition.json"
        | "taskdef.json"
        | "zappa_settings.json"
        | "vercel.json"
        | "secrets.json"
        | "settings.json"
        | "config.json"
        | "env.json" => FileKind::Json,
        _ => return None,
    })
}

fn name_pattern(name: &str) -> Option<FileKind> {
    let extension = extension(name);
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    if name.starts_with("pylock.") && extension == "toml" {
        Some(FileKind::Lock)
    } else if starts(&["dockerfile.", "dockerfile-", "containerfile."]) || extension == "dockerfile"
    {
        Some(FileKind::Dockerfile)
    } else if is_yaml(name) && starts(&["docker-compose", "compose.", "compose-", "compose_"]) {
        Some(FileKind::Compose)
    } else if name.starts_with(".env.") || extension == "env" {
        Some(FileKind::DotEnv)
    } else if name.starts_with("procfile.") {
        Some(FileKind::Procfile)
    } else if matches!(extension, "txt" | "in")
        && (name.contains("requirements") || starts(&["constraints"]))
    {
        Some(FileKind::Requirements)
    } else if extension == "conf" && name.starts_with("nginx") || extension == "nginx" {
        Some(FileKind::Nginx)
    } else if extension == "vhost" || extension == "conf" && starts(&["apache", "httpd"]) {
        Some(FileKind::Apache)
    } else if extension == "caddyfile" || extension == "caddy" {
        Some(FileKind::Caddy)
    } else {
        None
    }
}

/// Text formats that people render from a `templates` folder: mails, feeds, `robots.txt`, scripts.
fn in_template_folder(places: Places, name: &str) -> Option<Guess> {
    let extension = extension(name);
    let page = matches!(extension, "html" | "htm");
    let rendered = page
        || matches!(
            extension,
            "txt" | "xml" | "js" | "css" | "svg" | "eml" | "email" | "json" | "csv" | "md" | "mjml"
        );
    if places.templates {
        rendered.then_some(Guess::sure(FileKind::Template))
    } else {
        (places.shipped && page).then_some(Guess::sure(FileKind::Other))
    }
}

/// Folders below static ones, and files in them, that hold what others wrote or a program put together.
const FOREIGN_FOLDERS: [&str; 16] = [
    "node_modules",
    "bower_components",
    "vendor",
    "vendors",
    "third_party",
    "third-party",
    "external",
    "lib",
    "libs",
    "plugins",
    "dist",
    "build",
    "bundles",
    "generated",
    "docs",
    "htmlcov",
];
const FOREIGN_NAMES: [&str; 6] = [".min.", "-min.", ".bundle.", ".pack.", ".chunk.", "jquery"];

/// What is called like a library that others wrote.
fn library(folder: &str, name: &str) -> Option<Guess> {
    let named = matches!(extension(name), "js" | "mjs") && browser::of_file(name).is_some();
    if !named {
        return None;
    }
    let own = in_static_folder(folder, name).map_or(FileKind::Other, |guess| guess.kind);
    Some(Guess::unless(own, Sniff::Library))
}

/// Scripts of the project that pages load as they are.
fn in_static_folder(folder: &str, name: &str) -> Option<Guess> {
    let mut parts = folder.split('/');
    let own = parts.clone().any(|part| part == "static")
        && !parts.any(|part| FOREIGN_FOLDERS.contains(&part))
        && !FOREIGN_NAMES.iter().any(|mark| name.contains(mark));
    (own && matches!(extension(name), "js" | "mjs")).then_some(Guess::sure(FileKind::Script))
}

fn by_extension(name: &str) -> Option<Guess> {
    Some(match extension(name) {
        "py" | "pyw" => Guess::sure(FileKind::Python),
        "html" | "htm" | "xhtml" | "djhtml" | "dtl" | "j2" | "jinja" | "jinja2" => {
            Guess::sure(FileKind::Template)
        }
        "yml" | "yaml" => Guess::unless(FileKind::Yaml, Sniff::Yaml),
        "service" | "socket" => Guess::sure(FileKind::Systemd),
        "sh" | "bash" | "zsh" => Guess::sure(FileKind::Shell),
        "ini" | "cfg" => Guess::sure(FileKind::Ini),
        "toml" => Guess::sure(FileKind::Toml),
        "conf" => Guess::unless(FileKind::Other, Sniff::Conf),
        _ => return None,
    })
}

fn by_shape(name: &str) -> Guess {
    if name.contains('.') {
        Guess::sure(FileKind::Other)
    } else {
        Guess::unless(FileKind::Other, Sniff::Shebang)
    }
}

/// The kind once the text is known.
pub(super) fn decide(guess: Guess, name: &str, text: &str) -> FileKind {
    match guess.sniff {
        Some(Sniff::Library) if is_copy(name, text) => FileKind::Library,
        Some(Sniff::Shebang) => shebang(text).unwrap_or(guess.kind),
        Some(Sniff::Conf) => conf(text).unwrap_or(guess.kind),
        Some(Sniff::Yaml) if is_compose(text) => FileKind::Compose,
        Some(Sniff::Yaml | Sniff::Library) | None => guess.kind,
    }
}

/// Whether a file is the library that it is called like: its name has the release in it, or its first lines do.
fn is_copy(name: &str, text: &str) -> bool {
    browser::of_file(name)
        .is_some_and(|copy| copy.release.is_some() || copy.library.release_in(head(text)).is_some())
}

/// The beginning of a copy of a library, in which it says what it is.
pub(super) fn head(text: &str) -> &str {
    let end = text.floor_char_boundary(HEAD);
    text.get(..end).unwrap_or(text)
}

fn shebang(text: &str) -> Option<FileKind> {
    let line = text.strip_prefix("#!")?.lines().next()?;
    let program = |name: &str| {
        line.split([' ', '/', '\t']).any(|part| {
            part.strip_prefix(name)
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
        })
    };
    if program("python") || program("pypy") {
        Some(FileKind::Python)
    } else if ["sh", "bash", "zsh", "dash", "ash"].into_iter().any(program) {
        Some(FileKind::Shell)
    } else {
        None
    }
}

/// How many lines of a file are looked at to tell its kind.
const SNIFFED_LINES: usize = 200;

fn conf(text: &str) -> Option<FileKind> {
    text.lines().take(SNIFFED_LINES).map(str::trim).find_map(|line| {
        let block = line.ends_with('{');
        if block && ["server", "location", "upstream", "http"].iter().any(|it| starts(line, it)) {
            Some(FileKind::Nginx)
        } else if ["<VirtualHost", "<Directory", "<IfModule", "<Location", "WSGIScriptAlias"]
            .iter()
            .any(|it| line.starts_with(it))
        {
            Some(FileKind::Apache)
        } else if ["[program:", "[supervisord", "[uwsgi]"].iter().any(|it| line.starts_with(it)) {
            Some(FileKind::Ini)
        } else {
            None
        }
    })
}

fn starts(line: &str, word: &str) -> bool {
    line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '{', '\t']))
}

/// A compose file has `services:` at the top and builds or pulls images.
fn is_compose(text: &str) -> bool {
    let mut services = false;
    for line in text.lines().take(SNIFFED_LINES) {
        services |= line.trim_end() == "services:";
        let line = line.trim_start();
        if services && (line.starts_with("image:") || line.starts_with("build:")) {
            return true;
        }
    }
    false
}

fn is_yaml(name: &str) -> bool {
    matches!(extension(name), "yml" | "yaml")
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}
