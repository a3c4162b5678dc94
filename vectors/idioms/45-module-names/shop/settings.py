"""The names that every module has."""

from shop import PACKAGE  # noqa: F401

OWN = __package__
NAME = __name__
ROOT_URLCONF = f"{__package__}.urls"
