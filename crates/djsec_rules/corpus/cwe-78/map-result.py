# What `map` gives is what the function gives.
import os


def prefixed(folder):
    return "ls " + folder


def view(request):
    for command in map(prefixed, request.GET.getlist("folder")):
        os.system(command)  # bad: command
    for number in map(int, request.GET.getlist("id")):
        os.system(f"kill {number}")  # ok: command
