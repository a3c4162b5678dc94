"""Prints what Django's deployment checks say about each case of vectors/deploy/settings.jsonl.

usage: deploy.py settings.jsonl > django-<series>.jsonl       records every case
       deploy.py settings.jsonl --cross-check N               compares N cases with `manage.py check --deploy`

Run by the python of a `full-<series>` environment. Every case runs in a forked child, so nothing of
one case (imported apps, registered checks, cached settings) reaches another.
"""

import importlib
import importlib.metadata
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import traceback
import types
import warnings

import django

PACKAGES = ["django-axes", "django-cors-headers", "django-csp"]
URLS = "urlpatterns = []\n\ndef one_argument(request):\n    return None\n"
MANAGE = "import sys\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
# Imported once before forking; none of them reads settings when imported.
PRELOADED = [
    "django.conf.global_settings", "django.core.management.base", "django.db.models", "django.db.backends.sqlite3.base",
    "django.forms", "django.http", "django.template.backends.django", "django.template.defaulttags",
    "django.template.defaultfilters", "django.template.loader_tags", "django.middleware.csrf", "django.urls",
    "django.utils.translation.trans_real", "django.core.cache", "django.core.mail", "django.core.signing",
    "django.contrib.auth.hashers", "django.views.debug", "django.views.csrf", "urllib.request", "sqlite3",
]


def module(name, text):
    made = types.ModuleType(name)
    made.__file__ = f"/srv/case/{name}.py"
    sys.modules[name] = made
    exec(compile(text, made.__file__, "exec"), made.__dict__)


def outcome(text):
    """What Django makes of one settings module: {"checks", "silenced"} or {"error": {"stage", "type"}}."""
    from django.core import checks

    stage = "settings"
    try:
        module("urls", URLS)
        module("case", text)
        os.environ["DJANGO_SETTINGS_MODULE"] = "case"
        from django.conf import settings

        getattr(settings, "DEBUG")
        from django.core.cache.backends.filebased import FileBasedCache

        # The cache checks make a cache object, and that makes its folder: not on this machine.
        FileBasedCache._createdir = lambda self: None
        stage = "setup"
        django.setup()
        stage = "checks"
        found = checks.run_checks(include_deployment_checks=True)
        return {
            "checks": sorted({message.id for message in found if not message.is_silenced()}),
            "silenced": sorted({message.id for message in found if message.is_silenced()}),
        }
    except Exception as error:
        if os.environ.get("RECORD_TRACE"):
            traceback.print_exc()
        return {"error": {"stage": stage, "type": type(error).__name__}}


def forked(text):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            json.dump(outcome(text), out)
            out.flush()
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as source:
        answer = json.load(source)
    os.waitpid(child, 0)
    return answer


def by_command(text):
    """The ids that the real command prints for that settings module, or None when it does not get that far."""
    with tempfile.TemporaryDirectory() as project:
        for name, content in [("manage.py", MANAGE), ("urls.py", URLS), ("case.py", text)]:
            with open(os.path.join(project, name), "w") as file:
                file.write(content)
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--settings=case"],
            cwd=project, capture_output=True, text=True, check=False,
        )
    printed = ran.stdout + ran.stderr
    if "Traceback" in printed or "System check identified" not in printed:
        return None
    return sorted(set(re.findall(r"^\S+: \(([\w.]+)\)", printed, re.M)))


def here(case):
    return tuple(map(int, case.get("since", "0.0").split("."))) <= django.VERSION[:2]


def cross_check(cases, count):
    chosen = random.Random(20).sample(cases, count)
    wrong = 0
    for case in chosen:
        ours, real = forked(case["settings"]), by_command(case["settings"])
        if ours.get("checks") != real:
            wrong += 1
            print(case["id"], ours, real, file=sys.stderr)
    print(f"Django {django.get_version()}: {count - wrong} of {count} cases agree with manage.py check --deploy")
    return 1 if wrong else 0


def main():
    warnings.simplefilter("ignore")
    for name in PRELOADED:
        importlib.import_module(name)
    with open(sys.argv[1]) as file:
        cases = [case for case in map(json.loads, file) if here(case)]
    if sys.argv[2:3] == ["--cross-check"]:
        return cross_check(cases, int(sys.argv[3]))
    header = {"django": django.get_version(), "python": platform.python_version()}
    header["packages"] = {package: importlib.metadata.version(package) for package in PACKAGES}
    print(json.dumps(header))
    for case in cases:
        print(json.dumps({"id": case["id"], **forked(case["settings"])}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
