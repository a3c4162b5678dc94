# Functions that call what they are given, themselves among it.
import os


def twice(action, value):
    action(action, value)
    return action


def run(action, command):
    os.system(command)  # bad: command


def view(request):
    twice(twice, twice)
    twice(run, request.GET["command"])
