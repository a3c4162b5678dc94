"""Values that logic produces."""

import os

MODE = os.environ.get("MODE")
ALLOWED_HOSTS = ["*"] if MODE == "open" else ["shop.example"]
NAME = MODE or "default"
BOTH = MODE and "set"
if dsn := os.getenv("SENTRY_DSN"):
    SENTRY = {"dsn": dsn}
NUMBER = int(os.environ.get("NUMBER", "5"))
IN_RANGE = 1 <= NUMBER < 10
SIZE = "none" if NUMBER == 0 else "small" if NUMBER < 10 else "large"
match MODE:
    case None:
        X_FRAME_OPTIONS = "DENY"
    case "open" | "embedded":
        X_FRAME_OPTIONS = "SAMEORIGIN"
    case other if other.isdigit():
        X_FRAME_OPTIONS = int(other)
    case _:
        X_FRAME_OPTIONS = ""
IS_NONE = MODE is None
NOT_EQUAL = MODE != "open"
CHAIN = not (MODE == "open" or NUMBER > 7) and bool(NUMBER)
PICKED = {True: "yes", False: "no"}[NUMBER > 7]
FIRST_SET = next((value for value in (os.environ.get("A"), os.environ.get("B"), "c") if value), None)
SECURE_SSL_REDIRECT = os.getenv("HTTPS", "on") == "on" and MODE != "open"
