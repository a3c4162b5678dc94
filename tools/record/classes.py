"""Prints the classes of Django and its packages that projects derive from, one fact a line, sorted.

usage: classes.py > classes.txt

Run by the python of the `classes` environment (requirements-classes.txt). The packages are imported
and asked; nothing of their text is kept. Fields of a line are separated by tabs:

    #<package> <version> ..                     the first lines
    <module> > <module>:<name>[=<name there>] ..  what a module offers that is defined elsewhere
    <class> <bases> <methods> <attributes>      names separated by spaces; the attributes are a JSON
                                                object

A name that starts with a dot is one of the same module. A value is null, a boolean, a number, a list,
{} where it is not kept, or a text whose first character says what it is: = a text, @ the class or
function of that name, $ the setting (REST_FRAMEWORK.DEFAULT_PERMISSION_CLASSES), % a field of that
class, with > and the model it points to.

`object`, private names and what a metaclass adds are left out; fields of models, forms and serializers
are attributes again, as they are in the source.
"""

import ast
import enum
import functools
import importlib
import importlib.metadata
import inspect
import json
import pkgutil
import sys
import types
import warnings

import class_facts as facts


def named(thing):
    """The absolute dotted name of a class or function, if importing it would give the same thing."""
    module, name = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return None
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module}.{name}" if found is thing or isinstance(thing, type) else None


def home(dotted):
    """The module of a class, as readers tell it from the name: modules are written small, classes are not."""
    parts = dotted.split(".")[:-1]
    while parts and parts[-1][:1].isupper():
        parts.pop()
    return ".".join(parts)


def short(dotted, owner):
    """A dotted name, without the module when it is the module of the class that it belongs to."""
    rest = dotted.removeprefix(f"{home(owner)}.")
    return f".{rest}" if rest != dotted and "." not in rest else dotted


def value(found, owner, depth=0):
    """A value as the head of this file says."""
    if isinstance(found, enum.Enum):
        return {}
    if found is None or isinstance(found, (bool, int)):
        return found if abs(found or 0) < 2**53 else {}
    if type(found) is str:
        return f"={found}" if len(found) <= facts.LONGEST_TEXT else {}
    if isinstance(found, (list, tuple, set, frozenset)) and depth < 2 and len(found) <= facts.LONGEST_LIST:
        items = sorted(found, key=repr) if isinstance(found, (set, frozenset)) else found
        return [value(item, owner, depth + 1) for item in items]
    if isinstance(found, (type, types.FunctionType)):
        dotted = named(found)
        return f"@{short(dotted, owner)}" if dotted else {}
    return {}


def field(found, owner, target=None):
    """A field of a model, form or serializer: its class, and the model it points to."""
    dotted = named(type(found))
    if not dotted:
        return {}
    return f"%{short(dotted, owner)}" + (f">{target}" if target else "")


@functools.cache
def settings_read(module):
    """The attributes that classes of a module take from settings: {class: {attribute: setting}}."""
    prefixes = facts.SETTINGS.get(module.split(".")[0], {})
    found = {}
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))) if prefixes else []:
        if not isinstance(node, ast.ClassDef):
            continue
        for line in node.body:
            if not (isinstance(line, ast.Assign) and isinstance(line.value, ast.Attribute)):
                continue
            holder = line.value.value
            if isinstance(holder, ast.Name) and holder.id in prefixes:
                for target in line.targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(node.name, {})[target.id] = f"${prefixes[holder.id]}{line.value.attr}"
    return found


def is_method(cls, found):
    if isinstance(found, (property, functools.cached_property, classmethod, staticmethod, functools.partialmethod)):
        return True
    if type(found).__name__ in {"cached_property", "classproperty", "hybridmethod"}:
        return True
    if not isinstance(found, (types.FunctionType, types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType)):
        return False
    # A function from elsewhere that the body names is a value, one made or wrapped in it a method.
    dotted = named(found)
    return dotted is None or dotted.startswith(f"{cls.__module__}.{cls.__qualname__}.") or "." in found.__qualname__


def model_fields(cls):
    """The fields that the body of a model class declares, by name."""
    meta = getattr(cls, "_meta", None)
    if meta is None or not hasattr(meta, "local_fields"):
        return {}
    inherited = {
        one.name
        for base in cls.__mro__[1:]
        for one in [*getattr(getattr(base, "_meta", None), "local_fields", []), *getattr(getattr(base, "_meta", None), "local_many_to_many", [])]
        if getattr(getattr(base, "_meta", None), "abstract", False)
    }
    found = {}
    for one in [*meta.local_fields, *meta.local_many_to_many]:
        if one.name in inherited or one.auto_created:
            continue
        to = one.remote_field.model if getattr(one, "remote_field", None) else None
        found[one.name] = field(one, named(cls), to if isinstance(to, str) else named(to) if to else None)
    return found


def declared_fields(cls):
    """The fields that the body of a form, filterset, table or serializer declares, by name."""
    for holder in ("_declared_fields", "declared_fields", "declared_filters", "base_columns"):
        own = vars(cls).get(holder)
        if not isinstance(own, dict):
            continue
        inherited = {id(one) for base in cls.__mro__[1:] for one in (vars(base).get(holder) or {}).values()}
        return {name: field(one, named(cls)) for name, one in own.items() if id(one) not in inherited}
    return {}


