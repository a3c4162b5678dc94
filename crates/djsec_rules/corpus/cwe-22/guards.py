# Guards on paths as people write them.
import os
import re
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404
from django.utils._os import safe_join
from django.utils.text import get_valid_filename, slugify

ROOT = Path("/srv/files").resolve()
NAME = re.compile(r"[\w-]+\.csv")


def below(root, name):
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise Http404
    return path


def find(name):
    try:
        return safe_join("/srv/files", name)
    except SuspiciousFileOperation:
        raise Http404 from None


def one(request):
    return FileResponse(open(below(ROOT, request.GET["name"])))  # ok: path


def two(request):
    return FileResponse(open(find(request.GET["name"])))  # ok: path


def three(request):
    name = request.GET["name"]
    if not NAME.fullmatch(name):
        raise Http404
    return FileResponse(open(ROOT / name))  # ok: path


def four(request):
    name = request.GET["name"]
    if name not in os.listdir("/srv/files"):
        raise Http404
    return FileResponse(open("/srv/files/" + name))  # ok: path


def five(request):
    name = get_valid_filename(request.GET["name"])
    return FileResponse(open(os.path.join("/srv/files", name)))  # ok: path


def six(request):
    path = ROOT / request.GET["name"]
    if not path.exists():
        raise Http404
    return FileResponse(path.open())  # bad: path


def seven(request):
    name = request.GET["name"].replace("../", "")
    return FileResponse(open("/srv/files/" + name))  # bad: path


def eight(request):
    name = "%s.csv" % slugify(request.GET["name"])
    return FileResponse(open("/srv/files/" + name))  # ok: path


def nine(request):
    name = request.GET["name"]
    if os.sep in name or name.startswith("."):
        raise Http404
    return FileResponse(open("/srv/files/" + name))  # ok: path
