SECRET_KEY = "made-up"
ROOT_URLCONF = "kitchen.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "recipes"]
