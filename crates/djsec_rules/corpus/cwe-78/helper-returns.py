# A helper gives back what it got, in a larger text.
import os


def command_for(folder):
    return "ls " + folder


def fixed(folder):
    return "ls /srv"


def view(request):
    os.system(command_for(request.GET["folder"]))  # bad: command
    os.system(fixed(request.GET["folder"]))  # ok: command
