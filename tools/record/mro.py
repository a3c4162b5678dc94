"""Prints the real order of every class of vectors/classes, and where chosen attributes come from.

usage: mro.py vectors/classes > vectors/classes/expected.json

Run by the python of the `classes` environment. `object` is left out of the orders.
"""

import importlib
import json
import sys
import warnings
from pathlib import Path

import class_facts as facts

ATTRIBUTES = [
    "authentication_classes", "dispatch", "form_class", "get_queryset", "has_permission", "http_method_names",
    "lookup_field", "login_url", "permission_classes", "permission_required", "post", "raise_exception",
    "test_func", "throttle_classes",
]


def classes(holder, module):
    for found in vars(holder).values():
        if isinstance(found, type) and found.__module__ == module and found.__qualname__ != getattr(holder, "__qualname__", None):
            if found.__qualname__.count(".") == (getattr(holder, "__qualname__", "").count(".") + 1 if isinstance(holder, type) else 0):
                yield found
                yield from classes(found, module)


def dotted(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def main(folder):
    warnings.simplefilter("ignore")
    facts.configure()
    sys.path.insert(0, str(folder))
    recorded = {}
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for cls in classes(importlib.import_module(name), name):
            order = [one for one in cls.__mro__ if one is not object]
            owners = {
                attribute: next((dotted(one) for one in order if attribute in vars(one)), None) for attribute in ATTRIBUTES
            }
            recorded[dotted(cls)] = {
                "order": [dotted(one) for one in order],
                "owners": {name: owner for name, owner in owners.items() if owner},
            }
    lines = (f"{json.dumps(name)}: {json.dumps(recorded[name], sort_keys=True)}" for name in sorted(recorded))
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
