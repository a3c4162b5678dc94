"""What a hosting company's helper does: it rewrites the namespace that it is handed."""

import os


def settings(config, *, allowed_hosts=True, secret_key=True, staticfiles=True):
    if allowed_hosts:
        config["ALLOWED_HOSTS"] = ["*"]
    if secret_key and "SECRET_KEY" in os.environ:
        config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    if staticfiles:
        config["MIDDLEWARE"] = tuple(["whitenoise.middleware.WhiteNoiseMiddleware"] + list(config["MIDDLEWARE"]))
