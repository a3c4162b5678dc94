"""Values out of JSON, YAML, TOML and INI files in the repository."""

import configparser
import json
import os
import tomllib
from pathlib import Path

import yaml

BASE_DIR = Path(__file__).resolve().parent

with open(BASE_DIR / "config.json", encoding="utf-8") as handle:
    config = json.load(handle)
ALLOWED_HOSTS = config["hosts"]
DEBUG = config.get("debug", False)

live = yaml.safe_load((BASE_DIR / "live.yml").read_text())
vars().update({name: value for name, value in live.items() if name.isupper()})

with (BASE_DIR / "shop.toml").open("rb") as handle:
    SHOP = tomllib.load(handle)["shop"]

parser = configparser.RawConfigParser()
parser.read([str(BASE_DIR / "shop.cfg"), "/etc/shop/shop.cfg"])
SECRET_KEY = parser.get("django", "secret", fallback="fallback")
SESSION_COOKIE_AGE = parser.getint("django", "age", fallback=60)
SESSION_COOKIE_SECURE = parser.getboolean("django", "secure", fallback=False)
MISSING = parser.get("django", "missing", fallback=os.environ.get("MISSING", "default"))
HAS_MAIL = parser.has_section("mail")
VERSION = (BASE_DIR / "VERSION").read_text().strip()
