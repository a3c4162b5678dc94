# The function is given by name, its arguments by name, too.
import os


def later(*, action, value):
    action(command=value)


def run(command):
    os.system(command)  # bad: command


def view(request):
    later(action=run, value=request.GET["command"])
