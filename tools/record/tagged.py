"""Python values as JSON that keeps their type.

None, bool, int, float, str and list are themselves. Everything else is an object with one key:
{"tuple": [..]}, {"set": [..]} (sorted), {"dict": [[key, value], ..]} (in order), {"bytes": "text"}
(latin-1), {"path": "text"}, {"timedelta": seconds}, {"lazy": "text"} (the argument of
gettext_lazy, reverse_lazy and the like),
{"pattern": "regex"}, {"float": "inf"}, {"object": "module.Class"} for anything else.
"""

import datetime
import math
import pathlib
import re


def tagged(value):
    if value is None or isinstance(value, bool):
        return value
    kind = type(value)
    if isinstance(value, str) and "safestring" not in kind.__module__:
        return str(value)
    if kind is int or (isinstance(value, int) and not kind.__module__.startswith("enum")):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": str(value)}
    if isinstance(value, list):
        return [tagged(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [tagged(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((tagged(item) for item in value), key=repr)}
    if isinstance(value, dict):
        return {"dict": [[tagged(key), tagged(item)] for key, item in value.items()]}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, pathlib.PurePath):
        return {"path": str(value)}
    if isinstance(value, datetime.timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, re.Pattern):
        return {"pattern": value.pattern}
    if kind.__name__ == "__proxy__":
        # Not str(value): translating and reversing need the app registry, which is not there yet.
        arguments = getattr(value, "_args", None) or getattr(value, "_proxy____args")
        return {"lazy": str(arguments[0])}
    return {"object": f"{kind.__module__}.{kind.__qualname__}"}
