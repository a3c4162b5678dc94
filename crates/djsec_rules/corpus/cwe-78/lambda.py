# A lambda is a function like any other.
import os


def view(request):
    command = lambda folder: "ls " + folder
    os.system(command(request.GET["folder"]))  # bad: command
    os.system(command("/srv"))  # ok: command
