# The common path of the resolved file and the folder must be the folder.
import os

ROOT = "/srv"


def view(request):
    path = os.path.realpath(os.path.join(ROOT, request.GET["name"]))
    if os.path.commonpath([ROOT, path]) != ROOT:
        return None
    return open(path)  # ok: path
