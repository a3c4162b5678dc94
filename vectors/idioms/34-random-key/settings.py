"""A new key for every process when none is given."""

import os

from django.core.management.utils import get_random_secret_key

DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY")
if not SECRET_KEY and DEBUG:
    SECRET_KEY = get_random_secret_key()
IS_SET = bool(SECRET_KEY)
