"""envparse: the truth words are its own, all else is false."""

from envparse import env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("HOSTS", default=["localhost"])
SECRET_KEY = env("SECRET_KEY", default="none")
