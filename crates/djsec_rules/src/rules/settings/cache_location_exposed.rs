use djsec_django::settings::SettingRef;

use super::paths::{self, Relation};
use crate::{Check, Cx, Findings, declare_rule};

const FILE_CACHE: &str = "django.core.cache.backends.filebased.FileBasedCache";

declare_rule! {
    /// ## What it does
    /// Finds file caches that lie in, around, or at the folder of uploads or static files, and file
    /// caches with a relative path.
    ///
    /// ## Why it matters
    /// Cache files are pickles. Who can place a file there, by an upload for instance, runs code in the
    /// application; who can fetch files from there reads what was cached for others. A relative path
    /// depends on where the process was started, and so may end up in such a place.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MEDIA_ROOT = BASE_DIR / "media"
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    ///         "LOCATION": MEDIA_ROOT / "cache",  # finding
    ///     }
    /// }
    /// ```
    /// ```python settings.py
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    ///         "LOCATION": "cache",  # finding
    ///     }
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/shop/media"
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    ///         "LOCATION": "/var/cache/shop",
    ///     }
    /// }
    /// ```
    /// Other backends have no folder:
    /// ```python settings.py
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    ///         "LOCATION": "pages",
    ///     }
    /// }
    /// ```
    /// Names that begin alike are different folders:
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/shop/media"
    /// CACHES = {
    ///     "default": {
    ///         "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    ///         "LOCATION": "/srv/shop/media-cache",
    ///     }
    /// }
    /// ```
    ///
    /// ## How to fix
    /// Give the cache an absolute folder of its own that only the application's user can write to, such as
    /// `/var/cache/shop`.
    ///
    /// ## References
    /// - [Django: filesystem caching](https://docs.djangoproject.com/en/stable/topics/cache/#filesystem-caching)
    RULE {
        id: "cache-location-exposed",
        group: "settings",
        summary: "cache files lie where others can write or read",
        severity: High,
        cwe: [552, 502],
        owasp: ["2025:A02", "2025:A08"],
        checklist: ["cache-and-broker-protected", "media-outside-webroot"],
        django: ["caches.W002", "caches.W003"],
        since: "next",
        checks: [Check::Setting(&["CACHES"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for alias in setting.keys() {
        let cache = setting.entry(&alias);
        let location = cache.entry("LOCATION");
        let files = cache.entry("BACKEND").equals(FILE_CACHE);
        if files.is_never() {
            continue;
        }
        for name in ["MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_DIRS"] {
            for (other, theirs) in paths::folders(cx, &cx.setting(name)) {
                for (ours, part) in paths::folders(cx, &location) {
                    let words = match paths::relation(&ours, &other) {
                        Some(Relation::Equal) => "are kept in",
                        Some(Relation::Inside) => "lie inside of",
                        Some(Relation::Contains) => "are kept around",
                        None => continue,
                    };
                    let message = format!(
                        "files of the cache `{alias}` {words} `{name}`: a pickle placed there is code that runs"
                    );
                    out.judge(cx, &RULE, &location, files & part.when & theirs.when, message)
                        .help("give the cache an absolute folder of its own")
                        .django_check("caches.W002")
                        .at(part.span)
                        .done();
                }
            }
        }
        let relative = location.is(|data| {
            Some(data.as_str().is_some_and(|path| !path.is_empty() && !path.starts_with('/')))
        });
        let message = format!(
            "the folder of the cache `{alias}` is relative: where its pickles lie depends on where the process starts"
        );
        out.judge(cx, &RULE, &location, files & relative, message)
            .severity(djsec_base::Severity::Low)
            .help("give the cache an absolute folder")
            .django_check("caches.W003")
            .done();
    }
}
