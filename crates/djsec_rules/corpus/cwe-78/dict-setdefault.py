# `setdefault` puts a value in and gives it back.
import os


def view(request):
    options = {}
    os.system("ls " + options.setdefault("folder", request.GET["folder"]))  # bad: command
    os.system("ls " + options["folder"])  # bad: command
