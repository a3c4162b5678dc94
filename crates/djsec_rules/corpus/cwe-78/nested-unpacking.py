# Patterns in patterns.
import os


def view(request):
    (program, (folder, label)) = ("ls", (request.GET["folder"], "x"))
    os.system(folder)  # bad: command
    os.system(program + label)  # ok: command
