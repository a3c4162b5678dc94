"""Records what Django loads from the projects of vectors/idioms, and writes it into their case.json.

usage: idioms.py vectors/idioms SERIES [PROJECT ..]

Run by the python of the `full-<series>` environment once per series, in this order, since the first
one (4.2) starts each project's list of answers afresh and the others add theirs.
To add a project: write its files and a case.json with row, settings, series and
`"environments": [{"env": {..}}, ..]`, and run `cargo xtask record idioms`.

Each loading runs in a forked child with exactly the variables of the case (no PATH, no HOME), started
as a server would be, in a copy of the project; the copy's place is written as /project.
"""

import importlib
import importlib.metadata
import json
import os
import platform
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

import django
from django.conf import global_settings

from tagged import tagged

PROJECT = "/project"
ARGUMENTS = ["/usr/bin/gunicorn", "config.wsgi"]
# The packages whose version matters, by the name that projects import.
PACKAGES = {
    "configurations": "django-configurations",
    "corsheaders": "django-cors-headers",
    "csp": "django-csp",
    "debug_toolbar": "django-debug-toolbar",
    "decouple": "python-decouple",
    "dj_database_url": "dj-database-url",
    "django_heroku": "django-heroku",
    "dotenv": "python-dotenv",
    "dynaconf": "dynaconf",
    "environ": "django-environ",
    "environs": "environs",
    "envparse": "envparse",
    "everett": "everett",
    "goodconf": "goodconf",
    "prettyconf": "prettyconf",
    "pydantic_settings": "pydantic-settings",
    "split_settings": "django-split-settings",
    "starlette": "starlette",
    "whitenoise": "whitenoise",
    "yaml": "PyYAML",
}


# What dynaconf and django-configurations add of their own.
LOADERS_OWN = {
    "CONFIGURATION", "DEFAULT_SETTINGS_PATHS", "DOTENV_LOADED", "DYNACONF", "LOAD_DOTENV", "ENV", "SETTINGS_MODULE",
}


def explicit(settings, root):
    """The settings that the project set itself: what `diffsettings` would not take from Django."""
    # Not through `settings`: it refuses an empty SECRET_KEY and rewrites relative STATIC_URLs.
    wrapped = settings._wrapped
    names = getattr(wrapped, "_explicit_settings", None)
    if names is not None:
        found = {name: getattr(wrapped, name) for name in names}
    else:  # dynaconf puts its own object there.
        found = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    # A class-based or dynaconf module holds all of Django's defaults: those are not the project's.
    text = "\n".join(path.read_text("latin-1") for path in Path(root).rglob("*") if path.is_file())
    return {
        name: value
        for name, value in found.items()
        if name in text
        or not (name in LOADERS_OWN or name.endswith("_FOR_DYNACONF"))
        and (not hasattr(global_settings, name) or value != getattr(global_settings, name))
    }


def place(error, root):
    """file:line of the last frame inside the project, so that one sees which guard it was."""
    inside = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(root + "/")]
    return f"{inside[-1].filename[len(root) + 1:]}:{inside[-1].lineno}" if inside else None


def load(case, env, root):
    os.chdir(root)
    os.environ.clear()
    os.environ.update(env)
    os.environ["DJANGO_SETTINGS_MODULE"] = case["settings"]
    sys.argv = list(ARGUMENTS)
    sys.path.insert(0, root)
    # Settings of test projects may print; the pipe is not theirs.
    sys.stderr = sys.stdout = open(os.devnull, "w")
    try:
        if case.get("before") == "configurations":
            # What manage.py, configurations.wsgi and configurations.asgi do.
            from configurations import importer

            importer.install()
        from django.conf import settings

        getattr(settings, "DEBUG")
        volatile = case.get("volatile", [])
        values = {
            name: {"volatile": type(value).__name__}
            if name in volatile and name not in env and value is not None
            else tagged(value)
            for name, value in sorted(explicit(settings, root).items())
        }
        return {"settings": values}
    except BaseException as error:
        if os.environ.get("RECORD_TRACE"):
            traceback.print_exc(file=sys.__stderr__)
        return {"error": type(error).__name__, "at": place(error, root)}


def forked(case, env, project):
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(os.path.join(folder, "project"))
        shutil.copytree(project, root, ignore=shutil.ignore_patterns("case.json", "__pycache__"))
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with os.fdopen(writer, "w") as out:
                json.dump(load(case, env, root), out)
                out.flush()
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as source:
            answer = source.read()
        os.waitpid(child, 0)
    return json.loads(answer.replace(root, PROJECT).replace(folder, "/"))


def used_packages(project):
    text = "\n".join(path.read_text("latin-1") for path in sorted(project.rglob("*.py")))
    found = {}
    for module, package in PACKAGES.items():
        if f"import {module}" in text or f"from {module}" in text:
            found[package] = importlib.metadata.version(package)
    return found


def rewrite(project, series):
    path = project / "case.json"
    case = json.loads(path.read_text())
    if series not in case["series"]:
        return
    environments, answers = [], []
    for entry in case["environments"]:
        if entry["env"] not in environments:
            environments.append(entry["env"])
        if "django" in entry and series != case["series"][0]:
            answers.append(entry)
    for env in environments:
        answers.append({"env": env, "django": django.get_version(), **forked(case, env, project)})
    case["python"] = platform.python_version()
    case["packages"] = used_packages(project)
    case["environments"] = answers
    path.write_text(layout(case))


def layout(case):
    """One line per environment: easy to read, and to compare in a diff."""
    entries = [json.dumps(entry, ensure_ascii=False) for entry in case.pop("environments")]
    head = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in case.items())
    body = ",\n".join(f"    {entry}" for entry in entries)
    return f'{{\n{head},\n  "environments": [\n{body}\n  ]\n}}\n'


def main():
    warnings.simplefilter("ignore")
    importlib.import_module("django.core.exceptions")
    root, series, *only = sys.argv[1:]
    for project in sorted(Path(root).iterdir()):
        if project.is_dir() and (not only or project.name in only):
            rewrite(project, series)


if __name__ == "__main__":
    main()
