"""A required variable with a clearer message."""

import os

from django.core.exceptions import ImproperlyConfigured

try:
    SECRET_KEY = os.environ["SECRET_KEY"]
except KeyError as error:
    raise ImproperlyConfigured("Set SECRET_KEY.") from error
