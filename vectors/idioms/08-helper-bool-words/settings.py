"""A project's own reader with word lists, as strtobool had them."""

import os


def get_bool(key, default="NO"):
    value = os.getenv(key, default).lower()
    if value in ("1", "true", "t", "y", "yes"):
        return True
    if value in ("0", "false", "f", "n", "no"):
        return False
    raise ValueError(f"Cannot convert {value!r} to bool")


DEBUG = get_bool("DEBUG")
USE_X_FORWARDED_HOST = get_bool(key="DEBUG", default="yes")
