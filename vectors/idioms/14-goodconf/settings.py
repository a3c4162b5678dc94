"""goodconf: a model that is loaded before its fields are read."""

from goodconf import Field, GoodConf


class AppConfig(GoodConf):
    DEBUG: bool = False
    SECRET_KEY: str = Field("from-default", description="Signs sessions.")
    ALLOWED_HOSTS: list[str] = ["localhost"]


config = AppConfig()
config.load()
DEBUG = config.DEBUG
SECRET_KEY = config.SECRET_KEY
ALLOWED_HOSTS = config.ALLOWED_HOSTS
