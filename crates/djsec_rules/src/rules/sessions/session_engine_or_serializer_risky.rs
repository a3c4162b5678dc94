use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds sessions that are pickled, that live in the cookie itself, or that are kept in a cache of
    /// one process.
    ///
    /// ## Why it matters
    /// Whoever can write pickled session data (with the secret key, if it is in the cookie; with access
    /// to the database or cache, if it is there) runs code on the server. A session in a cookie is
    /// signed but readable, and cannot be ended: a copy is good until it expires, after logout too. A
    /// cache of one process loses sessions at each restart, and other processes do not know them.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # finding
    /// ```
    /// ```python settings.py
    /// SESSION_SERIALIZER = "shop.sessions.PickleSerializer"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    /// SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.redis.RedisCache",
    ///         "LOCATION": os.environ["REDIS_URL"],
    ///     },
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Keep sessions in the database (`backends.db` or `backends.cached_db`), or in a cache server, and
    /// leave `SESSION_SERIALIZER` at JSON.
    ///
    /// ## Limits
    /// Critical when pickled sessions are in the cookie, medium for the cookie alone, low for a cache
    /// of one process. A serializer is taken for a pickling one by its name, or where a class of the
    /// project is derived from Django's, which is gone since Django 5.0.
    ///
    /// ## References
    /// - [Django: using cookie-based sessions](https://docs.djangoproject.com/en/stable/topics/http/sessions/#using-cookie-based-sessions)
    /// - [Django: session serialization](https://docs.djangoproject.com/en/stable/topics/http/sessions/#session-serialization)
    RULE {
        id: "session-engine-or-serializer-risky",
        group: "sessions",
        summary: "session data is pickled, kept by the browser, or lost with a process",
        severity: High,
        cwe: [502, 539],
        owasp: ["2025:A08", "2025:A07"],
        asvs: ["5.0:7.2.1", "5.0:1.5.2"],
        checklist: ["session-server-side", "no-unsafe-deserialization"],
        since: "next",
        checks: [
            Check::Setting(&["SESSION_SERIALIZER"], serializer),
            Check::Setting(&["SESSION_ENGINE"], engine),
        ],
    }
}

const SIGNED_COOKIES: &str = "django.contrib.sessions.backends.signed_cookies";
const MIDDLEWARE: &str = "django.contrib.sessions.middleware.SessionMiddleware";
/// Django's pickling serializer, by its names of all versions; gone from 5.0 on.
const PICKLE: &[&str] = &[
    "django.contrib.sessions.serializers.PickleSerializer",
    "django.core.serializers.base.PickleSerializer",
];

fn pickles<'a>(cx: &Cx<'a>, setting: &SettingRef<'a>) -> Cond<'a> {
    // From Django 5.0 on, the process does not start with Django's own.
    let gone = cx.django().is_some() && cx.django_at_least(5, 0);
    let pickling = setting.is(|data| {
        let path = crate::classes::dotted(data).unwrap_or_default();
        let class = path.rsplit('.').next().unwrap_or_default();
        let own = !path.starts_with("django.") && class.contains("Pickle");
        Some(own || (!gone && cx.is_class(data, PICKLE) == Some(true)))
    });
    pickling & cx.uses_middleware(MIDDLEWARE)
}

fn serializer(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let pickled = pickles(cx, setting);
    let in_cookie = cx.setting("SESSION_ENGINE").equals(SIGNED_COOKIES) & pickled;
    let (severity, message) = if in_cookie.surely().is_never() {
        (
            Severity::High,
            "sessions are pickled: who can write to their store runs code on the server",
        )
    } else {
        (
            Severity::Critical,
            "sessions are pickled into the cookie: who has the secret key runs code on the server",
        )
    };
    out.judge(cx, &RULE, setting, pickled, message)
        .rated(severity)
        .help("use `django.contrib.sessions.serializers.JSONSerializer`, Django's default")
        .done();
}

fn engine(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.uses_middleware(MIDDLEWARE);
    let pickled = pickles(cx, &cx.setting("SESSION_SERIALIZER"));
    let cookie = setting.equals(SIGNED_COOKIES) & active & !pickled.surely();
    let message = "sessions live in the cookie: users can read them, and a copy works after logout";
    out.judge(cx, &RULE, setting, cookie, message)
        .rated(Severity::Medium)
        .help("use `django.contrib.sessions.backends.db` or `cached_db`")
        .done();
    in_process(cx, setting, active, out);
}

fn in_process(cx: &Cx<'_>, setting: &SettingRef<'_>, active: Cond<'_>, out: &mut Findings) {
    let cached = setting.equals("django.contrib.sessions.backends.cache") & active;
    let alias = cx.setting("SESSION_CACHE_ALIAS");
    let Some(Data::Str(alias)) = alias.value().single().map(|alt| alt.data.clone()) else { return };
    let backend = cx.setting("CACHES").entry(&alias).entry("BACKEND");
    for (class, message) in [
        ("locmem.LocMemCache", "each process has sessions of its own, and loses them when it ends"),
        ("dummy.DummyCache", "sessions are stored nowhere, so nobody stays logged in"),
    ] {
        let here = backend.equals(&format!("django.core.cache.backends.{class}"));
        out.judge(cx, &RULE, setting, cached & here, message)
            .rated(Severity::Low)
            .related(backend.touched().last().copied(), "the cache is chosen here")
            .help("use a cache server, or `django.contrib.sessions.backends.db`")
            .done();
    }
}
