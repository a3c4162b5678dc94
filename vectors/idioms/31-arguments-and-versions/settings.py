"""Settings that hang on how the process was started and on what runs it."""

import platform
import sys

import django

TESTING = "test" in sys.argv
RUNSERVER = "runserver" in sys.argv
DEBUG = RUNSERVER and not TESTING
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if len(sys.argv) > 1 and sys.argv[1] == "collectstatic":
    SECRET_KEY = "only for collectstatic"
MODERN_PYTHON = sys.version_info >= (3, 8)
ON_LINUX = platform.system() == "Linux" and sys.platform.startswith("linux")
NEW_DJANGO = django.VERSION >= (5, 2)
if django.VERSION < (6, 0):
    USE_L10N = True
HAS_CSP = django.VERSION[0] >= 6
MAJOR = int(django.get_version().split(".")[0])
