"""A project's own reader that refuses what it does not know."""

import os


def envbool(name, default):
    value = os.getenv(name, default)
    if value in ("True", True):
        return True
    if value in ("False", False, "", None):
        return False
    raise ValueError(f"{name} must be True or False, not {value!r}")


DEBUG = envbool("DEBUG", "False")
