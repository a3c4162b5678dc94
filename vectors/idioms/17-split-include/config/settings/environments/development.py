DEBUG = True
INSTALLED_APPS += ["debug_toolbar"]
