# `shlex.quote` makes a value one word of a shell command.
import os
import shlex


def view(request):
    folder = shlex.quote(request.GET["folder"])
    os.system("ls " + folder)  # ok: command
    os.system("ls " + request.GET["folder"])  # bad: command
