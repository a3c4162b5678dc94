# `relative_to` raises where the resolved path leaves its folder.
from pathlib import Path

ROOT = Path("/srv")


def view(request):
    path = (ROOT / request.GET["name"]).resolve()
    path.relative_to(ROOT)
    return path.read_text()  # ok: path


def lax(request):
    path = (ROOT / request.GET["name"]).resolve()
    try:
        path.relative_to(ROOT)
    except ValueError:
        print("outside")
    return path.read_text()  # bad: path
