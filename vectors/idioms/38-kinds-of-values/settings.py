"""Settings that ask what kinds of values they hold, as helpers for plugins do."""

import collections.abc
import numbers
import os
import pathlib
import sys
import types

from django.conf import settings

SECRET_KEY = "kinds-of-values"
BASE_DIR = pathlib.Path(__file__).resolve().parent

WHILE_LOADING = settings.configured
OWN_MODULE = isinstance(sys.modules[__name__], types.ModuleType)
TEXT_IS_MODULE = isinstance("settings", types.ModuleType)


def kinds(value):
    found = []
    for name, kind in (
        ("Callable", collections.abc.Callable),
        ("Hashable", collections.abc.Hashable),
        ("Iterable", collections.abc.Iterable),
        ("Mapping", collections.abc.Mapping),
        ("MutableMapping", collections.abc.MutableMapping),
        ("MutableSequence", collections.abc.MutableSequence),
        ("Sequence", collections.abc.Sequence),
        ("Set", collections.abc.Set),
        ("Sized", collections.abc.Sized),
        ("Integral", numbers.Integral),
        ("Number", numbers.Number),
        ("Real", numbers.Real),
        ("PathLike", os.PathLike),
        ("PurePath", pathlib.PurePath),
        ("FunctionType", types.FunctionType),
        ("ModuleType", types.ModuleType),
    ):
        if isinstance(value, kind):
            found.append(name)
    return found


OF_TEXT = kinds("text")
OF_BYTES = kinds(b"bytes")
OF_LIST = kinds(["a"])
OF_TUPLE = kinds(("a",))
OF_SET = kinds({"a"})
OF_DICT = kinds({"a": 1})
OF_INTEGER = kinds(7)
OF_BOOLEAN = kinds(True)
OF_FLOAT = kinds(1.5)
OF_NOTHING = kinds(None)
OF_PATH = kinds(BASE_DIR)
OF_FUNCTION = kinds(kinds)
OF_MODULE = kinds(sys.modules[__name__])

if isinstance(os.environ.get("SHOP_HOSTS"), str):
    ALLOWED_HOSTS = os.environ["SHOP_HOSTS"].split(",")
