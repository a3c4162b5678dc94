# A dict that is unpacked gives each argument its own value.
import os


def run(folder, label):
    os.system("ls " + folder)  # bad: command


def other(folder, label):
    os.system("ls " + label)  # ok: command


def view(request):
    options = {"folder": request.GET["folder"], "label": "x"}
    run(**options)
    other(**options)
