# The common path of something that is not resolved says nothing.
import os

ROOT = "/srv"


def view(request):
    path = os.path.join(ROOT, request.GET["name"])
    if os.path.commonpath([ROOT, path]) != ROOT:
        return None
    return open(path)  # bad: path
