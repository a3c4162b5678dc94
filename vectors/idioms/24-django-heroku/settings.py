"""The real helper: it opens the hosts, takes the key and the database from the environment, and more."""

import os

import django_heroku

SECRET_KEY = "in the repository"
ALLOWED_HOSTS = ["shop.example"]
BASE_DIR = os.path.dirname(os.path.abspath(__file__))
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STATIC_URL = "static/"

django_heroku.settings(locals(), test_runner=False)
