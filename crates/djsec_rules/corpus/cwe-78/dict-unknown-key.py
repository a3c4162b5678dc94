# A value under a key that is not known may be the one that is read.
import os


def view(request):
    options = {"folder": "/srv"}
    options[request.GET["key"]] = request.GET["value"]
    os.system("ls " + options["folder"])  # bad: command
