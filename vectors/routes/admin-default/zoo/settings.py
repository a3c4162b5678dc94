SECRET_KEY = "made-up"
ROOT_URLCONF = "zoo.urls"
INSTALLED_APPS = [
    "django.contrib.admin",
    "animals.apps.AnimalsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admindocs",
]
