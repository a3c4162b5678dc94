"""Generates the settings modules of vectors/deploy/settings.jsonl; the same seed gives the same file.

Each case starts from one secure base and changes some of it. First every single change stands alone,
then seeded mixtures follow. A change either replaces the source of a setting, drops the setting,
or adds a statement at the end of the module, as people do.
"""

import json
import random
import sys

SEED = 20261121
TOTAL = 900

SECURITY = "django.middleware.security.SecurityMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
MESSAGES = "django.contrib.messages.middleware.MessageMiddleware"
XFRAME = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"
CORS = "corsheaders.middleware.CorsMiddleware"
AXES = "axes.middleware.AxesMiddleware"
THIRD_CSP = "csp.middleware.CSPMiddleware"
STRONG = "x4v&9!kq2m#z7r@w5t8p^b3n6c*d1f-g0h+j_l=sAyDuFiGoHeJaK"
STRONG_2 = "Qz8)w3(Lm5%Tn7^Rb2&Vc9!Xk4@Hj6#Gf1$Ds0-Pa_Wo+Ie=Yu/RtE"


def lines(items, indent="    "):
    return "[\n" + "".join(f"{indent}{item!r},\n" for item in items) + "]"


def templates(processors=(), backend="django.template.backends.django.DjangoTemplates"):
    names = [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        *processors,
    ]
    return (
        "[\n    {\n"
        f"        'BACKEND': {backend!r},\n"
        "        'APP_DIRS': True,\n"
        f"        'OPTIONS': {{'context_processors': {names!r}}},\n"
        "    }\n]"
    )


APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = [SECURITY, SESSIONS, COMMON, CSRF, AUTH, MESSAGES, XFRAME]
BASE = {
    "SECRET_KEY": repr(STRONG),
    "DEBUG": "False",
    "ALLOWED_HOSTS": "['shop.example']",
    "ROOT_URLCONF": "'urls'",
    "DEFAULT_AUTO_FIELD": "'django.db.models.BigAutoField'",
    "USE_TZ": "True",
    "INSTALLED_APPS": lines(APPS),
    "MIDDLEWARE": lines(MIDDLEWARE),
    "TEMPLATES": templates(),
    "DATABASES": "{'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}}",
    "SECURE_SSL_REDIRECT": "True",
    "SECURE_HSTS_SECONDS": "31536000",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": "True",
    "SECURE_HSTS_PRELOAD": "True",
    "SESSION_COOKIE_SECURE": "True",
    "CSRF_COOKIE_SECURE": "True",
}


def put(name, *sources):
    """One change per source: the setting has that expression."""
    return [{"set": {name: source}} for source in sources]


def several(**settings):
    return [{"set": settings}]


def drop(*names):
    return [{"drop": [name]} for name in names]


def tail(*statements):
    """One change per statement, which stands at the end of the module."""
    return [{"tail": [statement]} for statement in statements]


def without(middleware):
    return [
        {"set": {"MIDDLEWARE": lines([m for m in MIDDLEWARE if m != middleware])}},
        {"tail": [f"MIDDLEWARE.remove({middleware!r})"]},
        {"tail": [f"MIDDLEWARE = [m for m in MIDDLEWARE if m != {middleware!r}]"]},
    ]


def with_app(app, middleware, at, extra):
    """An app with its middleware at a place of the list, and its settings."""
    listed = list(MIDDLEWARE)
    if at is not None:
        listed.insert(at, middleware)
    return {"set": {"INSTALLED_APPS": lines([*APPS, app]), "MIDDLEWARE": lines(listed), **extra}}


def cors(at=2, **extra):
    return with_app("corsheaders", CORS, at, extra)


def axes(at=len(MIDDLEWARE), backends=True, **extra):
    if backends:
        extra["AUTHENTICATION_BACKENDS"] = (
            "['axes.backends.AxesStandaloneBackend', 'django.contrib.auth.backends.ModelBackend']"
        )
    return with_app("axes", AXES, at, extra)


def third_csp(**extra):
    return with_app("csp", THIRD_CSP, 1, extra)


