"""python-decouple: without a cast the text stays text, whatever the default's type."""

from decouple import config

DEBUG = config("DEBUG", default=False)
