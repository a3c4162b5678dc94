"""Readers kept beside the settings."""

import os
from typing import Callable, TypeVar

T = TypeVar("T")


def read(name: str, *, default: T | None = None, cast: Callable[[str], T] | None = None) -> T | str | None:
    """The variable, cast when asked; a missing one gives the default."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    return cast(raw) if cast else raw


def flag(text: str) -> bool:
    match text.strip().lower():
        case "1" | "true" | "yes":
            return True
        case "0" | "false" | "no":
            return False
        case other:
            raise ValueError(other)


def csv(text: str) -> list[str]:
    found = []
    for part in text.split(","):
        part = part.strip()
        if not part:
            continue
        found.append(part)
    return found


def redis_url(url):
    """Two answers at once: the cache backend and its location."""
    if url.startswith("rediss://"):
        return "django.core.cache.backends.redis.RedisCache", url
    return "django.core.cache.backends.locmem.LocMemCache", ""
