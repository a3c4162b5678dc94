"""django-environ: bool with a default."""

import environ

env = environ.Env()
DEBUG = env.bool("DEBUG", default=False)
SECURE_SSL_REDIRECT = env.bool("DEBUG", True)
