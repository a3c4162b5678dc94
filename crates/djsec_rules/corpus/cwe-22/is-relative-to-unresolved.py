# Without `resolve`, a path with `..` counts as being in the folder.
from pathlib import Path

ROOT = Path("/srv")


def view(request):
    path = ROOT / request.GET["name"]
    if not path.is_relative_to(ROOT):
        raise ValueError
    return path.read_text()  # bad: path
