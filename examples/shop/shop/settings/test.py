"""The test suite: fast hashing, mail in memory, no static manifest."""

from .base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "test-suite-only-" + "x" * 50
ALLOWED_HOSTS = ["testserver", "shop.example.com"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_BROKER_URL = "memory://"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
SHIPPING_WEBHOOK_SECRET = "made-up-secret-of-the-test-suite"

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "debug_toolbar"]  # noqa: F405
MIDDLEWARE = [m for m in MIDDLEWARE if not m.startswith("debug_toolbar.")]  # noqa: F405
