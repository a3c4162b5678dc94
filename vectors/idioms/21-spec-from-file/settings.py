"""A module loaded by its path, which a variable may change."""

import importlib.util
import os

path = os.environ.get("SHOP_CONFIG", os.path.join(os.path.dirname(__file__), "defaults.py"))
spec = importlib.util.spec_from_file_location("shop_config", path)
config = importlib.util.module_from_spec(spec)
spec.loader.exec_module(config)

DEBUG = config.DEBUG
ALLOWED_HOSTS = getattr(config, "ALLOWED_HOSTS", ["localhost"])
