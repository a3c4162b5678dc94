# A function under another name.
import os


def view(request):
    run = os.system
    run("ls " + request.GET["folder"])  # bad: command
