"""prettyconf: a default that is no text is not cast."""

from prettyconf import config

DEBUG = config("DEBUG", default=False, cast=config.boolean)
ALLOWED_HOSTS = config("HOSTS", default=["localhost"], cast=config.list)
PAIR = config("PAIR", default=("a", "b"), cast=config.tuple)
