"""Compared with one spelling."""

import os

DEBUG = os.environ.get("DEBUG", "false").lower() == "true"
SESSION_COOKIE_SECURE = os.environ.get("DEBUG", "True") != "False"
CSRF_COOKIE_SECURE = os.getenv("DEBUG") == "1"
SECURE_SSL_REDIRECT = os.getenv("DEBUG", "").strip().lower() == "true"
