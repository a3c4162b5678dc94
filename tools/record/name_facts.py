"""What reading the packages cannot tell about the names of settings: written by hand, each with its source.

A fact may have: since, deprecated, removed (the version from which the package no longer reads the name),
renamed_to, and note (a sentence for the user). Versions are the package's own.
Sources: Django's release notes and its recorded defaults; the packages' sources of several versions
(a name counts as removed from the first version looked at that does not read it), and their own checks.
"""

# package -> (its folder among the installed ones, the prefixes of names that are its own)
PACKAGES = {
    "Django": ("../plain-6.1/lib/python3.12/site-packages/django", [
        "DEBUG", "SITE_ID", "ROOT_URLCONF", "MESSAGE_", "GEOIP_", "GDAL_", "GEOS_", "SPATIALITE_", "POSTGIS_",
        "SERIALIZATION_MODULES", "MAILERS", "INSTALLED_APPS", "EMAIL_PROVIDERS",
    ]),
    "django-cors-headers": ("django-cors-headers", ["CORS_"]),
    "django-csp": ("django-csp", ["CONTENT_SECURITY_POLICY"]),
    "django-axes": ("django-axes", ["AXES_"]),
    "djangorestframework": ("djangorestframework", ["REST_FRAMEWORK"]),
    "djangorestframework-simplejwt": ("djangorestframework-simplejwt", ["SIMPLE_JWT"]),
    "djangorestframework-jwt": ("djangorestframework-jwt", ["JWT_AUTH"]),
    "django-rest-knox": ("django-rest-knox", ["REST_KNOX"]),
    "dj-rest-auth": ("dj-rest-auth", ["REST_AUTH", "REST_USE_JWT", "REST_SESSION_LOGIN", "JWT_AUTH_"]),
    "djoser": ("djoser", ["DJOSER"]),
    "django-allauth": ("django-allauth", [
        "ACCOUNT_", "SOCIALACCOUNT_", "ALLAUTH_", "MFA_", "HEADLESS_", "USERSESSIONS_", "IDP_OIDC_",
    ]),
    "django-otp": ("django-otp", ["OTP_"]),
    "django-two-factor-auth": ("django-two-factor-auth", ["TWO_FACTOR_", "TWILIO_", "PHONENUMBER_"]),
    "django-trench": ("django-trench", ["TRENCH_AUTH"]),
    "django-mfa2": ("django-mfa2", ["MFA_", "FIDO_", "U2F_", "TOKEN_ISSUER_NAME"]),
    "django-passkeys": ("django-passkeys", ["FIDO_", "KEY_ATTACHMENT"]),
    "django-constance": ("django-constance", ["CONSTANCE_"]),
    "django-extra-settings": ("django-extra-settings", ["EXTRA_SETTINGS_"]),
    "django-dynamic-preferences": ("django-dynamic-preferences", ["DYNAMIC_PREFERENCES"]),
    "django-storages": ("django-storages", [
        "AWS_", "AZURE_", "GS_", "DROPBOX_", "SFTP_STORAGE_", "LIBCLOUD_", "FTP_STORAGE_", "OCI_",
    ]),
    "django-debug-toolbar": ("django-debug-toolbar", ["DEBUG_TOOLBAR_"]),
    "django-silk": ("django-silk", ["SILKY_"]),
    "django-extensions": ("django-extensions", [
        "SHELL_PLUS", "GRAPH_MODELS", "RUNSERVERPLUS_", "RUNSERVER_PLUS_", "NOTEBOOK_ARGUMENTS", "IPYTHON_ARGUMENTS",
    ]),
    "sentry-sdk": ("sentry-sdk", ["SENTRY_"]),
    "celery": ("celery", ["CELERY_", "CELERYD_", "CELERYBEAT_", "BROKER_"]),
    "django-celery-beat": ("django-celery-beat", ["DJANGO_CELERY_BEAT_"]),
    "django-celery-results": ("django-celery-results", ["DJANGO_CELERY_RESULTS"]),
    "whitenoise": ("whitenoise", ["WHITENOISE_"]),
    "django-compressor": ("django-compressor", ["COMPRESS_"]),
    "django-pipeline": ("django-pipeline", ["PIPELINE"]),
    "django-crispy-forms": ("django-crispy-forms", ["CRISPY_"]),
    "django-haystack": ("django-haystack", ["HAYSTACK_"]),
    "channels": ("channels", ["CHANNEL_LAYERS", "ASGI_"]),
    "django-ratelimit": ("django-ratelimit", ["RATELIMIT_"]),
    "django-defender": ("django-defender", ["DEFENDER_"]),
    "django-oauth-toolkit": ("django-oauth-toolkit", ["OAUTH2_PROVIDER"]),
    "django-oidc-provider": ("django-oidc-provider", ["OIDC_", "SITE_URL"]),
    "mozilla-django-oidc": ("mozilla-django-oidc", ["OIDC_", "ALLOW_LOGOUT_GET_METHOD"]),
    "djangosaml2": ("djangosaml2", ["SAML_"]),
    "django-auth-ldap": ("django-auth-ldap", ["AUTH_LDAP_"]),
    "social-auth-app-django": ("social-auth-app-django", ["SOCIAL_AUTH_"]),
    "social-auth-core": ("social-auth-core", ["SOCIAL_AUTH_"]),
    "django-filter": ("django-filter", ["FILTERS_"]),
    "drf-spectacular": ("drf-spectacular", ["SPECTACULAR_"]),
    "drf-yasg": ("drf-yasg", ["SWAGGER_", "REDOC_"]),
    "django-ninja": ("django-ninja", ["NINJA_"]),
    "graphene-django": ("graphene-django", ["GRAPHENE"]),
    "django-graphql-jwt": ("django-graphql-jwt", ["GRAPHQL_JWT"]),
    "strawberry-graphql-django": ("strawberry-graphql-django", ["STRAWBERRY_DJANGO"]),
    "django-waffle": ("django-waffle", ["WAFFLE_"]),
    "django-guardian": ("django-guardian", ["GUARDIAN_", "ANONYMOUS_USER_NAME"]),
    "django-import-export": ("django-import-export", ["IMPORT_EXPORT_", "IMPORT_FORMATS", "EXPORT_FORMATS"]),
    "django-webpack-loader": ("django-webpack-loader", ["WEBPACK_LOADER"]),
    "django-vite": ("django-vite", ["DJANGO_VITE"]),
    "django-anymail": ("django-anymail", [
        "ANYMAIL", "MAILGUN_", "MANDRILL_", "POSTMARK_", "SENDGRID_", "SPARKPOST_", "MAILJET_", "SENDINBLUE_", "BREVO_",
    ]),
    "django-ses": ("django-ses", ["AWS_SES_", "USE_SES_"]),
    "django-post-office": ("django-post-office", ["POST_OFFICE"]),
    "django-health-check": ("django-health-check", ["HEALTH_CHECK", "HEALTHCHECK_"]),
    "easy-thumbnails": ("easy-thumbnails", ["THUMBNAIL_"]),
    "sorl-thumbnail": ("sorl-thumbnail", ["THUMBNAIL_"]),
    "django-imagekit": ("django-imagekit", ["IMAGEKIT_"]),
    "django-ckeditor": ("django-ckeditor", ["CKEDITOR_"]),
    "django-ckeditor-5": ("django-ckeditor-5", ["CKEDITOR_5_"]),
    "django-tinymce": ("django-tinymce", ["TINYMCE_"]),
    "django-summernote": ("django-summernote", ["SUMMERNOTE_"]),
    "wagtail": ("wagtail", ["WAGTAIL_", "WAGTAILADMIN_", "WAGTAILIMAGES_", "WAGTAILDOCS_", "WAGTAILSEARCH_",
                            "WAGTAILEMBEDS_", "WAGTAILAPI_", "WAGTAILFRONTENDCACHE", "WAGTAILFORMS_", "WAGTAILUSERS_"]),
    "django-cms": ("django-cms", ["CMS_"]),
    "django-filer": ("django-filer", ["FILER_"]),
    "django-taggit": ("django-taggit", ["TAGGIT_"]),
    "django-hijack": ("django-hijack", ["HIJACK_"]),
    "django-impersonate": ("django-impersonate", ["IMPERSONATE"]),
    "django-loginas": ("django-loginas", ["LOGINAS_", "CAN_LOGIN_AS"]),
    "django-permissions-policy": ("django-permissions-policy", ["PERMISSIONS_POLICY"]),
    "django-feature-policy": ("django-feature-policy", ["FEATURE_POLICY", "PERMISSIONS_POLICY"]),
    "django-referrer-policy": ("django-referrer-policy", ["REFERRER_POLICY"]),
    "django-cookies-samesite": ("django-cookies-samesite", ["SESSION_COOKIE_SAMESITE_", "DCS_"]),
    "django-secure": ("django-secure", ["SECURE_"]),
    "django-sslify": ("django-sslify", ["SSLIFY_"]),
    "django-session-timeout": ("django-session-timeout", ["SESSION_EXPIRE_", "SESSION_TIMEOUT_"]),
    "django-user-sessions": ("django-user-sessions", ["SESSION_"]),
    "django-lockdown": ("django-lockdown", ["LOCKDOWN_"]),
    "django-honeypot": ("django-honeypot", ["HONEYPOT_"]),
    "django-recaptcha": ("django-recaptcha", ["RECAPTCHA_"]),
    "django-simple-captcha": ("django-simple-captcha", ["CAPTCHA_"]),
    "django-maintenance-mode": ("django-maintenance-mode", ["MAINTENANCE_MODE"]),
    "django-cookie-consent": ("django-cookie-consent", ["COOKIE_CONSENT_"]),
    "django-redis": ("django-redis", ["DJANGO_REDIS_"]),
    "django-cacheops": ("django-cacheops", ["CACHEOPS"]),
    "django-cachalot": ("django-cachalot", ["CACHALOT_"]),
    "django-q2": ("django-q2", ["Q_CLUSTER"]),
    "django-rq": ("django-rq", ["RQ_", "RQ"]),
    "django-dbbackup": ("django-dbbackup", ["DBBACKUP_"]),
    "django-sendfile2": ("django-sendfile2", ["SENDFILE_"]),
    "django-private-storage": ("django-private-storage", ["PRIVATE_STORAGE_"]),
    "django-prometheus": ("django-prometheus", ["PROMETHEUS_"]),
    "django-auditlog": ("django-auditlog", ["AUDITLOG_"]),
    "django-simple-history": ("django-simple-history", ["SIMPLE_HISTORY_"]),
    "django-structlog": ("django-structlog", ["DJANGO_STRUCTLOG_"]),
    "django-guid": ("django-guid", ["DJANGO_GUID"]),
    "django-request-logging": ("django-request-logging", ["REQUEST_LOGGING_"]),
    "django-encrypted-model-fields": ("django-encrypted-model-fields", ["FIELD_ENCRYPTION_"]),
    "django-cryptography": ("django-cryptography", ["CRYPTOGRAPHY_"]),
    "django-fernet-fields": ("django-fernet-fields", ["FERNET_"]),
    "pwned-passwords-django": ("pwned-passwords-django", ["PWNED_PASSWORDS"]),
    "django-xff": ("django-xff", ["XFF_"]),
    "django-ipware": ("django-ipware", ["IPWARE_"]),
    "django-tenants": ("django-tenants", ["TENANT_", "SHARED_APPS", "PUBLIC_SCHEMA_"]),
    "django-invitations": ("django-invitations", ["INVITATIONS_"]),
    "django-registration": ("django-registration", ["REGISTRATION_", "ACCOUNT_ACTIVATION_DAYS"]),
    "django-registration-redux": ("django-registration-redux", ["REGISTRATION_", "ACCOUNT_ACTIVATION_DAYS"]),
    "dj-stripe": ("dj-stripe", ["DJSTRIPE_", "STRIPE_"]),
    "django-push-notifications": ("django-push-notifications", ["PUSH_NOTIFICATIONS_"]),
    "django-webpush": ("django-webpush", ["WEBPUSH_"]),
    "django-jazzmin": ("django-jazzmin", ["JAZZMIN_"]),
    "django-unfold": ("django-unfold", ["UNFOLD"]),
    "django-grappelli": ("django-grappelli", ["GRAPPELLI_"]),
    "django-phonenumber-field": ("django-phonenumber-field", ["PHONENUMBER_"]),
    "django-modeltranslation": ("django-modeltranslation", ["MODELTRANSLATION_"]),
    "django-parler": ("django-parler", ["PARLER_"]),
    "django-rosetta": ("django-rosetta", ["ROSETTA_"]),
    "django-robots": ("django-robots", ["ROBOTS_"]),
    "django-avatar": ("django-avatar", ["AVATAR_"]),
    "django-comments-xtd": ("django-comments-xtd", ["COMMENTS_"]),
    "django-oscar": ("django-oscar", ["OSCAR_"]),
    "django-activity-stream": ("django-activity-stream", ["ACTSTREAM_"]),
    "django-elasticsearch-dsl": ("django-elasticsearch-dsl", ["ELASTICSEARCH_DSL"]),
    "django-leaflet": ("django-leaflet", ["LEAFLET_CONFIG"]),
    "django-select2": ("django-select2", ["SELECT2_"]),
    "django-tables2": ("django-tables2", ["DJANGO_TABLES2_"]),
    "django-bootstrap5": ("django-bootstrap5", ["BOOTSTRAP5"]),
    "django-countries": ("django-countries", ["COUNTRIES_"]),
    "django-reversion": ("django-reversion", ["REVERSION_"]),
    "django-apscheduler": ("django-apscheduler", ["APSCHEDULER_"]),
    "django-cron": ("django-cron", ["DJANGO_CRON_", "CRON_CLASSES"]),
    "django-crontab": ("django-crontab", ["CRONJOBS", "CRONTAB_"]),
    "django-log-request-id": ("django-log-request-id", ["LOG_REQUEST_", "REQUEST_ID_", "GENERATE_REQUEST_ID"]),
    "django-cid": ("django-cid", ["CID_"]),
    "django-money": ("django-money", ["CURRENCIES", "DEFAULT_CURRENCY", "CURRENCY_"]),
    "django-treebeard": ("django-treebeard", ["TREEBEARD_"]),
    "fcm-django": ("fcm-django", ["FCM_DJANGO_"]),
    "django-notifications-hq": ("django-notifications-hq", ["DJANGO_NOTIFICATIONS_"]),
}

