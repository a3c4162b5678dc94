//! Which distribution an import comes from, where the name alone does not tell.

use crate::package::normalized;

/// Top-level import names and the distributions that provide them, sorted by import name.
const KNOWN: &[(&str, &str)] = &[
    ("PIL", "pillow"),
    ("account", "django-user-accounts"),
    ("adminsortable2", "django-admin-sortable2"),
    ("allauth", "django-allauth"),
    ("anymail", "django-anymail"),
    ("auditlog", "django-auditlog"),
    ("axes", "django-axes"),
    ("bleach", "bleach"),
    ("bs4", "beautifulsoup4"),
    ("cachalot", "django-cachalot"),
    ("cacheops", "django-cacheops"),
    ("channels_redis", "channels-redis"),
    ("ckeditor", "django-ckeditor"),
    ("ckeditor_uploader", "django-ckeditor"),
    ("compressor", "django-compressor"),
    ("configurations", "django-configurations"),
    ("constance", "django-constance"),
    ("corsheaders", "django-cors-headers"),
    ("crispy_forms", "django-crispy-forms"),
    ("crum", "django-crum"),
    ("csp", "django-csp"),
    ("debug_toolbar", "django-debug-toolbar"),
    ("decouple", "python-decouple"),
    ("defender", "django-defender"),
    ("dj_database_url", "dj-database-url"),
    ("dj_rest_auth", "dj-rest-auth"),
    ("django", "django"),
    ("django_bootstrap5", "django-bootstrap5"),
    ("django_celery_beat", "django-celery-beat"),
    ("django_celery_results", "django-celery-results"),
    ("django_extensions", "django-extensions"),
    ("django_filters", "django-filter"),
    ("django_hosts", "django-hosts"),
    ("django_otp", "django-otp"),
    ("django_permissions_policy", "django-permissions-policy"),
    ("django_prometheus", "django-prometheus"),
    ("django_q", "django-q2"),
    ("django_redis", "django-redis"),
    ("django_rq", "django-rq"),
    ("django_tables2", "django-tables2"),
    ("djoser", "djoser"),
    ("dotenv", "python-dotenv"),
    ("drf_spectacular", "drf-spectacular"),
    ("drf_yasg", "drf-yasg"),
    ("dynaconf", "dynaconf"),
    ("easy_thumbnails", "easy-thumbnails"),
    ("environ", "django-environ"),
    ("environs", "environs"),
    ("explorer", "django-sql-explorer"),
    ("fernet_fields", "django-fernet-fields"),
    ("filebrowser", "django-filebrowser"),
    ("filer", "django-filer"),
    ("formtools", "django-formtools"),
    ("graphene_django", "graphene-django"),
    ("guardian", "django-guardian"),
    ("health_check", "django-health-check"),
    ("hijack", "django-hijack"),
    ("honeypot", "django-honeypot"),
    ("impersonate", "django-impersonate"),
    ("import_export", "django-import-export"),
    ("jazzmin", "django-jazzmin"),
    ("jwt", "pyjwt"),
    ("knox", "django-rest-knox"),
    ("ldap", "python-ldap"),
    ("loginas", "django-loginas"),
    ("lxml", "lxml"),
    ("magic", "python-magic"),
    ("maintenance_mode", "django-maintenance-mode"),
    ("markdownx", "django-markdownx"),
    ("memcache", "python-memcached"),
    ("modeltranslation", "django-modeltranslation"),
    ("mozilla_django_oidc", "mozilla-django-oidc"),
    ("mptt", "django-mptt"),
    ("ninja", "django-ninja"),
    ("oauth2_provider", "django-oauth-toolkit"),
    ("otp_yubikey", "django-otp-yubikey"),
    ("phonenumber_field", "django-phonenumber-field"),
    ("pipeline", "django-pipeline"),
    ("polymorphic", "django-polymorphic"),
    ("psycopg2", "psycopg2"),
    ("ratelimit", "django-ratelimit"),
    ("recurrence", "django-recurrence"),
    ("rest_framework", "djangorestframework"),
    ("rest_framework_api_key", "djangorestframework-api-key"),
    ("rest_framework_simplejwt", "djangorestframework-simplejwt"),
    ("reversion", "django-reversion"),
    ("robots", "django-robots"),
    ("rosetta", "django-rosetta"),
    ("saml2", "pysaml2"),
    ("schema_graph", "django-schema-graph"),
    ("sentry_sdk", "sentry-sdk"),
    ("session_security", "django-session-security"),
    ("silk", "django-silk"),
    ("simple_history", "django-simple-history"),
    ("social_django", "social-auth-app-django"),
    ("sorl", "sorl-thumbnail"),
    ("split_settings", "django-split-settings"),
    ("storages", "django-storages"),
    ("strawberry_django", "strawberry-graphql-django"),
    ("taggit", "django-taggit"),
    ("tastypie", "django-tastypie"),
    ("tinymce", "django-tinymce"),
    ("treebeard", "django-treebeard"),
    ("two_factor", "django-two-factor-auth"),
    ("user_sessions", "django-user-sessions"),
    ("waffle", "django-waffle"),
    ("watchman", "django-watchman"),
    ("webpack_loader", "django-webpack-loader"),
    ("whitenoise", "whitenoise"),
    ("widget_tweaks", "django-widget-tweaks"),
    ("yaml", "pyyaml"),
];

/// The distribution that provides an import (`debug_toolbar.middleware` gives
/// `django-debug-toolbar`), if it is a well-known one.
pub fn distribution(import: &str) -> Option<&'static str> {
    let top = import.split('.').next().unwrap_or(import);
    let at = KNOWN.binary_search_by(|(name, _)| (*name).cmp(top)).ok()?;
    KNOWN.get(at).map(|(_, distribution)| *distribution)
}

/// The distributions that may provide an import, the likeliest first.
pub(crate) fn candidates(import: &str) -> Vec<String> {
    let top = import.split('.').next().unwrap_or(import);
    if let Some(known) = distribution(import) {
        let mut all = vec![known.to_owned()];
        match known {
            "psycopg2" => all.push("psycopg2-binary".to_owned()),
            "django-q2" => all.push("django-q".to_owned()),
            _ => {}
        }
        return all;
    }
    let own = normalized(top);
    vec![own.clone(), format!("django-{own}"), format!("python-{own}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn imports_lead_to_their_distribution() {
        assert_eq!(distribution("rest_framework.authtoken"), Some("djangorestframework"));
        assert_eq!(distribution("nothing_known"), None);
        assert_eq!(candidates("my_app"), ["my-app", "django-my-app", "python-my-app"]);
    }
}
