# The real path must begin with the folder.
import os

ROOT = "/srv/"


def view(request):
    path = os.path.realpath(os.path.join(ROOT, request.GET["name"]))
    if not path.startswith(ROOT):
        return None
    return open(path)  # ok: path
