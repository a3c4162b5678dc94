# `get` gives the value under a key, or the default.
import os


def view(request):
    options = {"folder": request.GET["folder"], "label": "x"}
    os.system("ls " + options.get("folder", ""))  # bad: command
    os.system("ls " + options.get("label", ""))  # ok: command
    os.system("ls " + options.get("other", request.GET["folder"]))  # bad: command
