"""django-split-settings: files executed in one namespace, chosen by a variable."""

from os import environ

from split_settings.tools import include, optional

ENV = environ.get("DJANGO_ENV") or "development"

include(
    "components/base.py",
    "components/database.py",
    f"environments/{ENV}.py",
    optional("environments/local.py"),
)
