"""Only what the settings module says counts; app defaults stand in the apps."""

INSTALLED_APPS = ["shop"]
SHOP_PAGE_SIZE = 10
