"""The optional module is there and wins."""

DEBUG = False
SESSION_COOKIE_SECURE = True
try:
    from local_settings import *
except ImportError:
    LOCAL = False
else:
    LOCAL = True
finally:
    ALWAYS = 1
