"""The variable is required: without it the import fails."""

import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
