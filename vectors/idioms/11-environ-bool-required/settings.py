"""django-environ: bool without a default."""

from environ import Env

env = Env()
DEBUG = env.bool("DEBUG")
