"""pydantic-settings: an env file and nested models."""

from pathlib import Path

from pydantic import BaseModel
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent


class Database(BaseModel):
    host: str = "localhost"
    port: int = 5432


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=BASE_DIR / ".env", env_nested_delimiter="__", extra="ignore")

    debug: bool = False
    secret_key: str
    database: Database = Database()


_settings = Settings()
DEBUG = _settings.debug
SECRET_KEY = _settings.secret_key
DATABASES = {"default": {"HOST": _settings.database.host, "PORT": _settings.database.port}}
