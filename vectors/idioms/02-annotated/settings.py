"""Annotated assignments count as assignments; a bare annotation sets nothing."""

from typing import Any, Final

DEBUG: bool = False
SECURE_SSL_REDIRECT: Final[bool] = True
ALLOWED_HOSTS: list[str] = ["shop.example"]
DATABASES: "dict[str, dict[str, Any]]" = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
SESSION_COOKIE_SECURE: bool
SECURE_HSTS_SECONDS: Final = 3600
