//! Databases, caches and mail servers from URLs, as django-environ reads them.

use djsec_python::eval::numbers;
use djsec_python::eval::{Args, At, Interp, Leaf, Val};

use super::reader;
use super::url::{self, BadPort, Url, quote, unquote, unquote_plus};

const DATABASES: [(&str, &str); 22] = [
    ("postgres", "django.db.backends.postgresql"),
    ("postgresql", "django.db.backends.postgresql"),
    ("psql", "django.db.backends.postgresql"),
    ("pgsql", "django.db.backends.postgresql"),
    ("postgis", "django.contrib.gis.db.backends.postgis"),
    ("prometheus_postgresql", "django_prometheus.db.backends.postgresql"),
    ("prometheus_postgis", "django_prometheus.db.backends.postgis"),
    ("cockroachdb", "django_cockroachdb"),
    ("mysql", "django.db.backends.mysql"),
    ("mysql2", "django.db.backends.mysql"),
    ("mysql-connector", "mysql.connector.django"),
    ("mysqlgis", "django.contrib.gis.db.backends.mysql"),
    ("prometheus_mysql", "django_prometheus.db.backends.mysql"),
    ("mssql", "mssql"),
    ("oracle", "django.db.backends.oracle"),
    ("pyodbc", "sql_server.pyodbc"),
    ("redshift", "django_redshift_backend"),
    ("spatialite", "django.contrib.gis.db.backends.spatialite"),
    ("prometheus_spatialite", "django_prometheus.db.backends.spatialite"),
    ("sqlite", "django.db.backends.sqlite3"),
    ("prometheus_sqlite", "django_prometheus.db.backends.sqlite3"),
    ("ldap", "ldapdb.backends.ldap"),
];
const POSTGRES: [&str; 7] = [
    "postgres",
    "postgresql",
    "psql",
    "pgsql",
    "postgis",
    "prometheus_postgresql",
    "prometheus_postgis",
];
const DATABASE_OPTIONS: [&str; 5] = [
    "CONN_MAX_AGE",
    "ATOMIC_REQUESTS",
    "AUTOCOMMIT",
    "DISABLE_SERVER_SIDE_CURSORS",
    "CONN_HEALTH_CHECKS",
];
const CACHES: [(&str, &str); 12] = [
    ("dbcache", "django.core.cache.backends.db.DatabaseCache"),
    ("dummycache", "django.core.cache.backends.dummy.DummyCache"),
    ("filecache", "django.core.cache.backends.filebased.FileBasedCache"),
    ("locmemcache", "django.core.cache.backends.locmem.LocMemCache"),
    ("memcache", "django.core.cache.backends.memcached.MemcachedCache"),
    ("pymemcache", "django.core.cache.backends.memcached.PyMemcacheCache"),
    ("pylibmc", "django.core.cache.backends.memcached.PyLibMCCache"),
    ("rediscache", REDIS),
    ("redis", REDIS),
    ("rediss", REDIS),
    ("valkey", REDIS),
    ("valkeys", REDIS),
];
const REDIS: &str = "django.core.cache.backends.redis.RedisCache";
const CACHE_OPTIONS: [&str; 5] = ["TIMEOUT", "KEY_PREFIX", "VERSION", "KEY_FUNCTION", "BINARY"];
const EMAILS: [(&str, &str); 8] = [
    ("smtp", SMTP),
    ("smtps", SMTP),
    ("smtp+tls", SMTP),
    ("smtp+ssl", SMTP),
    ("consolemail", "django.core.mail.backends.console.EmailBackend"),
    ("filemail", "django.core.mail.backends.filebased.EmailBackend"),
    ("memorymail", "django.core.mail.backends.locmem.EmailBackend"),
    ("dummymail", "django.core.mail.backends.dummy.EmailBackend"),
];
const SMTP: &str = "django.core.mail.backends.smtp.EmailBackend";
const SEARCHES: [(&str, &str); 8] = [
    ("elasticsearch", "haystack.backends.elasticsearch_backend.ElasticsearchSearchEngine"),
    ("elasticsearch2", "haystack.backends.elasticsearch2_backend.Elasticsearch2SearchEngine"),
    ("elasticsearch5", "haystack.backends.elasticsearch5_backend.Elasticsearch5SearchEngine"),
    ("elasticsearch7", "haystack.backends.elasticsearch7_backend.Elasticsearch7SearchEngine"),
    ("solr", "haystack.backends.solr_backend.SolrEngine"),
    ("whoosh", "haystack.backends.whoosh_backend.WhooshEngine"),
    ("xapian", "haystack.backends.xapian_backend.XapianEngine"),
    ("simple", "haystack.backends.simple_backend.SimpleEngine"),
];

