# `Path.name` is the last part, `Path.parent` is not.
from pathlib import Path


def view(request):
    path = Path(request.GET["name"])
    (Path("/srv") / path.name).read_text()  # ok: path
    (Path("/srv") / path.parent).read_text()  # bad: path
