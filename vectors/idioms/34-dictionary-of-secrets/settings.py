"""Secrets out of one variable that holds JSON, with a fallback that is no secret."""

import json
import os

try:
    SECRETS = json.loads(os.environ["SECRETS_JSON"])
except (KeyError, ValueError):
    SECRETS = {}
SECRET_KEY = SECRETS.get("SECRET_KEY") or "insecure-default"
DEBUG = SECRETS.get("DEBUG", True)
DATABASES = {"default": {"PASSWORD": SECRETS.get("DB", {}).get("PASSWORD", "")}}
