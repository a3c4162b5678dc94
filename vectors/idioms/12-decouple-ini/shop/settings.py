"""python-decouple: settings.ini is preferred to .env, and is searched upwards."""

from decouple import config

SECRET_KEY = config("SECRET_KEY")
DEBUG = config("DEBUG", default=False, cast=bool)
PERCENT = config("PERCENT")
ONLY_IN_DOTENV = config("ONLY_IN_DOTENV", default="unseen")
