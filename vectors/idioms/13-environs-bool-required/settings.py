"""environs: bool without a default."""

from environs import Env

env = Env()
DEBUG = env.bool("DEBUG")
