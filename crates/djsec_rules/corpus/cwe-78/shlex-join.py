# `shlex.join` quotes each word; `shlex.split` only takes apart.
import os
import shlex


def view(request):
    os.system(shlex.join(["ls", request.GET["folder"]]))  # ok: command
    os.system(" ".join(shlex.split(request.GET["command"])))  # bad: command
