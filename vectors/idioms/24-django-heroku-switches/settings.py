"""The helper told to leave most alone, and lines after it that win."""

import os

import django_heroku

SECRET_KEY = "in the repository"
BASE_DIR = os.path.dirname(os.path.abspath(__file__))
ALLOWED_HOSTS = ["shop.example"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
django_heroku.settings(
    locals(), databases=False, test_runner=False, staticfiles=False, allowed_hosts=False, logging=False, secret_key=False
)
SECURE_SSL_REDIRECT = True
