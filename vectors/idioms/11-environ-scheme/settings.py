"""django-environ: casts and defaults declared once."""

import environ

env = environ.Env(
    DEBUG=(bool, False),
    ALLOWED_HOSTS=(list, ["localhost"]),
    HSTS=(int, 3600),
    TOKEN=str,
    SECURE_SSL_REDIRECT=(bool, True),
)

DEBUG = env("DEBUG")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
SECURE_HSTS_SECONDS = env("HSTS")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT")
SESSION_COOKIE_SECURE = env.bool("SECURE_SSL_REDIRECT", default=False)
TOKEN = env("TOKEN", default="none")