# Prefixes under which a package reads names that nobody can list: it makes them up at run time,
# or the project chooses them. A name under one of them is never a typing mistake.
OPEN_FAMILIES = {
    "AUTH_LDAP_": "django-auth-ldap",
    "CELERY_": "celery",
    "SOCIAL_AUTH_": "social-auth-app-django",
    "CONSTANCE_": "django-constance",
    "FILTERS_": "django-filter",
    "WAFFLE_": "django-waffle",
    "WAGTAIL": "wagtail",
    "SESSION_COOKIE_SAMESITE_": "django-cookies-samesite",
}

NOT_SETTINGS = {"SETTINGS_MODULE", "DJANGO_SETTINGS_MODULE", "DEFAULTS", "IMPORT_STRINGS", "REMOVED_SETTINGS"}

_TEMPLATES = {"removed": "1.10", "renamed_to": "TEMPLATES"}
_DATABASE = {"removed": "1.4", "renamed_to": "DATABASES"}
_MAILERS = {
    "deprecated": "6.1", "renamed_to": "MAILERS",
    "note": "Django 6.1 refuses to start when MAILERS is set as well; gone in Django 2028.",
}
_CSP = {"removed": "4.0", "renamed_to": "CONTENT_SECURITY_POLICY", "note": "django-csp 4 reads one dictionary instead."}
_AXES_LOCKOUT = {"deprecated": "6.0", "renamed_to": "AXES_LOCKOUT_PARAMETERS"}
_ACCOUNT_FIELDS = {"deprecated": "65.5", "renamed_to": "ACCOUNT_SIGNUP_FIELDS"}

