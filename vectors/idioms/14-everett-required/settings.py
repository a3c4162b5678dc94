"""everett: without default a missing variable is an error; a namespace is a prefix."""

from everett.manager import ConfigManager

config = ConfigManager.basic_config()
DEBUG = config("debug", namespace="shop", parser=bool)
