"""django-environ: a variable may name the file that holds its value."""

import environ

env = environ.FileAwareEnv()
SECRET_KEY = env("SECRET_KEY", default="fallback")
DEBUG = env.bool("DEBUG", default=False)