type Entries = Vec<(String, Val)>;

/// What `env.db()`, `.cache()`, `.email()` and `.search_url()` make of a URL.
pub(super) fn parsed(it: &mut Interp<'_>, kind: &str, url: &Val, args: &Args, at: At) -> Val {
    let backend = args
        .at(2, if matches!(kind, "db" | "search") { "engine" } else { "backend" })
        .and_then(Val::as_str);
    let backend = backend.as_deref();
    match kind {
        "db" => {
            let usual = ["NAME", "USER", "PASSWORD", "HOST", "PORT", "ENGINE"];
            url::dict_of(it, url, "database", &usual, at, &|it, text, at| {
                database(it, text, backend, at)
            })
        }
        "cache" => url::dict_of(it, url, "cache", &["BACKEND", "LOCATION"], at, &|it, text, at| {
            cache(it, text, backend, at)
        }),
        "email" => {
            let usual = [
                "EMAIL_FILE_PATH",
                "EMAIL_HOST_USER",
                "EMAIL_HOST_PASSWORD",
                "EMAIL_HOST",
                "EMAIL_PORT",
                "EMAIL_BACKEND",
            ];
            url::dict_of(it, url, "email", &usual, at, &|it, text, at| email(it, text, backend, at))
        }
        "search" => url::dict_of(it, url, "search", &["ENGINE"], at, &|it, text, at| {
            let scheme = Url::split(text).scheme;
            let plain = SEARCHES.iter().find(|(s, _)| *s == scheme || format!("{s}s") == scheme);
            let Some((_, engine)) = plain else {
                let message = format!("Invalid search schema {scheme}");
                return reader::fail(it, "ImproperlyConfigured", &message, at);
            };
            let engine = reader::text(*engine, at);
            let dict = it.dict_of(vec![("ENGINE", engine)], at);
            open(it, &dict, at);
            dict
        }),
        _ => url::dict_of(it, url, "channels", &["BACKEND"], at, &|it, text, at| {
            let scheme = Url::split(text).scheme;
            let backend = match scheme.as_str() {
                "inmemory" => "channels.layers.InMemoryChannelLayer",
                "redis" | "rediss" => "channels_redis.core.RedisChannelLayer",
                _ => "channels_redis.pubsub.RedisPubSubChannelLayer",
            };
            let backend = reader::text(backend, at);
            let dict = it.dict_of(vec![("BACKEND", backend)], at);
            open(it, &dict, at);
            dict
        }),
    }
}

fn open(it: &mut Interp<'_>, dict: &Val, at: At) {
    use djsec_python::eval::Object;
    if let Some(Leaf::Ref(id)) = dict.single()
        && let Some(Object::Dict(dict)) = it.object_mut(*id, at)
    {
        dict.open = true;
    }
}

fn finished(it: &mut Interp<'_>, entries: &Entries, at: At) -> Val {
    let entries = entries.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
    it.dict_of(entries, at)
}

fn set(entries: &mut Entries, key: &str, val: Val) {
    match entries.iter_mut().find(|(k, _)| k == key) {
        Some(slot) => slot.1 = val,
        None => entries.push((key.to_owned(), val)),
    }
}

/// Digits as a number, all else as text.
fn digits(text: &str, at: At) -> Val {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match text.parse().ok().filter(|_| plain) {
        Some(i) => reader::leaf(Leaf::Int(i), at),
        None => reader::text(text, at),
    }
}

