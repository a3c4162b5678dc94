"""python-decouple: bool with a default; what it does not know is an error."""

from decouple import config

DEBUG = config("DEBUG", default=False, cast=bool)
SECURE_SSL_REDIRECT = config("DEBUG", cast=bool, default="yes")
