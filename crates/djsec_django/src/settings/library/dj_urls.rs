//! dj-database-url, dj-email-url and django-cache-url.

use djsec_python::eval::{Args, At, Interp, Leaf, Val};

use super::reader;
use super::url::{self, Url, unquote};

const DATABASES: [(&str, &str); 18] = [
    ("spatialite", "django.contrib.gis.db.backends.spatialite"),
    ("mysql-connector", "mysql.connector.django"),
    ("mysqlgis", "django.contrib.gis.db.backends.mysql"),
    ("oraclegis", "django.contrib.gis.db.backends.oracle"),
    ("cockroach", "django_cockroachdb"),
    ("sqlite", "django.db.backends.sqlite3"),
    ("oracle", "django.db.backends.oracle"),
    ("mssqlms", "mssql"),
    ("mssql", "sql_server.pyodbc"),
    ("mysql", "django.db.backends.mysql"),
    ("mysql2", "django.db.backends.mysql"),
    ("postgres", "django.db.backends.postgresql"),
    ("postgresql", "django.db.backends.postgresql"),
    ("pgsql", "django.db.backends.postgresql"),
    ("postgis", "django.contrib.gis.db.backends.postgis"),
    ("redshift", "django_redshift_backend"),
    ("timescale", "timescale.db.backends.postgresql"),
    ("timescalegis", "timescale.db.backends.postgis"),
];
const EMAILS: [(&str, &str); 8] = [
    ("smtp", SMTP),
    ("submission", SMTP),
    ("submit", SMTP),
    ("smtps", SMTP),
    ("console", "django.core.mail.backends.console.EmailBackend"),
    ("file", "django.core.mail.backends.filebased.EmailBackend"),
    ("memory", "django.core.mail.backends.locmem.EmailBackend"),
    ("dummy", "django.core.mail.backends.dummy.EmailBackend"),
];
const SMTP: &str = "django.core.mail.backends.smtp.EmailBackend";
const CACHES: [(&str, &str); 14] = [
    ("db", "django.core.cache.backends.db.DatabaseCache"),
    ("dummy", "django.core.cache.backends.dummy.DummyCache"),
    ("elasticache", "django_elasticache.memcached.ElastiCache"),
    ("file", "django.core.cache.backends.filebased.FileBasedCache"),
    ("locmem", "django.core.cache.backends.locmem.LocMemCache"),
    ("uwsgicache", "uwsgicache.UWSGICache"),
    ("memcached", "django.core.cache.backends.memcached.PyLibMCCache"),
    ("djangopylibmc", "django_pylibmc.memcached.PyLibMCCache"),
    ("pymemcached", "django.core.cache.backends.memcached.MemcachedCache"),
    ("pymemcache", "django.core.cache.backends.memcached.PyMemcacheCache"),
    ("redis-cache", "redis_cache.RedisCache"),
    ("redis", REDIS),
    ("rediss", REDIS),
    ("hiredis", REDIS),
];
const REDIS: &str = "django.core.cache.backends.redis.RedisCache";

/// Options of `parse()` and `config()`, in the order of their parameters after the URL.
const OPTIONS: [&str; 6] = [
    "engine",
    "conn_max_age",
    "conn_health_checks",
    "disable_server_side_cursors",
    "ssl_require",
    "test_options",
];

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    match name {
        "dj_database_url.config" => {
            let default = args.at(1, "default").cloned().unwrap_or_else(|| reader::none(at));
            let url = variable(it, args, "DATABASE_URL", &default, at);
            let options = Options::read(args, 2);
            Some(empty_or(it, &url, at, &|it, url, at| database(it, url, &options, at)))
        }
        "dj_database_url.parse" => {
            let options = Options::read(args, 1);
            let url = args.at(0, "url")?.clone();
            Some(database(it, &url, &options, at))
        }
        "dj_email_url.config" => {
            let default = args.at(1, "default").cloned().unwrap_or_else(|| reader::none(at));
            let url = variable(it, args, "EMAIL_URL", &default, at);
            Some(empty_or(it, &url, at, &email))
        }
        "dj_email_url.parse" => Some(email(it, args.at(0, "url")?, at)),
        "django_cache_url.config" => {
            let default = args.at(1, "default").cloned();
            let default = default.unwrap_or_else(|| Val::str("locmem://"));
            let url = variable(it, args, "CACHE_URL", &default, at);
            Some(empty_or(it, &url, at, &cache))
        }
        "django_cache_url.parse" => Some(cache(it, args.at(0, "url")?, at)),
        _ => None,
    }
}