/// `ast.literal_eval`, or the text.
fn literal(text: &str, at: At) -> Val {
    match text {
        "True" => reader::boolean(true, at),
        "False" => reader::boolean(false, at),
        "None" => reader::none(at),
        _ => match (numbers::integer(text), numbers::float(text)) {
            (Ok(Some(i)), _) => reader::leaf(Leaf::Int(i), at),
            (_, Ok(f)) => reader::leaf(Leaf::Float(f), at),
            _ => reader::text(text.trim_matches(['\'', '"']), at),
        },
    }
}

fn database(it: &mut Interp<'_>, text: &str, engine: Option<&str>, at: At) -> Val {
    if text == "sqlite://:memory:" {
        let engine = reader::text("django.db.backends.sqlite3", at);
        let name = reader::text(":memory:", at);
        return it.dict_of(vec![("ENGINE", engine), ("NAME", name)], at);
    }
    let mut url = Url::split(text);
    if url.path.is_empty() {
        url = Url::split(&quote(&url.whole(), ":/?&=@"));
    }
    let path = unquote_plus(url.path.get(1..).unwrap_or_default());
    let memory = url.scheme == "sqlite" && path.is_empty();
    let path = if memory { ":memory:".to_owned() } else { path };
    let Ok(port) = url.port() else {
        return reader::fail(it, "ValueError", "the port is not a number", at);
    };
    let mut name = path.clone();
    let mut host = url.hostname().unwrap_or_default();
    let postgres = POSTGRES.contains(&url.scheme.as_str());
    if path.starts_with('/') && (postgres || path.contains("cloudsql")) {
        let (socket, database) = path.rsplit_once('/').unwrap_or(("", &path));
        socket.clone_into(&mut host);
        database.clone_into(&mut name);
    }
    if url.scheme == "oracle" && path.is_empty() {
        name = std::mem::take(&mut host);
    }
    let part = |value: Option<&str>| reader::text(unquote(value.unwrap_or_default()), at);
    let mut entries: Entries = vec![
        ("NAME".to_owned(), reader::text(name, at)),
        ("USER".to_owned(), part(url.username())),
        ("PASSWORD".to_owned(), part(url.password())),
        ("HOST".to_owned(), reader::text(host, at)),
    ];
    match port.filter(|port| *port != 0) {
        Some(port) if url.scheme == "oracle" => {
            set(&mut entries, "PORT", reader::text(port.to_string(), at));
        }
        Some(port) => set(&mut entries, "PORT", reader::leaf(Leaf::Int(port), at)),
        None if url.scheme == "oracle" => {}
        None => set(&mut entries, "PORT", reader::text("", at)),
    }
    database_query(it, &url, &mut entries, at);
    let scheme = engine.unwrap_or(&url.scheme);
    let known = DATABASES.iter().find(|(s, _)| *s == scheme).map_or(scheme, |(_, e)| e);
    if known.is_empty() {
        return it.dict_of(vec![], at);
    }
    set(&mut entries, "ENGINE", reader::text(known, at));
    finished(it, &entries, at)
}

fn database_query(it: &mut Interp<'_>, url: &Url, entries: &mut Entries, at: At) {
    if url.query.is_empty() {
        return;
    }
    let mut options = Vec::new();
    for (key, values) in url.parameters() {
        let value = values.first().map_or("", String::as_str);
        if DATABASE_OPTIONS.contains(&key.to_uppercase().as_str()) {
            set(entries, &key.to_uppercase(), literal(value, at));
        } else {
            options.push((key, digits(value, at)));
        }
    }
    let options = finished(it, &options, at);
    set(entries, "OPTIONS", options);
}

