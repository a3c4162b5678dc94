"""environs: databases, caches and mail from URLs."""

from environs import Env

env = Env()
DATABASES = {"default": env.dj_db_url("DATABASE_URL", default="postgres://shop@localhost/shop", conn_max_age=60)}
CACHES = {"default": env.dj_cache_url("CACHE_URL", default="locmem://")}
email = env.dj_email_url("EMAIL_URL", default="smtp://")
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_USE_TLS = email["EMAIL_USE_TLS"]
