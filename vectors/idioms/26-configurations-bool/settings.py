"""django-configurations: the bool value."""

from configurations import Configuration, values


class Prod(Configuration):
    DEBUG = values.BooleanValue(False)
