"""django-environ: without cast or default the text stays text, so "False" is true."""

import environ

env = environ.Env()
DEBUG = env("DEBUG")
