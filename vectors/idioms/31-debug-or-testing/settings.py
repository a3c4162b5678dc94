"""A project that reads its mode once and hangs everything on it."""

import os
import sys

IS_TESTING = "pytest" in sys.modules or "test" in sys.argv[1:2]
MODE = "test" if IS_TESTING else os.environ.get("MODE", "prod")
DEBUG = MODE == "dev"
IS_PROD = MODE not in {"dev", "test"}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PROD
SECURE_HSTS_SECONDS = 60 * 60 if IS_PROD else 0
ALLOWED_HOSTS = ["*"] if not IS_PROD else os.environ.get("HOSTS", "shop.example").split()
INSTALLED_APPS = ["shop", *(["debug_toolbar"] if DEBUG else [])]
LOGGING_LEVEL = {"dev": "DEBUG"}.get(MODE, "INFO")
if not IS_PROD and os.environ.get("STRICT"):
    SECURE_SSL_REDIRECT = True
elif IS_PROD:
    SECURE_SSL_REDIRECT = os.environ.get("SSL", "1") != "0"
