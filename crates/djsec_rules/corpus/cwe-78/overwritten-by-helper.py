# A helper gives back a constant in place of what it is given.
import os


def cleaned(command):
    command = "ls"
    return command


def view(request):
    os.system(cleaned(request.GET["command"]))  # ok: command
