"""Functions, classes and lazy objects as values."""

from functools import partial

from django.utils.functional import SimpleLazyObject


def show_toolbar(request):
    return True


class Policy:
    STRICT = "strict"


DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": show_toolbar, "OTHER": lambda request: False}
POLICY_CLASS = Policy
POLICY = Policy.STRICT
INSTANCE = Policy()
PARTIAL = partial(show_toolbar, None)
CALLED = show_toolbar(None)
APPLIED = (lambda value: value * 2)(21)
LAZY = SimpleLazyObject(lambda: "value")