fn cache(it: &mut Interp<'_>, text: &str, backend: Option<&str>, at: At) -> Val {
    if text.is_empty() {
        return it.dict_of(vec![], at);
    }
    let url = Url::split(text);
    let Some((_, known)) = CACHES.iter().find(|(s, _)| *s == url.scheme) else {
        let message = format!("Invalid cache schema {}", url.scheme);
        return reader::fail(it, "ImproperlyConfigured", &message, at);
    };
    let several: Vec<&str> = url.netloc.split(',').collect();
    let mut locations: Vec<String> = several.iter().map(|s| (*s).to_owned()).collect();
    if url.scheme == "filecache" {
        locations = vec![format!("{}{}", url.netloc, url.path)];
    }
    if url.netloc.is_empty() && matches!(url.scheme.as_str(), "memcache" | "pymemcache") {
        locations = vec![format!("unix:{}", url.path)];
    } else if url.scheme.starts_with("redis") {
        let scheme = match url.hostname() {
            Some(_) => url.scheme.replace("cache", ""),
            None => "unix".to_owned(),
        };
        locations = several.iter().map(|at| format!("{scheme}://{at}{}", url.path)).collect();
    }
    let location = match locations.as_slice() {
        [one] => reader::text(one.as_str(), at),
        many => reader::texts(it, many.iter().map(String::as_str), at),
    };
    let backend = backend.unwrap_or(known);
    let mut entries: Entries =
        vec![("BACKEND".to_owned(), reader::text(backend, at)), ("LOCATION".to_owned(), location)];
    if !url.query.is_empty() {
        let mut options = Vec::new();
        for (key, values) in url.parameters() {
            let value = literal(values.first().map_or("", String::as_str), at);
            let upper = key.to_uppercase();
            let key = if backend == REDIS { key.to_lowercase() } else { upper.clone() };
            if CACHE_OPTIONS.contains(&upper.as_str()) {
                set(&mut entries, &key, value);
            } else {
                options.push((key, value));
            }
        }
        let options = finished(it, &options, at);
        set(&mut entries, "OPTIONS", options);
    }
    finished(it, &entries, at)
}

fn email(it: &mut Interp<'_>, text: &str, backend: Option<&str>, at: At) -> Val {
    let url = Url::split(text);
    let maybe =
        |part: Option<String>| part.map_or_else(|| reader::none(at), |part| reader::text(part, at));
    let port = match url.port() {
        Ok(Some(port)) => reader::leaf(Leaf::Int(port), at),
        Ok(None) => reader::none(at),
        Err(BadPort) => return reader::fail(it, "ValueError", "the port is not a number", at),
    };
    let path = unquote_plus(url.path.get(1..).unwrap_or_default());
    let mut entries: Entries = vec![
        ("EMAIL_FILE_PATH".to_owned(), reader::text(path, at)),
        ("EMAIL_HOST_USER".to_owned(), maybe(url.username().map(unquote))),
        ("EMAIL_HOST_PASSWORD".to_owned(), maybe(url.password().map(unquote))),
        ("EMAIL_HOST".to_owned(), maybe(url.hostname())),
        ("EMAIL_PORT".to_owned(), port),
    ];
    let known = EMAILS.iter().find(|(s, _)| *s == url.scheme).map(|(_, backend)| *backend);
    let Some(backend) = backend.or(known) else {
        let message = format!("Invalid email schema {}", url.scheme);
        return reader::fail(it, "ImproperlyConfigured", &message, at);
    };
    set(&mut entries, "EMAIL_BACKEND", reader::text(backend, at));
    match url.scheme.as_str() {
        "smtps" | "smtp+tls" => set(&mut entries, "EMAIL_USE_TLS", reader::boolean(true, at)),
        "smtp+ssl" => set(&mut entries, "EMAIL_USE_SSL", reader::boolean(true, at)),
        _ => {}
    }
    if !url.query.is_empty() {
        let mut options = Vec::new();
        for (key, values) in url.parameters() {
            let value = digits(values.first().map_or("", String::as_str), at);
            let key = key.to_uppercase();
            if matches!(key.as_str(), "EMAIL_USE_TLS" | "EMAIL_USE_SSL") {
                set(&mut entries, &key, value);
            } else {
                options.push((key, value));
            }
        }
        let options = finished(it, &options, at);
        set(&mut entries, "OPTIONS", options);
    }
    finished(it, &entries, at)
}
