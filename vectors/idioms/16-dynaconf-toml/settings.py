"""dynaconf: layered sections of a TOML file, chosen by a variable."""

import dynaconf

DEBUG = True
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = ["django.contrib.auth"]

settings = dynaconf.DjangoDynaconf(__name__, environments=True, settings_files=["settings.toml", ".secrets.toml"])
