import os

SECRET_KEY = "made-up"
DEBUG = False
ALLOWED_HOSTS = ["chat.example"]
ROOT_URLCONF = "site_.urls"
ASGI_APPLICATION = "site_.asgi.application"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "channels", "chat"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LIVE = "LIVE" in os.environ
