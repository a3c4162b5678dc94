"""python-decouple: the .env file beside the caller; real variables win over it."""

from decouple import config

SECRET_KEY = config("SECRET_KEY")
DEBUG = config("DEBUG", default=True, cast=bool)
GREETING = config("GREETING")
EMPTY = config("EMPTY", default="not used")
