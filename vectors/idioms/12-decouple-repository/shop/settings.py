"""python-decouple: a named file."""

from pathlib import Path

from decouple import Config, Csv, RepositoryEnv

config = Config(RepositoryEnv(Path(__file__).parent.parent / "production.env"))
SECRET_KEY = config("SECRET_KEY")
ALLOWED_HOSTS = config("ALLOWED_HOSTS", cast=Csv())
DEBUG = config.get("DEBUG", default=False, cast=bool)
