"""An INI parser that is given values by the program, by files and by the environment, in layers."""

import configparser
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent

LAYERS = {
    "site": {
        "debug": {"default": False, "env": os.getenv("SHOP_DEBUG")},
        "Secret": {"env": os.getenv("SHOP_SECRET")},
        "cookie_age": {"default": 600, "env": os.getenv("SHOP_AGE")},
    },
    "mail": {"host": {"default": "localhost", "env": os.getenv("SHOP_MAIL")}},
}


def layer(parser, name):
    """Only what the layer gives."""
    parser.read_dict(
        {
            section: {key: value[name] for key, value in options.items() if value.get(name) is not None}
            for section, options in LAYERS.items()
        }
    )
    return parser


def build():
    parser = configparser.RawConfigParser()
    parser = layer(parser, "default")
    parser.read(BASE_DIR / "shop.cfg")
    return layer(parser, "env")


config = build()
DEBUG = config.getboolean("site", "debug")
SECRET_KEY = config.get("site", "secret", fallback="nothing")
SESSION_COOKIE_AGE = config.getint("site", "cookie_age")
EMAIL_HOST = config["mail"]["HOST"]
HAS_SECRET = config.has_option("site", "secret")
SECTIONS = config.sections()
PAYMENT = {name[len("payment:") :]: dict(config.items(name)) for name in SECTIONS if name.startswith("payment:")}

more = configparser.ConfigParser({"region": "eu"})
more.read_string("[store]\nurl = https://shop.example\n[DEFAULT]\ncurrency = EUR\n")
more["store"]["open"] = "yes"
more["cdn"] = {"Host": "cdn.shop.example"}
more.add_section("empty")
more.set("empty", "level", "3")
STORE_URL = more.get("store", "url")
STORE_OPEN = more.getboolean("store", "open")
CDN = dict(more["cdn"].items())
CURRENCY = more["cdn"]["currency"]
REGION = more.get("empty", "region")
LEVEL = more.getint("empty", "level")
OPTIONS = more.options("store")
NOWHERE = more.has_section("nowhere")
MISSING = more.get("store", "missing", fallback=None)