FACTS = {
    "Django": {
        "MIDDLEWARE_CLASSES": {
            "removed": "2.0", "renamed_to": "MIDDLEWARE", "note": "None of the middleware in this list runs.",
        },
        "TEMPLATE_DIRS": _TEMPLATES,
        "TEMPLATE_LOADERS": _TEMPLATES,
        "TEMPLATE_CONTEXT_PROCESSORS": _TEMPLATES,
        "TEMPLATE_DEBUG": _TEMPLATES,
        "TEMPLATE_STRING_IF_INVALID": _TEMPLATES,
        "ALLOWED_INCLUDE_ROOTS": {"removed": "1.10", "note": "The ssi template tag it guarded is gone."},
        "DATABASE_ENGINE": _DATABASE,
        "DATABASE_NAME": _DATABASE,
        "DATABASE_USER": _DATABASE,
        "DATABASE_PASSWORD": _DATABASE,
        "DATABASE_HOST": _DATABASE,
        "DATABASE_PORT": _DATABASE,
        "DATABASE_OPTIONS": _DATABASE,
        "CACHE_BACKEND": {"removed": "1.5", "renamed_to": "CACHES"},
        "CACHE_MIDDLEWARE_ANONYMOUS_ONLY": {
            "removed": "1.8", "note": "Cached pages are no longer limited to anonymous visitors by this setting.",
        },
        "ADMIN_MEDIA_PREFIX": {"removed": "1.5", "renamed_to": "STATIC_URL"},
        "AUTH_PROFILE_MODULE": {"removed": "1.7"},
        "SEND_BROKEN_LINK_EMAILS": {
            "removed": "1.8", "note": "Add django.middleware.common.BrokenLinkEmailsMiddleware to MIDDLEWARE instead.",
        },
        "TRANSACTIONS_MANAGED": {"removed": "1.8"},
        "USE_ETAGS": {"removed": "2.1", "note": "Add django.middleware.http.ConditionalGetMiddleware to MIDDLEWARE instead."},
        "DEFAULT_CONTENT_TYPE": {"removed": "3.0"},
        "FILE_CHARSET": {"removed": "3.1"},
        "PASSWORD_RESET_TIMEOUT_DAYS": {
            "deprecated": "3.1", "removed": "4.0", "renamed_to": "PASSWORD_RESET_TIMEOUT",
            "note": "PASSWORD_RESET_TIMEOUT is in seconds; reset links live its default of three days.",
        },
        "DEFAULT_HASHING_ALGORITHM": {"since": "3.1", "deprecated": "3.1", "removed": "4.0", "note": "SHA-256 is always used."},
        "SECURE_BROWSER_XSS_FILTER": {
            "since": "1.8", "removed": "4.0",
            "note": "Django no longer sends X-XSS-Protection, which browsers ignore; a Content-Security-Policy takes its place.",
        },
        "CSRF_COOKIE_MASKED": {"since": "4.1", "deprecated": "4.1", "removed": "5.0"},
        "USE_L10N": {"deprecated": "4.0", "removed": "5.0", "note": "Localisation is always on."},
        "USE_DEPRECATED_PYTZ": {"since": "4.0", "deprecated": "4.0", "removed": "5.0"},
        "DEFAULT_FILE_STORAGE": {"deprecated": "4.2", "removed": "5.1", "renamed_to": "STORAGES"},
        "STATICFILES_STORAGE": {"deprecated": "4.2", "removed": "5.1", "renamed_to": "STORAGES"},
        "FORMS_URLFIELD_ASSUME_HTTPS": {"since": "5.0", "deprecated": "5.0", "removed": "6.0", "note": "https is always assumed."},
        "SIGNED_COOKIE_LEGACY_SALT_FALLBACK": {
            "since": "5.2", "deprecated": "6.1", "note": "Read by 5.2.15, 6.0.6, 6.1 and later; gone in Django 2028.",
        },
        "USE_BLANK_CHOICE_DASH": {"since": "6.1", "deprecated": "6.1"},
        "MAILERS": {"since": "6.1"},
        "EMAIL_BACKEND": _MAILERS, "EMAIL_FILE_PATH": _MAILERS, "EMAIL_HOST": _MAILERS, "EMAIL_HOST_PASSWORD": _MAILERS,
        "EMAIL_HOST_USER": _MAILERS, "EMAIL_PORT": _MAILERS, "EMAIL_SSL_CERTFILE": _MAILERS, "EMAIL_SSL_KEYFILE": _MAILERS,
        "EMAIL_TIMEOUT": _MAILERS, "EMAIL_USE_SSL": _MAILERS, "EMAIL_USE_TLS": _MAILERS,
        "DATA_UPLOAD_MAX_NUMBER_FILES": {"since": "3.2", "note": "Read by 3.2.18, 4.0.10, 4.1.7 and later."},
        "SECURE_REFERRER_POLICY": {"since": "3.0"},
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": {"since": "4.0"},
        "SESSION_COOKIE_SAMESITE": {"since": "2.1"},
        "CSRF_COOKIE_SAMESITE": {"since": "2.1"},
        "LANGUAGE_COOKIE_HTTPONLY": {"since": "3.0"},
        "LANGUAGE_COOKIE_SAMESITE": {"since": "3.0"},
        "LANGUAGE_COOKIE_SECURE": {"since": "3.0"},
        "PASSWORD_RESET_TIMEOUT": {"since": "3.1"},
        "CSRF_USE_SESSIONS": {"since": "1.11"},
        "SECURE_HSTS_PRELOAD": {"since": "1.11"},
        "ROOT_URLCONF": {}, "SITE_ID": {}, "MESSAGE_LEVEL": {}, "MESSAGE_TAGS": {}, "SERIALIZATION_MODULES": {},
    },
    "django-cors-headers": {
        "CORS_ALLOW_ALL_ORIGINS": {"since": "3.5"},
        "CORS_ALLOWED_ORIGINS": {"since": "3.5"},
        "CORS_ALLOWED_ORIGIN_REGEXES": {"since": "3.5"},
        "CORS_ALLOW_PRIVATE_NETWORK": {"since": "4.0"},
        "CORS_ORIGIN_ALLOW_ALL": {
            "deprecated": "3.5", "renamed_to": "CORS_ALLOW_ALL_ORIGINS", "note": "Still read when the new name is not set.",
        },
        "CORS_ORIGIN_WHITELIST": {
            "deprecated": "3.5", "renamed_to": "CORS_ALLOWED_ORIGINS", "note": "Still read when the new name is not set.",
        },
        "CORS_ORIGIN_REGEX_WHITELIST": {
            "deprecated": "3.5", "renamed_to": "CORS_ALLOWED_ORIGIN_REGEXES",
            "note": "Still read when the new name is not set.",
        },
        "CORS_MODEL": {"removed": "3.0"},
        "CORS_REPLACE_HTTPS_REFERER": {"removed": "4.0", "renamed_to": "CSRF_TRUSTED_ORIGINS"},
    },
    "django-csp": {
        "CONTENT_SECURITY_POLICY": {"since": "4.0"},
        "CONTENT_SECURITY_POLICY_REPORT_ONLY": {"since": "4.0"},
        **{
            f"CSP_{name}": _CSP
            for name in (
                "BASE_URI BLOCK_ALL_MIXED_CONTENT CHILD_SRC CONNECT_SRC DEFAULT_SRC EXCLUDE_URL_PREFIXES FONT_SRC FORM_ACTION"
                " FRAME_ANCESTORS FRAME_SRC IMG_SRC INCLUDE_NONCE_IN MANIFEST_SRC MEDIA_SRC NAVIGATE_TO OBJECT_SRC PLUGIN_TYPES"
                " PREFETCH_SRC REPORT_ONLY REPORT_PERCENTAGE REPORT_TO REPORT_URI REQUIRE_SRI_FOR REQUIRE_TRUSTED_TYPES_FOR"
                " SANDBOX SCRIPT_SRC SCRIPT_SRC_ATTR SCRIPT_SRC_ELEM STYLE_SRC STYLE_SRC_ATTR STYLE_SRC_ELEM TRUSTED_TYPES"
                " UPGRADE_INSECURE_REQUESTS WORKER_SRC"
            ).split()
        },
    },
    "django-axes": {
        "AXES_LOGGER": {"removed": "5.12"},
        "AXES_DISABLE_SUCCESS_ACCESS_LOG": {"removed": "5.12", "renamed_to": "AXES_DISABLE_ACCESS_LOG"},
        "AXES_BEHIND_REVERSE_PROXY": {"removed": "4.5", "renamed_to": "AXES_IPWARE_PROXY_COUNT"},
        "AXES_NUM_PROXIES": {"removed": "4.5", "renamed_to": "AXES_IPWARE_PROXY_COUNT"},
        "AXES_REVERSE_PROXY_HEADER": {"removed": "4.5", "renamed_to": "AXES_IPWARE_META_PRECEDENCE_ORDER"},
        "AXES_PROXY_ORDER": {"deprecated": "6.0", "renamed_to": "AXES_IPWARE_PROXY_ORDER"},
        "AXES_PROXY_COUNT": {"deprecated": "6.0", "renamed_to": "AXES_IPWARE_PROXY_COUNT"},
        "AXES_PROXY_TRUSTED_IPS": {"deprecated": "6.0", "renamed_to": "AXES_IPWARE_PROXY_TRUSTED_IPS"},
        "AXES_META_PRECEDENCE_ORDER": {"deprecated": "6.0", "renamed_to": "AXES_IPWARE_META_PRECEDENCE_ORDER"},
        "AXES_ONLY_USER_FAILURES": _AXES_LOCKOUT,
        "AXES_USE_USER_AGENT": _AXES_LOCKOUT,
        "AXES_LOCK_OUT_BY_USER_OR_IP": _AXES_LOCKOUT,
        "AXES_LOCK_OUT_BY_COMBINATION_USER_AND_IP": _AXES_LOCKOUT,
        "AXES_LOCKOUT_PARAMETERS": {"since": "6.0"},
        "AXES_IPWARE_PROXY_COUNT": {"since": "6.0"},
        "AXES_IPWARE_PROXY_ORDER": {"since": "6.0"},
        "AXES_IPWARE_PROXY_TRUSTED_IPS": {"since": "6.0"},
        "AXES_IPWARE_META_PRECEDENCE_ORDER": {"since": "6.0"},
        "AXES_USE_ATTEMPT_EXPIRATION": {"since": "8.1"},
    },
    "django-allauth": {
        "ACCOUNT_AUTHENTICATION_METHOD": {"deprecated": "65.4", "renamed_to": "ACCOUNT_LOGIN_METHODS"},
        "ACCOUNT_EMAIL_REQUIRED": _ACCOUNT_FIELDS,
        "ACCOUNT_USERNAME_REQUIRED": _ACCOUNT_FIELDS,
        "ACCOUNT_SIGNUP_EMAIL_ENTER_TWICE": _ACCOUNT_FIELDS,
        "ACCOUNT_SIGNUP_PASSWORD_ENTER_TWICE": _ACCOUNT_FIELDS,
        "ACCOUNT_LOGIN_ATTEMPTS_LIMIT": {"renamed_to": "ACCOUNT_RATE_LIMITS"},
        "ACCOUNT_LOGIN_ATTEMPTS_TIMEOUT": {"renamed_to": "ACCOUNT_RATE_LIMITS"},
    },
    "djangorestframework": {"REST_FRAMEWORK": {}},
    "djangorestframework-simplejwt": {"SIMPLE_JWT": {}},
    "djangorestframework-jwt": {"JWT_AUTH": {}},
    "django-rest-knox": {"REST_KNOX": {}},
    "dj-rest-auth": {
        "REST_AUTH": {"since": "3.0"},
        **{
            name: {"removed": "3.0", "renamed_to": "REST_AUTH", "note": "dj-rest-auth 3 reads one dictionary instead."}
            for name in (
                "REST_USE_JWT REST_SESSION_LOGIN REST_AUTH_SERIALIZERS REST_AUTH_REGISTER_SERIALIZERS"
                " REST_AUTH_REGISTER_PERMISSION_CLASSES REST_AUTH_TOKEN_CREATOR REST_AUTH_TOKEN_MODEL"
                " REST_AUTH_PW_RESET_USE_SITES_DOMAIN JWT_AUTH_COOKIE JWT_AUTH_COOKIE_ENFORCE_CSRF_ON_UNAUTHENTICATED"
                " JWT_AUTH_COOKIE_USE_CSRF JWT_AUTH_HTTPONLY JWT_AUTH_REFRESH_COOKIE JWT_AUTH_REFRESH_COOKIE_PATH"
                " JWT_AUTH_RETURN_EXPIRATION JWT_AUTH_SAMESITE JWT_AUTH_SECURE"
            ).split()
        },
    },
    "djoser": {"DJOSER": {}},
    "django-waffle": {
        f"WAFFLE_{name}": {}
        for name in (
            "COOKIE TEST_COOKIE SECURE MAX_AGE CACHE_PREFIX CACHE_NAME FLAG_DEFAULT SAMPLE_DEFAULT SWITCH_DEFAULT"
            " READ_FROM_WRITE_DB CREATE_MISSING_FLAGS CREATE_MISSING_SAMPLES CREATE_MISSING_SWITCHES OVERRIDE"
            " ENABLE_ADMIN_PAGES"
        ).split()
    },
    "celery": {
        "CELERY_ACCEPT_CONTENT": {}, "CELERY_TASK_SERIALIZER": {}, "CELERY_RESULT_SERIALIZER": {}, "CELERY_BROKER_URL": {},
        "CELERY_RESULT_BACKEND": {}, "CELERY_BROKER_USE_SSL": {}, "CELERY_REDIS_BACKEND_USE_SSL": {},
        "CELERY_TASK_ALWAYS_EAGER": {}, "CELERY_EVENT_SERIALIZER": {}, "CELERY_SECURITY_KEY": {},
        "CELERY_SECURITY_CERTIFICATE": {}, "CELERY_SECURITY_CERT_STORE": {},
    },
    "sentry-sdk": {"SENTRY_DSN": {"note": "Only the project itself reads it: the SDK takes it as an argument of init()."}},
    "django-secure": {"SECURE_FRAME_DENY": {"note": "Only the abandoned django-secure reads it; Django has X_FRAME_OPTIONS."}},
    "channels": {"CHANNEL_LAYERS": {}, "ASGI_APPLICATION": {}},
    "django-webpack-loader": {"WEBPACK_LOADER": {}},
    "django-oauth-toolkit": {"OAUTH2_PROVIDER": {}, "OAUTH2_PROVIDER_APPLICATION_MODEL": {}},
    "drf-spectacular": {"SPECTACULAR_SETTINGS": {}},
    "django-ratelimit": {"RATELIMIT_ENABLE": {}, "RATELIMIT_FAIL_OPEN": {}, "RATELIMIT_USE_CACHE": {}},
    "django-hijack": {"HIJACK_PERMISSION_CHECK": {}, "HIJACK_INSERT_BEFORE": {}},
    "django-permissions-policy": {"PERMISSIONS_POLICY": {}},
    "graphene-django": {"GRAPHENE": {}},
    "django-cookies-samesite": {"SESSION_COOKIE_SAMESITE_FORCE_ALL": {}, "SESSION_COOKIE_SAMESITE_KEYS": {}},
}

