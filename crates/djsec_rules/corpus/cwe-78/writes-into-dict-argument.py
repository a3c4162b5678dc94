# A helper puts data under a key of the dict that it is given.
import os


def fill(options, folder):
    options["folder"] = folder


def view(request):
    options = {"label": "x"}
    fill(options, request.GET["folder"])
    os.system("ls " + options["folder"])  # bad: command
    os.system("ls " + options["label"])  # ok: command
