# The function that is given as an argument is the shell itself.
import os


def each(values, action):
    for value in values:
        action(value)


def view(request):
    each(request.GET.getlist("command"), os.system)  # bad: command