# Names that guides show and that no package known to us reads.
INVENTED = {
    "LOGIN_RATE_LIMIT": "rate limits come from a package such as django-axes or from the server",
    "LOGIN_ATTEMPTS_LIMIT": "lock-outs come from a package such as django-axes",
    "MAX_LOGIN_ATTEMPTS": "lock-outs come from a package such as django-axes",
    "LOGIN_FAILURE_LIMIT": "lock-outs come from a package such as django-axes",
    "RATE_LIMIT": "rate limits come from a package such as django-ratelimit",
    "PASSWORD_MIN_LENGTH": "set AUTH_PASSWORD_VALIDATORS",
    "MIN_PASSWORD_LENGTH": "set AUTH_PASSWORD_VALIDATORS",
    "PASSWORD_VALIDATORS": "set AUTH_PASSWORD_VALIDATORS",
    "PASSWORD_EXPIRY_DAYS": "Django does not expire passwords",
    "SECURE_XSS_FILTER": "browsers no longer have such a filter; send a Content-Security-Policy",
    "SECURE_XSS_PROTECTION": "browsers no longer have such a filter; send a Content-Security-Policy",
    "SECURE_CONTENT_SECURITY_POLICY": "set SECURE_CSP (Django 6.0) or CONTENT_SECURITY_POLICY (django-csp 4)",
    "SECURE_CSP_POLICY": "set SECURE_CSP (Django 6.0)",
    "SECURE_PERMISSIONS_POLICY": "django-permissions-policy reads PERMISSIONS_POLICY",
    "SECURE_FEATURE_POLICY": "django-permissions-policy reads PERMISSIONS_POLICY",
    "SECURE_CROSS_ORIGIN_EMBEDDER_POLICY": "Django does not send Cross-Origin-Embedder-Policy",
    "SECURE_CROSS_ORIGIN_RESOURCE_POLICY": "Django does not send Cross-Origin-Resource-Policy",
    "SECURE_X_FRAME_OPTIONS": "set X_FRAME_OPTIONS",
    "SECURE_COOKIES": "set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE",
    "SECURE_HTTPS": "set SECURE_SSL_REDIRECT",
    "FORCE_HTTPS": "set SECURE_SSL_REDIRECT",
    "FORCE_SSL": "set SECURE_SSL_REDIRECT",
    "HTTPS_ONLY": "set SECURE_SSL_REDIRECT",
    "SSL_REDIRECT": "set SECURE_SSL_REDIRECT",
    "HSTS_SECONDS": "set SECURE_HSTS_SECONDS",
    "HSTS_PRELOAD": "set SECURE_HSTS_PRELOAD",
    "CSRF_ENABLED": "CsrfViewMiddleware in MIDDLEWARE turns the protection on",
    "CSRF_PROTECTION": "CsrfViewMiddleware in MIDDLEWARE turns the protection on",
    "SESSION_TIMEOUT": "set SESSION_COOKIE_AGE",
    "SESSION_COOKIE_TIMEOUT": "set SESSION_COOKIE_AGE",
    "SESSION_COOKIE_EXPIRE": "set SESSION_COOKIE_AGE",
    "COOKIE_SECURE": "set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE",
    "COOKIE_HTTPONLY": "set SESSION_COOKIE_HTTPONLY",
    "CORS_ALLOW_ORIGINS": "set CORS_ALLOWED_ORIGINS",
    "CORS_ALLOWED_HOSTS": "set CORS_ALLOWED_ORIGINS",
    "MAX_UPLOAD_SIZE": "set DATA_UPLOAD_MAX_MEMORY_SIZE, or check sizes in the form",
    "FILE_UPLOAD_MAX_SIZE": "set DATA_UPLOAD_MAX_MEMORY_SIZE, or check sizes in the form",
    "ALLOWED_UPLOAD_EXTENSIONS": "use FileExtensionValidator on the field",
    "TWO_FACTOR_ENABLED": "second factors come from a package such as django-otp",
    "ENABLE_2FA": "second factors come from a package such as django-otp",
}

