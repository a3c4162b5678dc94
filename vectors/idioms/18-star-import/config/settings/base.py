"""Shared settings."""

DEBUG = True
SECURE_SSL_REDIRECT = False
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "localhost"}}
INSTALLED_APPS = ["django.contrib.auth"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
_HIDDEN = "not imported by star"
