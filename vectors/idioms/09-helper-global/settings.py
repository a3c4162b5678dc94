"""A function that changes the module's lists, and whose answer is used as well."""

import os

INSTALLED_APPS = ["django.contrib.auth"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
REMOTE_HEADER = None


def enable_remote_user():
    global MIDDLEWARE, REMOTE_HEADER
    header = os.getenv("REMOTE_USER_HEADER", "HTTP_REMOTE_USER")
    if os.getenv("ENABLE_REMOTE_USER", "false").lower() == "true":
        MIDDLEWARE.append("shop.auth.RemoteUserMiddleware")
        AUTHENTICATION_BACKENDS.insert(0, "django.contrib.auth.backends.RemoteUserBackend")
        REMOTE_HEADER = header
    return header


REMOTE_USER_HEADER = enable_remote_user()
