SECRET_KEY = "made-up"
ROOT_URLCONF = "depot.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "stock"]
