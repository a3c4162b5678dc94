SECRET_KEY = "made-up"
ROOT_URLCONF = "office.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
