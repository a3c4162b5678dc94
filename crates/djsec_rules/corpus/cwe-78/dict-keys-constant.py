# The keys of a dict that are constants stay harmless whatever the values are.
import os


def view(request):
    options = {"folder": request.GET["folder"]}
    for key in options:
        os.system("ls " + key)  # ok: command
    for key, value in options.items():
        os.system("ls " + key)  # ok: command
