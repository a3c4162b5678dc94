"""python-decouple: Csv, int, lambda, and required values."""

from decouple import Choices, Csv, config

ALLOWED_HOSTS = config("HOSTS", default="localhost, 127.0.0.1", cast=Csv())
CSRF_TRUSTED_ORIGINS = config("ORIGINS", default="", cast=Csv())
SECURE_HSTS_SECONDS = config("HSTS", default=0, cast=int)
NUMBERS = config("NUMBERS", default="1;2", cast=Csv(int, delimiter=";"))
HEADER = config("HEADER", default="HTTP_X_FORWARDED_PROTO, https", cast=Csv(post_process=tuple))
BACKEND = config("BACKEND", default="smtp", cast=lambda name: f"django.core.mail.backends.{name}.EmailBackend")
WORDS = config("WORDS", default="a b", cast=lambda v: [s.upper() for s in v.split()])
LEVEL = config("LEVEL", default="info", cast=Choices(["info", "debug"]))
