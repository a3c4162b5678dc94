SECRET_KEY = "made-up"
ROOT_URLCONF = "radio.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "songs"]
MIDDLEWARE = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["songs.permissions.IsListener"]}
