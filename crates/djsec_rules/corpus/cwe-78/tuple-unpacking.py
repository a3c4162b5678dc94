# Each name gets its own part of a tuple.
import os


def view(request):
    folder, label = request.GET["folder"], "x"
    os.system("ls " + folder)  # bad: command
    os.system("ls " + label)  # ok: command
    folder, label = label, folder
    os.system("ls " + folder)  # ok: command
    os.system("ls " + label)  # bad: command
