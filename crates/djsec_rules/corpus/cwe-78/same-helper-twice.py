# One helper, called with data and without: only one result carries data.
import os


def command(folder):
    return "ls " + folder


def view(request):
    with_data = command(request.GET["folder"])
    without = command("/srv")
    os.system(without)  # ok: command
    os.system(with_data)  # bad: command
