# A resolved path that must stand in its folder.
from pathlib import Path

ROOT = Path("/srv")


def view(request):
    path = (ROOT / request.GET["name"]).resolve()
    if not path.is_relative_to(ROOT):
        raise ValueError
    return path.read_text()  # ok: path


def lax(request):
    path = (ROOT / request.GET["name"]).resolve()
    path.is_relative_to(ROOT)
    return path.read_text()  # bad: path
