"""The classic mistake: any non-empty text is true."""

import os

DEBUG = os.environ.get("DEBUG", False)
SESSION_COOKIE_SECURE = os.environ.get("DEBUG", "False")
IS_DEBUG = True if DEBUG else False
