"""environs: .env is searched upwards from the caller."""

from environs import env

env.read_env()
SECRET_KEY = env("SECRET_KEY")
DEBUG = env.bool("DEBUG")
EXPANDED = env("EXPANDED")
