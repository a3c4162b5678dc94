"""Start-up refuses insecure values."""

import os

from django.core.exceptions import ImproperlyConfigured

SECRET_KEY = os.environ.get("SECRET_KEY", "change-me")
DEBUG = os.environ.get("DEBUG", "") == "1"
if not DEBUG and SECRET_KEY == "change-me":
    raise ImproperlyConfigured("Set SECRET_KEY.")
if len(SECRET_KEY) < 9:
    raise ImproperlyConfigured("SECRET_KEY is too short.")

ALLOWED_HOSTS = os.environ.get("HOSTS", "").split()
if "*" in ALLOWED_HOSTS:
    raise ValueError("no wildcard")
assert DEBUG or ALLOWED_HOSTS, "hosts are needed"

if os.environ.get("A") and os.environ.get("B"):
    raise ImproperlyConfigured("Set only one of A and B.")


def require(name):
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(name)
    return value


EMAIL_HOST = require("EMAIL_HOST")
