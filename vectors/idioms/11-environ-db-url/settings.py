"""django-environ: databases, caches and mail servers from URLs."""

import environ

env = environ.Env()
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://shop@localhost/shop")}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://user:secret@mail.example:25")
vars().update(EMAIL_CONFIG)
