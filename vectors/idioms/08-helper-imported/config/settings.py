from .parsing import csv, flag, read, redis_url
from . import parsing as p

DEBUG = read("DEBUG", default=False, cast=flag)
ALLOWED_HOSTS = read("HOSTS", default=[], cast=csv)
SECURE_HSTS_SECONDS = p.read("HSTS", default=0, cast=int)
SECRET_KEY = read("SECRET_KEY")
BACKEND, LOCATION = redis_url(read("REDIS_URL", default=""))
CACHES = {"default": {"BACKEND": BACKEND, "LOCATION": LOCATION}}
