"""environs: the typed readers."""

from environs import Env

env = Env()
NAME = env("NAME", "shop")
TEXT = env.str("TEXT", default=None)
PORT = env.int("PORT", 8000)
RATE = env.float("RATE", 0.5)
ALLOWED_HOSTS = env.list("HOSTS", default=["localhost"])
NUMBERS = env.list("NUMBERS", subcast=int, default=[])
MAPPING = env.dict("MAPPING", default={})
STRUCTURE = env.json("STRUCTURE", default={})
LIFETIME = env.timedelta("LIFETIME", default=60)
FOLDER = env.path("FOLDER", "/srv")
LEVEL = env.log_level("LEVEL", "INFO")
