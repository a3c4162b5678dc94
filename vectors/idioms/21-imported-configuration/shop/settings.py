"""The operator writes a configuration module; the settings read it with defaults."""

import importlib
import os

from django.core.exceptions import ImproperlyConfigured

config_path = os.getenv("SHOP_CONFIGURATION", "shop.configuration")
try:
    configuration = importlib.import_module(config_path)
except ModuleNotFoundError as error:
    if getattr(error, "name") == config_path:
        raise ImproperlyConfigured(f"{config_path} is missing.")
    raise

for parameter in ("ALLOWED_HOSTS", "SECRET_KEY"):
    if not hasattr(configuration, parameter):
        raise ImproperlyConfigured(f"{parameter} is required.")

ALLOWED_HOSTS = getattr(configuration, "ALLOWED_HOSTS")
SECRET_KEY = configuration.SECRET_KEY
DEBUG = getattr(configuration, "DEBUG", False)
SESSION_COOKIE_SECURE = getattr(configuration, "SESSION_COOKIE_SECURE", False)
BASE_PATH = getattr(configuration, "BASE_PATH", "").strip("/")
SESSION_COOKIE_PATH = f"/{BASE_PATH}" if BASE_PATH else "/"
for name in dir(configuration):
    if name.startswith("SOCIAL_AUTH_"):
        globals()[name] = getattr(configuration, name)
