# A generator gives what it yields.
import os


def commands(folders):
    for folder in folders:
        yield "ls " + folder


def view(request):
    for command in commands(request.GET.getlist("folder")):
        os.system(command)  # bad: command
    for command in commands(["/srv"]):
        os.system(command)  # ok: command