_SECURITY_PACKAGES = {
    "dj-rest-auth", "django-axes", "django-cookies-samesite", "django-cors-headers", "django-csp", "django-defender",
    "django-hijack", "django-impersonate", "django-lockdown", "django-oauth-toolkit", "django-otp",
    "django-permissions-policy", "django-ratelimit", "django-rest-knox", "django-session-timeout",
    "django-two-factor-auth", "djangorestframework", "djangorestframework-simplejwt", "djoser", "mozilla-django-oidc",
    "djangosaml2", "django-guardian", "django-encrypted-model-fields", "django-xff", "django-recaptcha",
}
_SECURITY_DJANGO = (
    "ALLOWED_HOSTS", "AUTH_", "AUTHENTICATION_BACKENDS", "CSRF_", "DATABASES", "DATA_UPLOAD_", "DEBUG",
    "DEFAULT_EXCEPTION_REPORTER", "DISALLOWED_USER_AGENTS", "EMAIL_USE_", "FILE_UPLOAD_", "INSTALLED_APPS", "INTERNAL_IPS",
    "LANGUAGE_COOKIE_", "LOGIN_", "LOGOUT_", "MAILERS", "MIDDLEWARE", "PASSWORD_", "SECRET_KEY", "SECURE_", "SESSION_",
    "SIGNED_COOKIE_", "SIGNING_BACKEND", "SILENCED_SYSTEM_CHECKS", "STORAGES", "USE_X_FORWARDED_", "X_FRAME_OPTIONS",
)
_SECURITY_OTHER = (
    "ACCOUNT_", "SOCIALACCOUNT_", "AWS_DEFAULT_ACL", "AWS_QUERYSTRING_", "AWS_S3_", "CELERY_ACCEPT_CONTENT", "CELERY_TASK_SERIALIZER",
    "CELERY_RESULT_SERIALIZER", "DEBUG_TOOLBAR_CONFIG", "GS_DEFAULT_ACL", "GS_QUERYSTRING_AUTH", "MFA_", "SILKY_AUTH",
    "SPECTACULAR_SETTINGS",
)


def is_security(name, package):
    """Whether a misspelling of the name could switch off a protection."""
    if package == "Django":
        return name.startswith(_SECURITY_DJANGO)
    return package in _SECURITY_PACKAGES or name.startswith(_SECURITY_OTHER)
