"""django-environ: a .env file beside the settings; real variables win."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent
env = environ.Env(DEBUG=(bool, False))
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
GREETING = env("GREETING")
QUOTED = env("QUOTED")
EXPORTED = env("EXPORTED")
EMPTY = env("EMPTY")
HASHED = env("HASHED")
