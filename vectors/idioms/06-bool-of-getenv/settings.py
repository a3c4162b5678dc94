"""bool() of text: "False" is true."""

import os

DEBUG = bool(os.environ.get("DEBUG", "False"))
TEMPLATE_DEBUG = bool(os.environ.get("DEBUG"))
SECURE_SSL_REDIRECT = not os.environ.get("DEBUG")