def builtin_csp(policy, report_only=None, processor=False, middleware=True, enum=True):
    change = {"set": {"TEMPLATES": templates(["django.template.context_processors.csp"] if processor else [])}}
    if policy is not None:
        change["set"]["SECURE_CSP"] = policy
    if report_only is not None:
        change["set"]["SECURE_CSP_REPORT_ONLY"] = report_only
    if middleware:
        change["tail"] = [f"MIDDLEWARE.insert(1, {CSP!r})"]
    if enum:
        change["head"] = ["from django.utils.csp import CSP"]
    change["since"] = "6.0"
    return change


# Groups of changes; a mixture takes at most one change of each group.
GROUPS = {
    "debug": put("DEBUG", "True", "1", "'False'", "0", "''", "None", "not True") + drop("DEBUG")
    + tail("DEBUG = not DEBUG", "DEBUG = bool('False')"),
    "secret": put(
        "SECRET_KEY", "'short'", "'a' * 60", "'abcd' * 15", "'django-insecure-' + 'qwertyuiop1234567890' * 3",
        "''", "None", "'abcde' * 10", "'abcde' * 9 + 'abcd'", f"'django-insecure-{STRONG}'",
        "b'0123456789abcdef0123456789abcdef0123456789abcdef0123'", "'changeme'", f"'Django-insecure-{STRONG}'",
    ) + drop("SECRET_KEY"),
    "fallbacks": put(
        "SECRET_KEY_FALLBACKS", "[]", f"[{STRONG_2!r}]", "['old']", f"[{STRONG_2!r}, 'old', 'older']",
        f"({STRONG_2!r},)", "['']", f"'{STRONG_2}'", f"['django-insecure-{STRONG_2}']", "None",
    ),
    "hosts": put(
        "ALLOWED_HOSTS", "[]", "['*']", "()", "('shop.example', '.shop.example')", "'shop.example'", "['']", "None",
        "''.split(',')", "[h for h in ''.split(',') if h]", "'a.example,b.example'.split(',')",
    ) + drop("ALLOWED_HOSTS") + tail("ALLOWED_HOSTS.clear()", "ALLOWED_HOSTS += ['*']", "ALLOWED_HOSTS.pop()"),
    "security_middleware": without(SECURITY),
    "csrf_middleware": without(CSRF),
    "xframe_middleware": without(XFRAME),
    "session_middleware": without(SESSIONS)[:2],
    "auth_middleware": without(AUTH)[:1],
    "middleware_order": tail(
        f"MIDDLEWARE.remove({SECURITY!r})\nMIDDLEWARE.append({SECURITY!r})",
        "MIDDLEWARE.reverse()",
        "MIDDLEWARE = tuple(MIDDLEWARE)",
        f"MIDDLEWARE.remove({CSRF!r})\nMIDDLEWARE.insert(0, {CSRF!r})",
        f"MIDDLEWARE = [m for m in MIDDLEWARE if m != {XFRAME!r}] + [{XFRAME!r}]",
        f"MIDDLEWARE += [{LOGIN_REQUIRED!r}]",
        f"MIDDLEWARE.insert(0, {LOGIN_REQUIRED!r})",
        f"MIDDLEWARE.insert(MIDDLEWARE.index({SESSIONS!r}) + 1, {LOGIN_REQUIRED!r})",
        "MIDDLEWARE = ['django.middleware.gzip.GZipMiddleware', *MIDDLEWARE]",
        "MIDDLEWARE = ['django.middleware.cache.UpdateCacheMiddleware'] + MIDDLEWARE"
        " + ['django.middleware.cache.FetchFromCacheMiddleware']",
    ) + put("MIDDLEWARE", "[]", lines([COMMON]), lines([SECURITY]), lines([m.lower() for m in MIDDLEWARE]))
    + drop("MIDDLEWARE"),
    "hsts": put(
        "SECURE_HSTS_SECONDS", "0", "None", "60", "3600", "'31536000'", "60 * 60 * 24 * 365", "True", "''", "31_536_000",
    ) + drop("SECURE_HSTS_SECONDS"),
    "hsts_subdomains": put("SECURE_HSTS_INCLUDE_SUBDOMAINS", "False", "1", "'True'", "None")
    + drop("SECURE_HSTS_INCLUDE_SUBDOMAINS"),
    "hsts_preload": put("SECURE_HSTS_PRELOAD", "False", "1", "'true'", "None") + drop("SECURE_HSTS_PRELOAD"),
    "ssl_redirect": put("SECURE_SSL_REDIRECT", "False", "1", "'True'", "None", "not DEBUG") + drop("SECURE_SSL_REDIRECT"),
    "nosniff": put("SECURE_CONTENT_TYPE_NOSNIFF", "True", "False", "1", "'False'", "None"),
    "xss_filter": put("SECURE_BROWSER_XSS_FILTER", "True", "False"),
    "session_secure": put("SESSION_COOKIE_SECURE", "False", "1", "'True'", "None", "not DEBUG")
    + drop("SESSION_COOKIE_SECURE"),
    "session_httponly": put("SESSION_COOKIE_HTTPONLY", "True", "False", "1", "'True'", "None"),
    "session_samesite": put("SESSION_COOKIE_SAMESITE", "'None'", "'Strict'", "False", "None"),
    "csrf_secure": put("CSRF_COOKIE_SECURE", "False", "1", "'True'", "None", "not DEBUG") + drop("CSRF_COOKIE_SECURE"),
    "csrf_sessions": put("CSRF_USE_SESSIONS", "True", "False", "1", "'False'", "''"),
    "csrf_httponly": put("CSRF_COOKIE_HTTPONLY", "True", "False"),
    "csrf_origins": put(
        "CSRF_TRUSTED_ORIGINS", "['https://shop.example']", "['shop.example']", "['https://*.shop.example', '*.b.example']",
        "('http://shop.example',)", "[]", "['://shop.example']", "'https://shop.example'",
    ),
    "csrf_failure": put(
        "CSRF_FAILURE_VIEW", "'django.views.csrf.csrf_failure'", "'missing.module.view'", "'urls.one_argument'",
    ),
    "frame": put("X_FRAME_OPTIONS", "'DENY'", "'SAMEORIGIN'", "'deny'", "'ALLOWALL'", "None", "''"),
    "referrer": put(
        "SECURE_REFERRER_POLICY", "None", "'same-origin'", "'no-referrer'", "'unsafe-url'", "'invalid-value'",
        "'no-referrer,strict-origin-when-cross-origin'", "'no-referrer, bogus'", "['no-referrer', 'same-origin']",
        "('origin', 'bogus')", "''", "[]", "'Same-Origin'", "{'same-origin'}",
    ),
    "coop": put(
        "SECURE_CROSS_ORIGIN_OPENER_POLICY", "None", "'same-origin'", "'same-origin-allow-popups'", "'unsafe-none'",
        "'bogus'", "''", "'Same-Origin'",
    ),
    "apps": put(
        "INSTALLED_APPS", lines([a for a in APPS if a != "django.contrib.sessions"]), "()",
        lines([*APPS, "django.contrib.staticfiles"]), "'django.contrib.auth'",
    ) + tail("INSTALLED_APPS.remove('django.contrib.sessions')", "INSTALLED_APPS = tuple(INSTALLED_APPS)"),
    "admin": several(
        INSTALLED_APPS=lines(["django.contrib.admin", *APPS]),
    ) + [
        {"set": {"INSTALLED_APPS": lines(["django.contrib.admin", *APPS])}, "tail": [f"MIDDLEWARE.remove({SESSIONS!r})"]},
        {"set": {"INSTALLED_APPS": lines(["django.contrib.admin", *APPS])}, "tail": [f"MIDDLEWARE.remove({AUTH!r})"]},
        {"set": {"INSTALLED_APPS": lines(["django.contrib.admin", *APPS])}, "tail": [f"MIDDLEWARE.remove({MESSAGES!r})"]},
        {"set": {"INSTALLED_APPS": lines(["django.contrib.admin", *APPS]), "TEMPLATES": "[]"}},
    ],
    "csp": [
        builtin_csp("{'default-src': [CSP.SELF]}"),
        builtin_csp("{'script-src': [CSP.SELF, CSP.NONCE]}"),
        builtin_csp("{'script-src': [CSP.SELF, CSP.NONCE]}", processor=True),
        builtin_csp("{'script-src': [CSP.SELF, CSP.NONCE]}", middleware=False),
        builtin_csp("{'script-src': CSP.NONCE}"),
        builtin_csp(None, "{'style-src': (CSP.NONCE,)}"),
        builtin_csp("{'default-src': [CSP.SELF]}", "{'script-src': [CSP.NONCE]}", processor=True),
        builtin_csp("[CSP.SELF]"),
        builtin_csp("\"default-src 'self'\"", enum=False),
        builtin_csp("None", enum=False),
        builtin_csp("{}", "[]", enum=False),
        builtin_csp(None, "'report-uri /csp/'", enum=False, middleware=False),
        builtin_csp("('default-src',)", "{'default-src'}", enum=False),
        builtin_csp("{'script-src': ['<CSP_NONCE_SENTINEL>']}", enum=False),
        builtin_csp("{'script-src': True}", enum=False),
        {"set": {"SECURE_CSP": "[]", "SECURE_CSP_REPORT_ONLY": "None"}},
    ],
    "caches": put(
        "CACHES", "{}", "{'sessions': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}",
        "{'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '/var/cache/shop'}}",
        "{'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': 'cache'}}",
        "{'default': {'BACKEND': 'django.core.cache.backends.dummy.DummyCache'}}",
    ) + [
        {"set": {
            "CACHES": "{'default': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': "
            + repr(location) + "}}",
            **extra,
        }}
        for location, extra in [
            ("/srv/shop/media", {"MEDIA_ROOT": "'/srv/shop/media'"}),
            ("/srv/shop/media/cache", {"MEDIA_ROOT": "'/srv/shop/media'"}),
            ("/srv/shop", {"MEDIA_ROOT": "'/srv/shop/media'", "STATIC_ROOT": "'/srv/shop/static/'"}),
            ("/srv/shop/cache", {"MEDIA_ROOT": "'/srv/shop/media'", "STATIC_ROOT": "'/srv/shop/static'"}),
            ("/srv/assets/js", {"STATICFILES_DIRS": "['/srv/assets', ('more', '/srv/more')]"}),
            ("/srv/more", {"STATICFILES_DIRS": "['/srv/assets', ('more', '/srv/more')]"}),
            ("/srv/shop/media/../cache", {"MEDIA_ROOT": "'/srv/shop/media'"}),
        ]
    ],
    "mail": put("EMAIL_BACKEND", "'django.core.mail.backends.console.EmailBackend'",
                "'django.core.mail.backends.smtp.EmailBackend'")
    + put(
        "MAILERS", "{}", "{'default': {'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}}",
        "{'default': {'BACKEND': 'django.core.mail.backends.console.EmailBackend'}}",
        "{'default': {'BACKEND': 'django.core.mail.backends.locmem.EmailBackend'}}",
        "{'default': {}}", "{'news': {'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}}",
        "{'default': {'BACKEND': 'django.core.mail.backends.filebased.EmailBackend'}, 'news': {}}",
    ) + several(
        EMAIL_HOST="'smtp.example'", MAILERS="{'default': {'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}}",
    ),
    "silenced": put(
        "SILENCED_SYSTEM_CHECKS", "['security.W004', 'security.W008']", "['security.W001', 'security.W009']",
        "['security.W012']", "('security.W018', 'security.W020')",
        "['security.W%03d' % n for n in range(1, 26)]", "['security.E023', 'security.E024', 'security.E026']",
    ),
    "cors": [
        cors(),
        cors(CORS_ALLOW_ALL_ORIGINS="True", CORS_ALLOW_CREDENTIALS="True"),
        cors(CORS_ALLOWED_ORIGINS="['https://app.example', 'app.example']"),
        cors(CORS_ALLOWED_ORIGINS="['https://app.example/', 'null', 'file://']"),
        cors(CORS_ALLOWED_ORIGINS="'https://app.example'"),
        cors(CORS_ORIGIN_WHITELIST="['app.example']"),
        cors(CORS_ORIGIN_ALLOW_ALL="'True'"),
        cors(CORS_ALLOW_CREDENTIALS="'yes'"),
        cors(CORS_ALLOWED_ORIGIN_REGEXES="r'^https://.*\\.example$'"),
        cors(CORS_ALLOWED_ORIGIN_REGEXES="[r'^https://\\w+\\.app\\.example$']"),
        cors(CORS_ALLOW_HEADERS="'x-token'", CORS_ALLOW_METHODS="None", CORS_EXPOSE_HEADERS="5"),
        cors(CORS_ALLOW_HEADERS="None", CORS_ALLOWED_ORIGINS="None", CORS_ALLOWED_ORIGIN_REGEXES="5"),
        cors(CORS_ALLOWED_ORIGINS="[1, 'https://app.example']", CORS_ALLOWED_ORIGIN_REGEXES="[None]"),
        cors(CORS_ALLOWED_ORIGINS="()", CORS_ALLOW_HEADERS="('x-token',)", CORS_ALLOW_METHODS="['GET']"),
        cors(CORS_PREFLIGHT_MAX_AGE="-1", CORS_URLS_REGEX="['/api/']"),
        cors(CORS_PREFLIGHT_MAX_AGE="'86400'", CORS_ALLOW_PRIVATE_NETWORK="1"),
        cors(CORS_MODEL="'app.Origin'", CORS_REPLACE_HTTPS_REFERER="True"),
        cors(at=None, CORS_ALLOW_ALL_ORIGINS="True"),
        cors(at=len(MIDDLEWARE), CORS_ALLOWED_ORIGINS="['https://app.example']"),
    ],
    "axes": [
        axes(),
        axes(at=None),
        axes(backends=False),
        axes(AXES_LOCKOUT_PARAMETERS="['username']"),
        axes(AXES_LOCKOUT_PARAMETERS="['username', ['ip_address', 'user_agent']]"),
        axes(AXES_LOCKOUT_PARAMETERS="[['username', 'user_agent']]"),
        axes(AXES_ONLY_USER_FAILURES="True", AXES_USE_USER_AGENT="True"),
        axes(AXES_PROXY_COUNT="1", AXES_META_PRECEDENCE_ORDER="['HTTP_X_FORWARDED_FOR']"),
        axes(AXES_HANDLER="'axes.handlers.cache.AxesCacheHandler'"),
        axes(AXES_LOCKOUT_CALLABLE="'missing.module.lockout'"),
        axes(AXES_COOLOFF_TIME="1", AXES_FAILURE_LIMIT="5"),
        axes(AXES_LOGGER="'axes'", AXES_DISABLE_SUCCESS_ACCESS_LOG="True"),
    ],
    "third_csp": [
        third_csp(CONTENT_SECURITY_POLICY="{'DIRECTIVES': {'default-src': [\"'self'\"]}}"),
        third_csp(CSP_DEFAULT_SRC="(\"'self'\",)"),
        third_csp(CSP_DEFAULT_SRC="(\"'self'\",)", CSP_SCRIPT_SRC="[\"'self'\", 'cdn.example']", CSP_REPORT_ONLY="True"),
        third_csp(CONTENT_SECURITY_POLICY="{'EXCLUDE_URL_PREFIXES': '/admin', 'DIRECTIVES': {}}"),
        third_csp(CONTENT_SECURITY_POLICY="{'EXCLUDE_URL_PREFIXES': ['/admin'], 'DIRECTIVES': {}}"),
        third_csp(),
    ],
    "upload_modes": put("FILE_UPLOAD_TEMP_DIR", "'/nonexistent/djsec'", "'/tmp'"),
    "proxy": put("SECURE_PROXY_SSL_HEADER", "('HTTP_X_FORWARDED_PROTO', 'https')", "None")
    + put("USE_X_FORWARDED_HOST", "True"),
    "validators": put("AUTH_PASSWORD_VALIDATORS", "[]")
    + put("PASSWORD_HASHERS", "['django.contrib.auth.hashers.MD5PasswordHasher']"),
}
_NO_SESSION_APP = {"set": {"INSTALLED_APPS": lines([a for a in APPS if a != "django.contrib.sessions"])}}
_NO_SESSION_MIDDLEWARE = {"tail": [f"MIDDLEWARE.remove({SESSIONS!r})"]}
# Changes that mean something only together: each line is one case.
COMBINATIONS = [
    [place, {"set": {name: value}}]
    for place in (_NO_SESSION_APP, _NO_SESSION_MIDDLEWARE)
    for name in ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
    for value in ("True", "False", "None")
] + [
    [_NO_SESSION_APP, _NO_SESSION_MIDDLEWARE, {"set": {"SESSION_COOKIE_SECURE": "False", "SESSION_COOKIE_HTTPONLY": "False"}}],
    *(
        [{"tail": [f"MIDDLEWARE.remove({SECURITY!r})"]}, {"set": {name: value}}]
        for name, value in [
            ("SECURE_HSTS_SECONDS", "0"), ("SECURE_SSL_REDIRECT", "False"), ("SECURE_CONTENT_TYPE_NOSNIFF", "False"),
            ("SECURE_REFERRER_POLICY", "None"), ("SECURE_REFERRER_POLICY", "'bogus'"),
            ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "'bogus'"), ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "False"),
        ]
    ),
    *(
        [{"set": {"SECURE_HSTS_SECONDS": seconds, "SECURE_HSTS_INCLUDE_SUBDOMAINS": "False", "SECURE_HSTS_PRELOAD": "False"}}]
        for seconds in ("0", "None", "1", "'0'")
    ),
    [{"tail": [f"MIDDLEWARE.remove({XFRAME!r})"]}, {"set": {"X_FRAME_OPTIONS": "'SAMEORIGIN'"}}],
    [{"tail": [f"MIDDLEWARE.remove({CSRF!r})"]}, {"set": {"CSRF_COOKIE_SECURE": "False"}}],
    *(
        [{"set": {"CSRF_USE_SESSIONS": sessions, "CSRF_COOKIE_SECURE": "False"}}]
        for sessions in ("True", "False", "1", "'no'", "''")
    ),
    *(
        [{"set": {"SECRET_KEY": key, "SECRET_KEY_FALLBACKS": fallbacks}}]
        for key in (repr(STRONG), "'short'", "''")
        for fallbacks in (f"[{STRONG_2!r}]", "['short', 'shorter']")
    ),
    [{"set": {"DEBUG": "True", "ALLOWED_HOSTS": "[]"}}],
    [{"set": {"DEBUG": "True"}, "drop": ["SECRET_KEY", "ALLOWED_HOSTS"]}],
]
# Groups that replace the same lists cannot stand in one mixture.
EXCLUSIVE = [
    {"cors", "axes", "third_csp", "admin", "apps"},
    {"cors", "axes", "third_csp", "middleware_order"},
    {"cors", "axes", "third_csp", "admin", "security_middleware"},
    {"cors", "axes", "third_csp", "csrf_middleware"},
    {"cors", "axes", "third_csp", "xframe_middleware"},
    {"cors", "axes", "third_csp", "admin", "session_middleware"},
    {"cors", "axes", "third_csp", "admin", "auth_middleware"},
    {"csp", "admin"},
    {"csp", "middleware_order"},
    {"security_middleware", "middleware_order"},
    {"csrf_middleware", "middleware_order"},
    {"xframe_middleware", "middleware_order"},
    {"session_middleware", "middleware_order"},
    {"auth_middleware", "middleware_order"},
    {"security_middleware", "csrf_middleware", "xframe_middleware", "session_middleware", "auth_middleware"},
]


def source(changes):
    settings = dict(BASE)
    head, end = [], []
    for change in changes:
        settings.update(change.get("set", {}))
        for name in change.get("drop", []):
            settings.pop(name, None)
        head += change.get("head", [])
        end += change.get("tail", [])
    body = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join([*head, *body, *end]) + "\n"


def compatible(groups):
    return not any(len(exclusive & set(groups)) > 1 for exclusive in EXCLUSIVE)


def mixtures(rng):
    while True:
        groups = rng.sample(sorted(GROUPS), rng.choice([2, 3, 4, 5, 6, 8, 10]))
        if compatible(groups):
            yield [rng.choice(GROUPS[group]) for group in groups]


def cases():
    yield []
    for changes in GROUPS.values():
        yield from ([change] for change in changes)
    yield from COMBINATIONS
    yield from mixtures(random.Random(SEED))


def main():
    seen = set()
    for changes in cases():
        text = source(changes)
        if text in seen:
            continue
        seen.add(text)
        since = max((change.get("since", "") for change in changes), default="")
        case = {"id": len(seen), **({"since": since} if since else {}), "settings": text}
        print(json.dumps(case, ensure_ascii=False))
        if len(seen) == TOTAL:
            return


if __name__ == "__main__":
    sys.exit(main())
