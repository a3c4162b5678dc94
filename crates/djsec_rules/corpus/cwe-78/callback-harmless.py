# The function that is given as an argument does no harm.
import os


def run(command):
    os.system(command)  # ok: command


def note(command):
    return len(command)


def each(values, action):
    for value in values:
        action(value)


def view(request):
    each(request.GET.getlist("command"), note)
    each(["ls"], run)
