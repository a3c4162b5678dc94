"""pydantic-settings: a bool field."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False


settings = Settings()
DEBUG = settings.debug
