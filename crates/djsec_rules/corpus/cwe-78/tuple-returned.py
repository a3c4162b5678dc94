# A function gives several values; each keeps its own data.
import os


def parts(request):
    return "ls", request.GET["folder"]


def view(request):
    program, folder = parts(request)
    os.system(program)  # ok: command
    os.system(folder)  # bad: command
