"""everett: the default is text and goes through the parser too."""

from everett.manager import ConfigManager, ConfigOSEnv, ListOf

config = ConfigManager([ConfigOSEnv()])
DEBUG = config("DEBUG", default="false", parser=bool)
ALLOWED_HOSTS = config("HOSTS", default="localhost", parser=ListOf(str))
SECURE_HSTS_SECONDS = config("HSTS", default="0", parser=int)
SECRET_KEY = config("SECRET_KEY", raise_error=False, default="none")
