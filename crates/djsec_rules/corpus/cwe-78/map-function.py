# `map` calls a function with every element.
import os


def run(command):
    os.system(command)  # bad: command


def view(request):
    list(map(run, request.GET.getlist("command")))
