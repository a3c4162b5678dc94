# The views of a dict give keys and values.
import os


def view(request):
    options = {"folder": request.GET["folder"]}
    for key, value in options.items():
        os.system("ls " + value)  # bad: command
    for value in options.values():
        os.system("ls " + value)  # bad: command
    os.system("ls " + options.pop("folder"))  # bad: command
