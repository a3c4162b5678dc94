# A function that is given as an argument is called with data.
import os


def run(command):
    os.system(command)  # bad: command


def each(values, action):
    for value in values:
        action(value)


def view(request):
    each(request.GET.getlist("command"), run)
