"""Settings that hang on the name of the environment."""

import os

ENV = os.environ.get("APP_ENV", "production").lower()
DEBUG = ENV == "development"
if ENV == "production":
    SECURE_SSL_REDIRECT = True
    ALLOWED_HOSTS = ["shop.example"]
elif ENV in ("staging", "qa"):
    SECURE_SSL_REDIRECT = True
    ALLOWED_HOSTS = [f"{ENV}.shop.example"]
elif ENV.startswith("dev"):
    SECURE_SSL_REDIRECT = False
    ALLOWED_HOSTS = ["*"]
else:
    raise RuntimeError(f"unknown environment {ENV}")
HSTS = {"production": 31536000, "staging": 60}.get(ENV, 0)
SECURE_HSTS_SECONDS = HSTS
