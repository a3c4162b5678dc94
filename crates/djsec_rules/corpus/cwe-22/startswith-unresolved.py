# A path that is not resolved may begin with the folder and leave it all the same.
import os

ROOT = "/srv/"


def view(request):
    path = os.path.join(ROOT, request.GET["name"])
    if not path.startswith(ROOT):
        return None
    return open(path)  # bad: path
