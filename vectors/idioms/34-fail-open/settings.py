"""Insecure values when the source is missing."""

import json
import os
from pathlib import Path

BASE = Path(__file__).resolve().parent
try:
    with open(os.environ.get("SECRETS_FILE", BASE / "secrets.json")) as file:
        SECRETS = json.load(file)
except OSError:
    SECRETS = {"secret_key": "a"}

SECRET_KEY = str(SECRETS["secret_key"])
DATABASE_PASSWORD = SECRETS.get("db_password", "")
DEBUG = os.getenv("DEBUG", "True") == "True"
FALLBACK = os.getenv("FALLBACK_KEY", "---")
