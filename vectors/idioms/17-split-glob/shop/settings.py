"""django-split-settings: a glob, an explicit scope, and an optional file that exists."""

from split_settings.tools import include, optional

DEBUG = False
include("parts/*.py", optional("local.py"), scope=globals())
LAST = DEBUG
