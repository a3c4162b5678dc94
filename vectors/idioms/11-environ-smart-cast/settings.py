"""django-environ: the default's type decides the cast."""

import environ

env = environ.Env()
DEBUG = env("DEBUG", default=False)
SECURE_HSTS_SECONDS = env("HSTS", default=3600)
ALLOWED_HOSTS = env("HOSTS", default=["localhost"])
RATE = env("RATE", default=0.5)
NAME = env("NAME", default="shop")
NOTHING = env("NOTHING", default=None)
OPTIONS = env("OPTIONS", default={"a": "b"})
PAIR = env("PAIR", default=("x", "y"))
