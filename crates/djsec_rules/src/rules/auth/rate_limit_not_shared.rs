use djsec_base::{Confidence, Severity};
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds limits on logins and requests that are counted in a cache which no other process sees:
    /// those of django-axes, Django REST framework, django-ratelimit and allauth, with `LocMemCache`
    /// (Django's default), `DummyCache` or a cache of files.
    ///
    /// ## Why it matters
    /// Each worker process counts for itself, and forgets with each restart: with eight workers on two
    /// servers, a limit of five lets eighty through. `DummyCache` counts nothing.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],  # finding
    ///     "DEFAULT_THROTTLE_RATES": {"user": "1000/day"},
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// INSTALLED_APPS += ["rest_framework"]
    /// REST_FRAMEWORK = {
    ///     "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    ///     "DEFAULT_THROTTLE_RATES": {"user": "1000/day"},
    /// }
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.redis.RedisCache",
    ///         "LOCATION": os.environ["REDIS_URL"],
    ///     },
    /// }
    /// ```
    /// ```python settings.py
    /// # django-axes counts in the database by default.
    /// INSTALLED_APPS += ["axes"]
    /// ```
    ///
    /// ## How to fix
    /// Use a cache server (Redis or Memcached) for the cache that the limits count in.
    ///
    /// ## Limits
    /// How many processes run is not known from settings. With a single one, `LocMemCache` counts
    /// right until the next restart.
    ///
    /// ## References
    /// - [Django: setting up the cache](https://docs.djangoproject.com/en/stable/topics/cache/#setting-up-the-cache)
    /// - [DRF: setting up the cache](https://www.django-rest-framework.org/api-guide/throttling/#setting-up-the-cache)
    RULE {
        id: "rate-limit-not-shared",
        group: "auth",
        summary: "limits are counted by each process for itself",
        severity: Medium,
        cwe: [799, 307],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.3.1"],
        checklist: ["login-throttled"],
        django: ["axes.W001", "django_ratelimit.E003"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    axes(cx, out);
    let rest = cx.setting("REST_FRAMEWORK").entry("DEFAULT_THROTTLE_CLASSES");
    let limits = rest.truthy() & cx.uses_app("rest_framework");
    report(cx, &rest, limits, "default", "the API's limits", None, out);

    let enabled = cx.setting("RATELIMIT_ENABLE");
    let app = cx.uses_app("django_ratelimit") & (enabled.is_absent() | enabled.truthy());
    let alias = cx.setting("RATELIMIT_USE_CACHE");
    let name = match alias.value().single().map(|alt| &alt.data) {
        Some(Data::Str(name)) => name.to_string(),
        _ => "default".to_owned(),
    };
    let caches = cx.setting("CACHES");
    report(
        cx,
        &caches,
        app,
        &name,
        "the limits of django-ratelimit",
        Some("django_ratelimit.E003"),
        out,
    );

    let off = cx.setting("ACCOUNT_RATE_LIMITS").is(|data| Some(matches!(data, Data::Bool(false))));
    let account = cx.uses_app("allauth.account") & !off;
    report(cx, &caches, account, "default", "allauth's limits on logins", None, out);
}

/// The backend of a cache.
fn backend<'a>(cx: &Cx<'a>, alias: &str) -> SettingRef<'a> {
    cx.setting("CACHES").entry(alias).entry("BACKEND")
}

fn axes(cx: &Cx<'_>, out: &mut Findings) {
    let handler = cx.setting("AXES_HANDLER");
    let alias = cx.setting("AXES_CACHE");
    let alias = match alias.value().single().map(|alt| &alt.data) {
        Some(Data::Str(name)) => name.to_string(),
        _ => "default".to_owned(),
    };
    let cache = backend(cx, &alias).is(|data| {
        let path = data.as_str().unwrap_or_default();
        let class = path.strip_prefix("django.core.cache.backends.").unwrap_or_default();
        let own = ["dummy.DummyCache", "locmem.LocMemCache", "filebased.FileBasedCache"];
        Some(own.contains(&class))
    });
    let uses = handler.equals("axes.handlers.cache.AxesCacheHandler") & cx.uses_app("axes");
    let message = "django-axes counts failed logins in a cache that other processes do not share";
    out.judge(cx, &RULE, &handler, uses & cache, message)
        .related(cx.setting("CACHES").touched().last().copied(), "the cache is chosen here")
        .django_check("axes.W001")
        .help("use a cache server, or leave `AXES_HANDLER` at the database")
        .done();
}

fn report(
    cx: &Cx<'_>,
    subject: &SettingRef<'_>,
    limits: Cond<'_>,
    alias: &str,
    what: &str,
    check: Option<&'static str>,
    out: &mut Findings,
) {
    let backend = backend(cx, alias);
    for (class, severity, consequence) in [
        ("locmem.LocMemCache", Severity::Low, "are counted by each process for itself"),
        ("dummy.DummyCache", Severity::Medium, "are never reached: the cache keeps nothing"),
    ] {
        let here = backend.equals(&format!("django.core.cache.backends.{class}"));
        let place = if subject.explicit {
            None
        } else {
            cx.app_place(if check.is_some() { "django_ratelimit" } else { "allauth.account" })
        };
        out.judge(cx, &RULE, subject, limits & here, format!("{what} {consequence}"))
            .rated(severity)
            .confidence(if check.is_some() { Confidence::High } else { Confidence::Medium })
            .at(place)
            .django_check_if(check.is_some(), check.unwrap_or_default())
            .help("use a cache server for the limits")
            .done();
    }
}
