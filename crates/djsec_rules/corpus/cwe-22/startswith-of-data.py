# What the path must begin with comes from the visitor, too.
import os


def view(request):
    path = os.path.realpath(request.GET["name"])
    if not path.startswith(request.GET["root"]):
        return None
    return open(path)  # bad: path
