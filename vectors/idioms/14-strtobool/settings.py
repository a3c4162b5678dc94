"""distutils' strtobool, copied into the project since Python 3.12 dropped it."""

import os


def strtobool(val):
    val = val.lower()
    if val in ("y", "yes", "t", "true", "on", "1"):
        return 1
    elif val in ("n", "no", "f", "false", "off", "0"):
        return 0
    else:
        raise ValueError("invalid truth value %r" % (val,))


DEBUG = strtobool(os.environ.get("DEBUG", "no"))
SECURE_SSL_REDIRECT = bool(strtobool(os.getenv("DEBUG", "yes")))
