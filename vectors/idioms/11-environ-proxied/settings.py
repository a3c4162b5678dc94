"""django-environ: a value that starts with $ names another variable; prefix names all of them."""

import environ

env = environ.Env()
DATABASE_URL = env("DATABASE_URL", default="sqlite://")
SECRET_KEY = env("SECRET_KEY", default="$FALLBACK_KEY")

prefixed = environ.Env()
prefixed.prefix = "SHOP_"
DEBUG = prefixed.bool("DEBUG", default=False)
