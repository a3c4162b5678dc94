"""Finds the names of settings that packages read, and writes crates/djsec_django/data/settings-names.json.

usage: names.py DIRECTORY DEFAULTS > settings-names.json

DIRECTORY holds one folder per package of name_facts.PACKAGES, as `pip install --no-deps --target` makes it;
DEFAULTS holds the recorded django-<series>.json. The packages are read, never imported.
What reading cannot tell (removed names, renames, which names guard something) is in name_facts.py.
"""

import ast
import json
import re
import sys
from pathlib import Path

import name_facts

NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|[A-Z]{4,}")
HOLDERS = {"settings", "django_settings", "dj_settings", "_settings", "conf_settings", "django_conf_settings"}
READERS = re.compile(r"(^|_)(get_?)?(setting|settings|conf|config)$|^(getsetting|setting|get_setting|from_settings|get_from_settings|import_from_settings)$")


class Reads(ast.NodeVisitor):
    """The names one file reads from Django's settings."""

    def __init__(self, prefixes, literals):
        # Texts and assigned names count when they start with a prefix of the package.
        self.prefixes = tuple(prefixes) if literals else ()
        self.found = set()
        self.asked = set()
        self.own_prefix = ""

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in HOLDERS:
            self.add(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node):
        function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if function in {"getattr", "hasattr", "is_overridden"} and len(node.args) > 1:
            holder = node.args[0]
            if isinstance(holder, ast.Name) and holder.id in HOLDERS:
                self.add_all(texts[:1])
        elif function == "AppSettings" and texts:
            self.own_prefix = texts[0]
        elif READERS.search(function):
            self.asked.update(texts[:1])
        self.generic_visit(node)

    def visit_Constant(self, node):
        if self.prefixes and isinstance(node.value, str) and node.value.startswith(self.prefixes):
            self.add(node.value)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store) and self.prefixes and node.id.startswith(self.prefixes):
            self.add(node.id)

    def add_all(self, names):
        for name in names:
            self.add(name)

    def add(self, name):
        if NAME.fullmatch(name):
            self.found.add(name)

    def all(self):
        for name in self.asked:
            full = self.own_prefix + name
            if self.own_prefix or (self.prefixes and full.startswith(self.prefixes)):
                self.add(full)
        return self.found


def reads_of(folder, prefixes, literals):
    found = set()
    for path in sorted(folder.rglob("*.py")):
        parts = set(path.relative_to(folder).parts)
        if parts & {"tests", "test", "migrations", "testing", "docs", "example", "examples", "test_utils", "tests.py"}:
            continue
        try:
            tree = ast.parse(path.read_text("utf-8", errors="replace"))
        except SyntaxError:
            continue
        reads = Reads(prefixes, literals)
        reads.visit(tree)
        found |= reads.all()
    return found


def version_of(folder):
    """The version that the metadata beside the package's modules, or one level up, says."""
    for place in (folder, folder.parent):
        for info in sorted(place.glob("*.dist-info")):
            name, _, version = info.name.removesuffix(".dist-info").rpartition("-")
            if name.lower().replace("_", "-").replace(".", "-") == folder.name.lower().replace("_", "-"):
                return version
    return None


def django_facts(defaults):
    """since and removed of Django's own settings, as far as the recorded series show them."""
    series = sorted((tuple(map(int, p.stem.removeprefix("django-").split("."))), p) for p in defaults.glob("django-*.json"))
    names = [(version, set(json.loads(path.read_text())["settings"])) for version, path in series]
    facts = {}
    for name in sorted(set().union(*(present for _, present in names))):
        there = [version for version, present in names if name in present]
        fact = {}
        if there[0] != names[0][0]:
            fact["since"] = "{}.{}".format(*there[0])
        if there[-1] != names[-1][0]:
            later = next(version for version, _ in names if version > there[-1])
            fact["removed"] = "{}.{}".format(*later)
        facts[name] = fact
    return facts


def collect(root, defaults):
    settings = {name: {"package": "Django", **fact} for name, fact in django_facts(defaults).items()}
    packages = {}
    django_names = set(settings)
    for package, (folder, prefixes) in name_facts.PACKAGES.items():
        directory = root / folder
        if not directory.is_dir():
            print(f"not installed: {package}", file=sys.stderr)
            continue
        packages[package] = {"read": version_of(directory), "prefixes": list(prefixes)}
        for name in sorted(reads_of(directory, prefixes, package != "Django") - django_names - name_facts.NOT_SETTINGS):
            if name.startswith(tuple(prefixes)) or name in name_facts.FACTS.get(package, {}):
                settings.setdefault(name, {"package": package})
    for package, facts in name_facts.FACTS.items():
        for name, fact in facts.items():
            settings[name] = {**settings.get(name, {}), "package": package, **fact}
    for name, fact in settings.items():
        if name_facts.is_security(name, fact["package"]):
            fact["security"] = True
    return packages, settings


def main():
    root, defaults = map(Path, sys.argv[1:])
    packages, settings = collect(root, defaults)

    def table(rows):
        return ",\n".join(f"    {json.dumps(key)}: {json.dumps(rows[key])}" for key in sorted(rows))

    print("{\n  \"packages\": {")
    print(table(packages))
    print("  },\n  \"open_families\": {")
    print(table(name_facts.OPEN_FAMILIES))
    print("  },\n  \"invented\": {")
    print(table(name_facts.INVENTED))
    print("  },\n  \"settings\": {")
    print(table(settings))
    print("  }\n}")


if __name__ == "__main__":
    main()
