import os

SECRET_KEY = "made-up"
DEBUG = os.environ.get("DEBUG") == "1"
TICKETS = os.environ.get("TICKETS", "off") == "on"
ROOT_URLCONF = "festival.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.staticfiles", "stages"]
if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
STATIC_URL = "static/"
MEDIA_URL = os.environ.get("MEDIA_URL", "/media/")
MEDIA_ROOT = "/srv/media"
STAGE_NAMES = ["main", "tent", "barn"]
