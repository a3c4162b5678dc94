SECRET_KEY = "made-up"
ROOT_URLCONF = "bank.urls"
INSTALLED_APPS = [
    "bank.apps.BankAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "accounts",
]
