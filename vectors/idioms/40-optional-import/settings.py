"""Packages that may be missing."""

import importlib.util

INSTALLED_APPS = ["shop"]
MIDDLEWARE = []
try:
    import debug_toolbar
except ImportError:
    pass
else:
    INSTALLED_APPS.append("debug_toolbar")

try:
    import package_that_nobody_has
    EXTENSION = True
except ImportError:
    EXTENSION = False

if importlib.util.find_spec("package_that_nobody_has"):
    INSTALLED_APPS.append("package_that_nobody_has")
if importlib.util.find_spec("whitenoise") is not None:
    MIDDLEWARE.append("whitenoise.middleware.WhiteNoiseMiddleware")
if EXTENSION:
    INSTALLED_APPS.append("extension")
