"""Being set is what counts, whatever the value."""

import os

DEBUG = "DEBUG" in os.environ
SECURE_SSL_REDIRECT = "DEBUG" not in os.environ
SESSION_COOKIE_SECURE = os.environ.get("DEBUG") is None
CSRF_COOKIE_SECURE = os.getenv("DEBUG") is not None
if "SENTRY_DSN" in os.environ:
    SENTRY_DSN = os.environ["SENTRY_DSN"]
    SENTRY_ON = True
