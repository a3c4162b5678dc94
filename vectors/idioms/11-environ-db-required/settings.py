"""django-environ: a database URL without default."""

import environ

env = environ.Env()
DATABASES = {"default": env.db()}
