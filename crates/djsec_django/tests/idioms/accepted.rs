//! What may stay unknown, each with its reason.

const OUTSIDE: &str = "a file outside the tree may exist where the process runs";
const NO_TEXT: &str = "the text of a plain .txt file or one without an extension is not kept";
const PACKAGES: &str = "no dependency file says which packages are installed";

/// Project, setting (`import` for whether the import fails), reason.
pub(crate) const ACCEPTED: &[(&str, &str, &str)] = &[
    ("08-helper-secret-file", "SECRET_KEY", NO_TEXT),
    ("08-helper-secret-file", "import", OUTSIDE),
    ("11-environ-file-aware", "DEBUG", NO_TEXT),
    ("11-environ-file-aware", "SECRET_KEY", NO_TEXT),
    ("11-environ-file-aware", "import", OUTSIDE),
    ("16-dynaconf-toml", "NEW_SETTING", "a variable may add any setting; said once, in a note"),
    ("19-local-present", "DEBUG", "an ignored import error: the file need not be deployed"),
    ("19-local-present", "LOCAL", "an ignored import error: the file need not be deployed"),
    ("21-imported-configuration", "import", "the operator supplies the module that is missing"),
    ("21-imported-configuration", "SOCIAL_AUTH_GITHUB_KEY", "any name with the prefix may be set"),
    (
        "21-imported-configuration",
        "SOCIAL_AUTH_GITHUB_SECRET",
        "any name with the prefix may be set",
    ),
    ("21-spec-from-file", "import", OUTSIDE),
    ("28-plugins", "INSTALLED_APPS", "installed plugins add apps"),
    ("28-plugins", "MIDDLEWARE", "it leaves out what installed plugins add"),
    ("28-plugins", "PLUGINS", "it leaves out what installed plugins add"),
    ("31-arguments-and-versions", "MAJOR", "the series is known, the release as a text is not"),
    ("34-fail-open", "DATABASE_PASSWORD", OUTSIDE),
    ("34-fail-open", "SECRETS", OUTSIDE),
    ("34-fail-open", "SECRET_KEY", OUTSIDE),
    ("35-config-files", "HAS_MAIL", OUTSIDE),
    ("35-config-files", "MISSING", OUTSIDE),
    ("35-config-files", "SECRET_KEY", OUTSIDE),
    ("35-config-files", "SESSION_COOKIE_AGE", OUTSIDE),
    ("35-config-files", "SESSION_COOKIE_SECURE", OUTSIDE),
    ("35-config-files", "VERSION", NO_TEXT),
    ("35-load-dotenv", "import", OUTSIDE),
    ("35-load-dotenv", "EXPANDED", OUTSIDE),
    ("35-load-dotenv", "QUOTED", OUTSIDE),
    ("36-paths", "EXISTS", OUTSIDE),
    ("40-optional-import", "EXTENSION", PACKAGES),
    ("40-optional-import", "INSTALLED_APPS", PACKAGES),
    ("40-optional-import", "MIDDLEWARE", PACKAGES),
];
