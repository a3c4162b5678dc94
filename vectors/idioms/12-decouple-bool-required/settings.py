"""python-decouple: bool without a default."""

from decouple import config

DEBUG = config("DEBUG", cast=bool)
