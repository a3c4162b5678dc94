use djsec_base::Severity;
use djsec_django::settings::{Part, SettingRef};
use djsec_python::value::Data;

use crate::network::{Reach, reach, url, without_port};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a cache or a Celery broker on a public host that asks for no password, or to which the
    /// password and the data go in the clear.
    ///
    /// ## Why it matters
    /// Django pickles what it caches, and unpickles what it finds. Whoever can write to the cache runs
    /// code in the application; whoever can write to the broker runs tasks. Memcached knows no password
    /// at all, so that the network is its only lock.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.redis.RedisCache",
    ///         "LOCATION": "redis://cache.example.com:6379/0",  # finding
    ///     }
    /// }
    /// CELERY_BROKER_URL = "amqp://shop:pw@mq.example.com//"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.redis.RedisCache",
    ///         "LOCATION": "redis://127.0.0.1:6379/0",
    ///     },
    ///     "pages": {
    ///         "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
    ///         "LOCATION": ["unix:/run/memcached.sock", "memcached:11211"],
    ///     },
    /// }
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// CELERY_BROKER_URL = os.environ.get("BROKER", "redis://localhost:6379/1")
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// REDIS_PASSWORD = os.environ["REDIS_PASSWORD"]
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django_redis.cache.RedisCache",
    ///         "LOCATION": f"rediss://:{REDIS_PASSWORD}@cache.example.com:6379/0",
    ///     }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Use `rediss://` with a password (or `amqps://`), and keep the port inside the private network.
    ///
    /// ## Limits
    /// Names without a dot and private addresses are taken for a private network, and are left alone.
    ///
    /// ## References
    /// - [Django: cache framework](https://docs.djangoproject.com/en/stable/topics/cache/)
    /// - [Redis: security](https://redis.io/docs/latest/operate/oss_and_stack/management/security/)
    RULE {
        id: "cache-remote-unauthenticated",
        group: "settings",
        summary: "a remote cache or broker is open to others",
        severity: High,
        cwe: [306, 319, 502],
        owasp: ["2025:A02", "2025:A08"],
        asvs: ["5.0:12.3.1", "5.0:13.2.1"],
        checklist: ["cache-and-broker-protected"],
        since: "next",
        checks: [
            Check::Setting(&["CACHES"], check_caches),
            Check::Setting(&["CELERY_BROKER_URL", "BROKER_URL"], check_broker),
        ],
    }
}

fn check_caches(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for alias in setting.keys() {
        let cache = setting.entry(&alias);
        let location = cache.entry("LOCATION");
        let memcached = cache.entry("BACKEND").where_part(|part| {
            part.data.as_str().is_some_and(|backend| backend.contains("memcached"))
        });
        let options = cache.entry("OPTIONS");
        let password = !options.entry("PASSWORD").is_none() | !options.entry("password").is_none();
        let named = format!("the cache `{alias}`");
        for part in location.alternatives().into_iter().chain(location.elements()) {
            if memcached.is_never() {
                report(cx, &location, &part, &named, password.is_never(), out);
            } else if is_public_server(&part.data) {
                let message = format!(
                    "{named} is a Memcached that anybody who reaches it can fill with pickled code"
                );
                out.judge(cx, &RULE, &location, part.when & memcached, message)
                    .help("reach it through a private network or a socket")
                    .at(part.span)
                    .done();
            }
        }
    }
}

fn check_broker(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.alternatives() {
        report(cx, setting, &part, "the Celery broker", true, out);
    }
}

fn is_public_server(data: &Data) -> bool {
    data.as_str().is_some_and(|place| {
        !place.starts_with("unix:")
            && !place.contains('/')
            && reach(without_port(place)) == Reach::Public
    })
}

fn report<'a>(
    cx: &Cx<'a>,
    setting: &SettingRef<'a>,
    part: &Part<'a>,
    named: &str,
    no_password_elsewhere: bool,
    out: &mut Findings,
) {
    let Data::Str(text) = &part.data else { return };
    let Some(url) = url(text) else { return };
    let encrypted = match url.scheme {
        "redis" | "amqp" | "pyamqp" => false,
        "rediss" | "amqps" | "redis+tls" => true,
        _ => return,
    };
    if reach(url.host) != Reach::Public {
        return;
    }
    let open = url.password.is_empty() && no_password_elsewhere;
    let (message, severity) = match (open, encrypted) {
        (true, _) => (
            format!("{named} asks for no password: who writes to it runs code here"),
            Severity::High,
        ),
        (false, false) => (
            format!("data and password of {named} go over the network in the clear"),
            Severity::Medium,
        ),
        (false, true) => return,
    };
    out.judge(cx, &RULE, setting, part.when, message)
        .at_most(severity)
        .help("use TLS (`rediss://`, `amqps://`) with a password from the environment")
        .at(part.span)
        .done();
}