fn variable(it: &mut Interp<'_>, args: &Args, name: &str, default: &Val, at: At) -> Val {
    let name = args.at(0, "env").and_then(Val::as_str).unwrap_or_else(|| name.into());
    let val = it.environ(&name, at);
    it.or_default(&val, default, at)
}

/// No URL, no configuration.
fn empty_or(
    it: &mut Interp<'_>,
    url: &Val,
    at: At,
    parse: &dyn Fn(&mut Interp<'_>, &Val, At) -> Val,
) -> Val {
    reader::each(it, url, at, |it, leaf, here| match leaf {
        Leaf::None => it.dict_of(vec![], here),
        Leaf::Str(text) if text.is_empty() => it.dict_of(vec![], here),
        Leaf::Sym(_) => {
            let one = Val::of(leaf.clone(), Some(here.span));
            let given = it.truth(&one, here);
            let parsed = parse(it, &one, here);
            let nothing = it.dict_of(vec![], here);
            it.merge(given, parsed, &nothing)
        }
        other => {
            let one = Val::of(other.clone(), Some(here.span));
            parse(it, &one, here)
        }
    })
}

/// What the caller adds to the URL's configuration.
pub(super) struct Options {
    given: Vec<(&'static str, Val)>,
}

impl Options {
    pub(super) fn read(args: &Args, first: usize) -> Self {
        let given = OPTIONS
            .iter()
            .enumerate()
            .filter_map(|(n, name)| args.at(first + n, name).map(|v| (*name, v.clone())))
            .collect();
        Self { given }
    }

    fn find(&self, name: &str) -> Option<&Val> {
        self.given.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

pub(super) fn database(it: &mut Interp<'_>, url: &Val, options: &Options, at: At) -> Val {
    let usual = ["ENGINE", "USER", "PASSWORD", "HOST", "PORT", "NAME"];
    let dict = url::dict_of(it, url, "database", &usual, at, &known_database);
    for alt in dict.alts.clone() {
        let Leaf::Ref(id) = alt.leaf else { continue };
        let whole = At { pc: djsec_python::worlds::Guard::ALWAYS, ..at };
        let memory = it.dict_get(id, &Leaf::Str("USER".into()), whole);
        if matches!(memory.single(), Some(Leaf::Absent)) {
            // `sqlite://:memory:` takes nothing else.
            continue;
        }
        let entry = |it: &mut Interp<'_>, key: &str, val: &Val| {
            it.dict_set(id, &Leaf::Str(key.into()), val, whole);
        };
        let age = options.find("conn_max_age").cloned();
        let age = age.unwrap_or_else(|| reader::leaf(Leaf::Int(0), at));
        entry(it, "CONN_MAX_AGE", &age);
        for (option, key) in [
            ("conn_health_checks", "CONN_HEALTH_CHECKS"),
            ("disable_server_side_cursors", "DISABLE_SERVER_SIDE_CURSORS"),
        ] {
            let val = options.find(option).cloned();
            entry(it, key, &val.unwrap_or_else(|| reader::boolean(false, at)));
        }
        if let Some(engine) = options.find("engine").filter(|v| v.as_bool() != Some(false)) {
            entry(it, "ENGINE", engine);
        }
        if let Some(test) = options.find("test_options") {
            entry(it, "TEST", test);
        }
        if let Some(ssl) = options.find("ssl_require") {
            require_ssl(it, id, ssl, at);
        }
    }
    dict
}

fn require_ssl(it: &mut Interp<'_>, id: djsec_python::eval::ObjId, ssl: &Val, at: At) {
    let wanted = it.truth(ssl, at);
    let here = At { pc: wanted, ..at };
    if it.worlds.impossible(wanted) {
        return;
    }
    let key = Leaf::Str("OPTIONS".into());
    let known = it.dict_get(id, &key, here);
    let mode = reader::text("require", at);
    if let Some(Leaf::Ref(options)) = known.single() {
        it.dict_set(*options, &Leaf::Str("sslmode".into()), &mode, here);
    } else {
        let options = it.dict_of(vec![("sslmode", mode)], at);
        it.dict_set(id, &key, &options, here);
    }
}

fn known_database(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    if text == "sqlite://:memory:" {
        let engine = reader::text("django.db.backends.sqlite3", at);
        let name = reader::text(":memory:", at);
        return it.dict_of(vec![("ENGINE", engine), ("NAME", name)], at);
    }
    let url = Url::split(text);
    let Some((_, engine)) = DATABASES.iter().find(|(s, _)| *s == url.scheme) else {
        let message = format!("Scheme '{}://' is unknown", url.scheme);
        return reader::fail(it, "UnknownSchemeError", &message, at);
    };
    let Ok(port) = url.port() else {
        return reader::fail(it, "ParseError", "This string is not a valid url", at);
    };
    let text_port = matches!(url.scheme.as_str(), "oracle" | "mssql" | "mssqlms");
    let port = match port.filter(|port| *port != 0) {
        Some(port) if !text_port => reader::leaf(Leaf::Int(port), at),
        Some(port) => reader::text(port.to_string(), at),
        None => reader::text("", at),
    };
    let part = |value: Option<&str>| reader::text(unquote(value.unwrap_or_default()), at);
    let mut name = unquote(url.path.get(1..).unwrap_or_default());
    if name.is_empty() && url.scheme == "sqlite" {
        ":memory:".clone_into(&mut name);
    }
    let mut entries = vec![
        ("ENGINE", reader::text(*engine, at)),
        ("USER", part(url.username())),
        ("PASSWORD", part(url.password())),
        ("HOST", part(url.hostname().as_deref())),
        ("PORT", port),
        ("NAME", reader::text(name, at)),
    ];
    if let Some(options) = database_options(it, &url, at) {
        entries.push(("OPTIONS", options));
    }
    it.dict_of(entries, at)
}

fn database_options(it: &mut Interp<'_>, url: &Url, at: At) -> Option<Val> {
    let mysql = matches!(url.scheme.as_str(), "mysql" | "mysql2");
    let postgres =
        engine_of(&url.scheme).is_some_and(|e| e.contains("postg")) || url.scheme == "redshift";
    let mut entries: Vec<(String, Val)> = Vec::new();
    for (key, values) in url.parameters() {
        let mut parsed: Vec<Val> = values.iter().map(|v| option(v, at)).collect();
        let value = match parsed.len() {
            1 => parsed.remove(0),
            _ => reader::sequence(it, parsed, at),
        };
        if mysql && key == "ssl-ca" {
            let ca = it.dict_of(vec![("ca", value)], at);
            entries.push(("ssl".to_owned(), ca));
        } else if postgres && key == "currentSchema" {
            let schema = value.as_str().unwrap_or_default();
            let text = reader::text(format!("-c search_path={schema}"), at);
            entries.push(("options".to_owned(), text));
        } else {
            entries.push((key, value));
        }
    }
    if entries.is_empty() {
        return None;
    }
    let entries = entries.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    Some(it.dict_of(entries, at))
}

fn engine_of(scheme: &str) -> Option<&'static str> {
    DATABASES.iter().find(|(s, _)| *s == scheme).map(|(_, engine)| *engine)
}

fn option(text: &str, at: At) -> Val {
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match (text.parse().ok().filter(|_| digits), text.to_lowercase().as_str()) {
        (Some(i), _) => reader::leaf(Leaf::Int(i), at),
        (None, "true") => reader::boolean(true, at),
        (None, "false") => reader::boolean(false, at),
        _ => reader::text(text, at),
    }
}

pub(super) fn email(it: &mut Interp<'_>, url: &Val, at: At) -> Val {
    let usual = [
        "EMAIL_FILE_PATH",
        "EMAIL_HOST_USER",
        "EMAIL_HOST_PASSWORD",
        "EMAIL_HOST",
        "EMAIL_PORT",
        "EMAIL_BACKEND",
    ];
    url::dict_of(it, url, "email", &usual, at, &known_email)
}

fn known_email(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let url = Url::split(text);
    let query = url.parameters();
    let first = |key: &str| {
        query.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.first()).map(String::as_str)
    };
    let Ok(mut port) = url.port() else {
        return reader::fail(it, "ValueError", "the port is not a number", at);
    };
    let mut host = url.hostname();
    if url.scheme == "smtp" {
        host = host.or_else(|| Some("localhost".to_owned()));
        port = port.or(Some(25));
    }
    let submission = matches!(url.scheme.as_str(), "submission" | "submit");
    if submission {
        port = port.or(Some(587));
    }
    let yes = |text: &str| {
        matches!(text, "1" | "y" | "Y" | "t" | "T" | "on" | "On" | "ON")
            || matches!(text, "yes" | "Yes" | "YES" | "true" | "True" | "TRUE")
    };
    let (mut ssl, mut tls) = (false, submission || url.scheme == "smtps");
    match (first("ssl"), first("tls")) {
        (Some(text), _) if yes(text) => (ssl, tls) = (true, false),
        (None, Some(text)) if yes(text) => (ssl, tls) = (false, true),
        _ => {}
    }
    let maybe =
        |part: Option<String>| part.map_or_else(|| reader::none(at), |part| reader::text(part, at));
    let timeout = match first("timeout") {
        Some(text) => reader::int(it, text, "ValueError", at),
        None => reader::none(at),
    };
    let port = port.map_or_else(|| reader::none(at), |p| reader::leaf(Leaf::Int(p), at));
    let mut entries = vec![
        ("EMAIL_FILE_PATH", reader::text(url.path.get(1..).unwrap_or_default(), at)),
        ("EMAIL_HOST_USER", maybe(url.username().map(unquote))),
        ("EMAIL_HOST_PASSWORD", maybe(url.password().map(unquote))),
        ("EMAIL_HOST", maybe(host)),
        ("EMAIL_PORT", port),
        ("EMAIL_USE_SSL", reader::boolean(ssl, at)),
        ("EMAIL_USE_TLS", reader::boolean(tls, at)),
        ("EMAIL_TIMEOUT", timeout),
    ];
    if let Some((_, backend)) = EMAILS.iter().find(|(s, _)| *s == url.scheme) {
        entries.push(("EMAIL_BACKEND", reader::text(*backend, at)));
    }
    for (key, name) in
        [("_server_email", "SERVER_EMAIL"), ("_default_from_email", "DEFAULT_FROM_EMAIL")]
    {
        if let Some(text) = first(key) {
            entries.push((name, reader::text(text, at)));
        }
    }
    it.dict_of(entries, at)
}

pub(super) fn cache(it: &mut Interp<'_>, url: &Val, at: At) -> Val {
    url::dict_of(it, url, "cache", &["BACKEND", "LOCATION"], at, &known_cache)
}

fn known_cache(it: &mut Interp<'_>, text: &str, at: At) -> Val {
    let url = Url::split(text);
    let Some((_, backend)) = CACHES.iter().find(|(s, _)| *s == url.scheme) else {
        let message = format!("Unknown backend: \"{}\"", url.scheme);
        return reader::fail(it, "Exception", &message, at);
    };
    let mut entries = vec![
        ("BACKEND".to_owned(), reader::text(*backend, at)),
        ("LOCATION".to_owned(), { reader::text(cache_location(&url), at) }),
    ];
    let mut options: Vec<(String, Val)> = Vec::new();
    if url.scheme == "hiredis" {
        let parser = reader::text("redis.connection.HiredisParser", at);
        options.push(("PARSER_CLASS".to_owned(), parser));
    }
    let mut rest = Vec::new();
    for (key, values) in url.parameters() {
        let (key, value) = (key.to_uppercase(), values.join(";"));
        if matches!(key.as_str(), "MAX_ENTRIES" | "CULL_FREQUENCY") {
            let number = reader::int(it, &value, "ValueError", at);
            options.push((key, number));
        } else {
            rest.push((key, reader::text(value, at)));
        }
    }
    if !options.is_empty() {
        let options = options.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
        entries.push(("OPTIONS".to_owned(), it.dict_of(options, at)));
    }
    entries.extend(rest);
    let entries = entries.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    it.dict_of(entries, at)
}

fn cache_location(url: &Url) -> String {
    let redis = matches!(url.scheme.as_str(), "redis" | "rediss" | "hiredis");
    if url.netloc.is_empty() {
        let unix = matches!(
            url.scheme.as_str(),
            "memcached" | "pymemcached" | "pymemcache" | "djangopylibmc"
        );
        if unix {
            return format!("unix://{}", url.path);
        }
        if redis && url.scheme != "rediss" {
            let (socket, last) = url.path.rsplit_once('/').unwrap_or(("", &url.path));
            let db = !socket.is_empty() && last.chars().all(|c| c.is_ascii_digit());
            let (path, db) = if db { (socket, last) } else { (url.path.as_str(), "0") };
            return format!("unix://{path}?db={db}");
        }
        let default = url.scheme == "uwsgicache" && url.path.is_empty();
        return if default { "default".to_owned() } else { url.path.clone() };
    }
    if redis {
        let scheme = if url.scheme == "rediss" { "rediss" } else { "redis" };
        let db = url.path.get(1..).filter(|db| !db.is_empty()).unwrap_or("0");
        let port = url.port().ok().flatten().filter(|p| *p != 0).unwrap_or(6379);
        let host = url.hostname().unwrap_or_default();
        return match url.password() {
            Some(password) => format!("{scheme}://:{password}@{host}:{port}/{db}"),
            None => format!("{scheme}://{host}:{port}/{db}"),
        };
    }
    url.netloc.replace(',', ";")
}
