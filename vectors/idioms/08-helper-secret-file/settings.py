"""A secret from the environment, or from the file that a container mounts, or an error."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent


def secret(name, default=None):
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    if default is not None:
        return default
    raise RuntimeError(f"{name} is not set")


SECRET_KEY = secret("SECRET_KEY")
DATABASE_PASSWORD = secret("DATABASE_PASSWORD", default="postgres")
