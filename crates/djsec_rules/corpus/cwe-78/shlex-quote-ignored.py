# The quoted value is thrown away.
import os
import shlex


def view(request):
    folder = request.GET["folder"]
    shlex.quote(folder)
    os.system("ls " + folder)  # bad: command
