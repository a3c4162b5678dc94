# A dict in a dict.
import os


def view(request):
    options = {"shell": {"folder": request.GET["folder"], "label": "x"}}
    os.system("ls " + options["shell"]["folder"])  # bad: command
    os.system("ls " + options["shell"]["label"])  # ok: command
    options["shell"]["label"] = request.GET["label"]
    os.system("ls " + options["shell"]["label"])  # bad: command
