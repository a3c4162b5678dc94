"""Compared with several spellings."""

import os

TRUE = {"1", "true", "yes", "on"}
DEBUG = os.environ.get("DEBUG", "").lower() in ("true", "1", "t")
SECURE_SSL_REDIRECT = os.environ.get("DEBUG", "yes").casefold() in TRUE
SESSION_COOKIE_SECURE = os.environ.get("DEBUG", "on").lower() not in ["false", "0", "no", "off"]
CSRF_COOKIE_SECURE = os.environ.get("DEBUG") not in (None, "", "0")
