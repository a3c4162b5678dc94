"""environs: prefixes nest."""

from environs import Env

env = Env()
with env.prefixed("SHOP_"):
    DEBUG = env.bool("DEBUG", False)
    with env.prefixed("DB_"):
        DATABASE_HOST = env("HOST", "localhost")
SECRET_KEY = env.str("SECRET_KEY", "k")
