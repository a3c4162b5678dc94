"""Numbers, lists and structures out of text."""

import ast
import json
import os

SECURE_HSTS_SECONDS = int(os.environ.get("HSTS", 3600))
SAMPLE_RATE = float(os.environ.get("RATE", "0.5"))
ALLOWED_HOSTS = os.environ.get("HOSTS", "shop.example,www.shop.example").split(",")
CORS_ALLOWED_ORIGINS = [o.strip() for o in os.environ.get("ORIGINS", "").split(",") if o.strip()]
EMPTY_SPLIT = os.environ.get("ORIGINS", "").split(",")
ON_BLANKS = os.environ.get("ORIGINS", "").split()
SECURE_PROXY_SSL_HEADER = tuple(os.environ.get("PROXY", "HTTP_X_FORWARDED_PROTO,https").split(",", maxsplit=1))
LOGGING = json.loads(os.getenv("LOGGING_JSON", "{}"))
FEATURES = ast.literal_eval(os.environ.get("FEATURES", "['search']"))
PORT = int(os.environ.get("PORT") or 8000)
