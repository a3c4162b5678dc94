"""Starlette's reader: a cast of bool knows few words; real variables win over the file."""

from starlette.config import Config
from starlette.datastructures import CommaSeparatedStrings, Secret

config = Config(".env")
DEBUG = config("DEBUG", cast=bool, default=False)
SECRET_KEY = str(config("SECRET_KEY", cast=Secret, default="from-default"))
ALLOWED_HOSTS = list(config("HOSTS", cast=CommaSeparatedStrings, default="localhost"))
SECURE_HSTS_SECONDS = config("HSTS", cast=int, default=0)
FROM_FILE = config("FROM_FILE")
