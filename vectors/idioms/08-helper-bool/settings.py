"""A project's own reader: true and 1 are true, all else is false, empty counts as unset."""

import os


def get_bool_from_env(name, default_value):
    if name in os.environ:
        value = os.environ[name]
        return value.lower() in ("true", "1")
    return default_value


def get_list(text):
    return [item.strip() for item in text.split(",") if item.strip()]


DEBUG = get_bool_from_env("DEBUG", False)
SECURE_SSL_REDIRECT = get_bool_from_env("DEBUG", True)
ALLOWED_HOSTS = get_list(os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1"))