def is_added(cls, found):
    """Whether a function was put on a model from outside, as its metaclass and some packages do."""
    if not hasattr(cls, "_meta"):
        return False
    if isinstance(found, functools.partialmethod):
        return True
    return isinstance(found, types.FunctionType) and (found.__module__ != cls.__module__ or "<lambda>" in found.__qualname__)


def is_looks(cls, name, found):
    """Whether an attribute is a text that only changes what a page of an admin looks like."""
    package = cls.__module__.split(".")[0]
    return package in facts.LOOKS and (found is None or isinstance(found, str)) and any(part in name for part in facts.LOOKS_ALIKE)


def described(cls):
    methods, attributes = [], {}
    for name, found in vars(cls).items():
        if name.startswith("_") and name not in facts.PRIVATE_METHODS:
            continue
        if name in facts.ADDED and hasattr(cls, "_meta"):
            continue
        if type(found).__name__ in facts.MADE_BY_MODELS:
            continue
        if is_added(cls, found) or name in {"Meta", "Media"}:
            continue
        if is_method(cls, found):
            methods.append(name)
        elif not name.startswith("_") and not is_looks(cls, name, found):
            attributes[name] = value(found, named(cls))
    attributes |= model_fields(cls) | declared_fields(cls)
    if is_ours(cls.__module__):
        attributes |= settings_read(cls.__module__).get(cls.__qualname__, {})
    return sorted(methods), dict(sorted(attributes.items()))


def modules():
    for package in facts.IMPORTED:
        root = importlib.import_module(package)
        yield root
        for found in pkgutil.walk_packages(getattr(root, "__path__", []), f"{package}.", onerror=lambda _: None):
            if facts.left_out(found.name) or "._" in found.name:
                continue
            try:
                yield importlib.import_module(found.name)
            except Exception as error:
                print(f"left out: {found.name}: {type(error).__name__}: {error}"[:160], file=sys.stderr)


def is_ours(module):
    return isinstance(module, str) and module.split(".")[0] in facts.IMPORTED


def wanted(cls):
    if not is_ours(cls.__module__) or not named(cls):
        return False
    if any(part.startswith("_") for part in cls.__qualname__.split(".")) and cls.__qualname__ not in facts.PRIVATE_CLASSES:
        return False
    return not facts.left_out(cls.__module__)


def offered(module, found):
    """Whether people import something from a module in which it is not defined."""
    if module.__name__ in facts.FACADES or hasattr(module, "__path__"):
        return True
    return isinstance(found, type) and module.__name__.split(".")[0] not in facts.ONLY_PACKAGES


def collect():
    """The classes to describe by dotted name, and what each module offers from elsewhere."""
    classes, offers = {}, {}
    for module in modules():
        for name, found in sorted(vars(module).items()):
            if name.startswith("_") or not isinstance(found, (type, types.FunctionType)):
                continue
            dotted = named(found)
            if not dotted or not is_ours(found.__module__):
                continue
            if isinstance(found, type):
                if not wanted(found):
                    continue
                classes[dotted] = found
            if dotted != f"{module.__name__}.{name}":
                if offered(module, found):
                    offers.setdefault(module.__name__, {})[name] = (found.__module__, found.__qualname__)
    for dotted in facts.STANDARD:
        module, name = dotted.rsplit(".", 1)
        found = getattr(importlib.import_module(module), name)
        real = f"{found.__module__}.{found.__qualname__}"
        classes[real] = found
        if real != dotted:
            offers.setdefault(module, {})[name] = (found.__module__, found.__qualname__)
    for cls in list(classes.values()):
        for base in cls.__mro__:
            if base is not object:
                classes.setdefault(f"{base.__module__}.{base.__qualname__}", base)
    return classes, offers


def main():
    warnings.simplefilter("ignore")
    facts.configure()
    classes, offers = collect()
    lines = []
    for module, found in offers.items():
        groups = {}
        for name, (home, there) in found.items():
            groups.setdefault(home, []).append(name if name == there else f"{name}={there}")
        text = " ".join(f"{home}:{','.join(sorted(names))}" for home, names in sorted(groups.items()))
        lines.append(f"{module}\t>\t{text}")
    for dotted, cls in classes.items():
        bases = [short(f"{base.__module__}.{base.__qualname__}", dotted) for base in cls.__bases__ if base is not object]
        methods, attributes = described(cls) if is_ours(cls.__module__) else (described(cls)[0], {})
        text = json.dumps(attributes, ensure_ascii=False, separators=(",", ":")) if attributes else ""
        lines.append(f"{dotted}\t{' '.join(bases)}\t{' '.join(methods)}\t{text}".rstrip("\t"))
    for package in sorted(facts.PACKAGES, key=str.lower):
        print(f"#{package}\t{importlib.metadata.version(package)}")
    # Sorted by name as bytes: readers search by halves.
    for line in sorted(lines, key=lambda line: line.split("\t", 1)[0].encode()):
        print(line)


if __name__ == "__main__":
    main()
