"""Plain literals of every kind."""

DEBUG = False
ALLOWED_HOSTS = ["shop.example", "www.shop.example"]
ADMINS = (("Ada", "ada@shop.example"),)
SECURE_HSTS_SECONDS = 31_536_000
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_DOMAIN = None
INTERNAL_IPS = {"127.0.0.1", "::1"}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ["redis://cache-1:6379/0", "redis://cache-2:6379/0"],
        "TIMEOUT": 300,
    },
}
RATIO = 0.25
MASK = 0o644
FLAGS = 0xFF | 0b1
RAW = r"^/api/.*$"
TOKEN = b"bytes \x00\xff"
NEGATIVE = -1
not_a_setting = "lower case names are not settings"
_PRIVATE = "still upper case to Django"
