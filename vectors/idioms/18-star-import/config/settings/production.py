"""The module that servers load."""

from .base import *
from .base import DATABASES, MIDDLEWARE

DEBUG = False
SECURE_SSL_REDIRECT = True
DATABASES["default"]["HOST"] = "db"
INSTALLED_APPS += ["storages"]
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")

from . import base

SAME_OBJECT = base.INSTALLED_APPS
BASE_DEBUG = base.DEBUG
