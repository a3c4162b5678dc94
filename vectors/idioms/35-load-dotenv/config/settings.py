"""python-dotenv puts the file's lines into the environment; what is there already stays."""

import os
from pathlib import Path

from dotenv import dotenv_values, load_dotenv

BASE_DIR = Path(__file__).resolve().parent.parent
for candidate in (BASE_DIR / "missing.env", BASE_DIR / ".env"):
    if candidate.exists():
        load_dotenv(candidate)
        break

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.getenv("DEBUG", "False").lower() in ("true", "1")
EXPANDED = os.getenv("EXPANDED")
QUOTED = os.environ.get("QUOTED")
OTHER = dotenv_values(BASE_DIR / "other.env").get("OTHER", "none")
load_dotenv(BASE_DIR / "other.env", override=True)
OVERRIDDEN = os.getenv("DEBUG")
