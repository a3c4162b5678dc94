"""The optional module is not there."""

DEBUG = False
try:
    from local_settings import *
except ImportError:
    pass
SECURE_SSL_REDIRECT = not DEBUG
