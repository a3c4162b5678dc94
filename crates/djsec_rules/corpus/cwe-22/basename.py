# The last part of a path has no folder in it.
import os


def view(request):
    name = os.path.basename(request.GET["name"])
    open(os.path.join("/srv", name))  # ok: path
    folder = os.path.dirname(request.GET["name"])
    open(os.path.join("/srv", folder))  # bad: path
