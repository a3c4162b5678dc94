"""environs: bool with a default; empty text is an error."""

from environs import Env

env = Env()
DEBUG = env.bool("DEBUG", default=False)
SECURE_SSL_REDIRECT = env.bool("DEBUG", True)
