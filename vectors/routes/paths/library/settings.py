SECRET_KEY = "made-up"
ROOT_URLCONF = "library.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "books"]
USE_TZ = True
