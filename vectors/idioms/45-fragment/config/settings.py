"""The settings; the other file of this folder is never loaded."""

INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "config.urls"
DEBUG = False
