# `update`, `|` and unpacking put one dict into another.
import os


def view(request):
    given = {"folder": request.GET["folder"]}
    options = {"label": "x"}
    options.update(given)
    os.system("ls " + options["folder"])  # bad: command
    options = {"label": "x", **given}
    os.system("ls " + options["folder"])  # bad: command
    options = {"label": "x"} | given
    os.system("ls " + options["folder"])  # bad: command
    options = dict(given, label="x")
    os.system("ls " + options["folder"])  # bad: command
    os.system("ls " + options["label"])  # ok: command
