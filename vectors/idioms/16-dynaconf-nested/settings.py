"""dynaconf: double underscores reach into dictionaries."""

import dynaconf

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "localhost", "PORT": 5432}}
ALLOWED_HOSTS = ["localhost"]

settings = dynaconf.DjangoDynaconf(__name__, env_switcher="SHOP_ENV", envvar_prefix="SHOP")
