# Joining paths keeps `..` and absolute names.
import os


def view(request):
    path = os.path.join("/srv", request.GET["name"])
    open(path)  # bad: path
    path = os.path.normpath(path)
    open(path)  # bad: path
    open(os.path.join("/srv", "monthly.csv"))  # ok: path
