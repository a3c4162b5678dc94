import os

SECRET_KEY = "made-up"
DEBUG = os.environ.get("DEBUG") == "1"
ROOT_URLCONF = "forum.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles", "graphene_django"]
STATIC_URL = "/static/"
GRAPHENE = {"SCHEMA": "forum.schema.schema"}
