"""Settings that hang on DEBUG."""

import os

DEBUG = os.environ.get("DEBUG", "") == "1"
INSTALLED_APPS = ["shop"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]

if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE = ["debug_toolbar.middleware.DebugToolbarMiddleware"] + MIDDLEWARE
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    if os.environ.get("HSTS"):
        SECURE_HSTS_SECONDS = 3600

CSRF_COOKIE_SECURE = not DEBUG
SAME = 1 if DEBUG else 1
