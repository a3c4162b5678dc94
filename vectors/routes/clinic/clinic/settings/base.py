import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
SECRET_KEY = os.environ.get("CLINIC_KEY", "made-up")
DEBUG = os.environ.get("CLINIC_DEBUG", "").lower() in ("1", "true", "yes")
ROOT_URLCONF = "clinic.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "rest_framework",
    "clinic.apps.patients",
    "clinic.apps.visits.apps.VisitsConfig",
]
FEATURES = {"booking": os.environ.get("CLINIC_BOOKING") == "true", "reports": True}
PLUGINS = ["clinic.plugins.xray", "clinic.plugins.lab"]
API_PREFIX = "api/v1/"
STATIC_URL = "/static/"
MEDIA_URL = "/files/"
MEDIA_ROOT = BASE_DIR / "files"
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["clinic.api.permissions.IsStaffMember"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
}
