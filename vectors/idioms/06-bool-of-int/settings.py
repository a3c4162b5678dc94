"""bool(int(...)): only numbers are accepted."""

import os

DEBUG = bool(int(os.environ.get("DEBUG", "0")))
