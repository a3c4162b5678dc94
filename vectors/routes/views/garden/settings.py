SECRET_KEY = "made-up"
ROOT_URLCONF = "garden.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "plants"]
MIDDLEWARE = ["django.contrib.auth.middleware.LoginRequiredMiddleware"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
