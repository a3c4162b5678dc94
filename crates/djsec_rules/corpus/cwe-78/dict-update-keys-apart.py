# `update` with a dict keeps its keys apart.
import os


def view(request):
    options = {"label": "x"}
    options.update({"folder": request.GET["folder"], "kind": "y"})
    os.system("ls " + options["folder"])  # bad: command
    os.system("ls " + options["kind"])  # ok: command
    os.system("ls " + options["label"])  # ok: command
    options.update(request.GET.dict())
    os.system("ls " + options["other"])  # bad: command
