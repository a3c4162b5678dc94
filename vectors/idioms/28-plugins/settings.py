"""Apps that the operator or installed plugins add."""

import os
from importlib.metadata import entry_points

INSTALLED_APPS = ["shop"]
for app in os.environ.get("SHOP_APPS", "").split(","):
    if app.strip():
        INSTALLED_APPS.append(app.strip())
for entry_point in entry_points(group="shop.plugins"):
    INSTALLED_APPS.append(entry_point.module)
PLUGINS = [name for name in os.getenv("PLUGINS", "").split() if name not in INSTALLED_APPS]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"] + [f"{name}.middleware.Plugin" for name in PLUGINS]
