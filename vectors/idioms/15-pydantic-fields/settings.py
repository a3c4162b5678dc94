"""pydantic-settings: prefix, alias, secret, lists and an optional field."""

from typing import Optional

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_", extra="ignore")

    secret_key: SecretStr
    debug: bool = False
    allowed_hosts: list[str] = ["localhost"]
    hsts_seconds: int = Field(default=3600, ge=0)
    dsn: Optional[str] = None
    database_url: str = Field("sqlite://", validation_alias="DATABASE_URL")


settings = Settings()
SECRET_KEY = settings.secret_key.get_secret_value()
DEBUG = settings.debug
ALLOWED_HOSTS = settings.allowed_hosts
SECURE_HSTS_SECONDS = settings.hsts_seconds
SENTRY_DSN = settings.dsn
DATABASE_URL = settings.database_url
