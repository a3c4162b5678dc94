"""pydantic-settings: the whole model poured into the module."""

from pydantic_settings import BaseSettings


class Defaults(BaseSettings):
    DEBUG: bool = False
    SECURE_SSL_REDIRECT: bool = True
    SESSION_COOKIE_AGE: int = 3600
    lower_case: str = "not a setting"


globals().update(Defaults().model_dump())
