# `next` takes one element of a generator.
import os


def commands(request):
    yield "ls " + request.GET["folder"]


def view(request):
    os.system(next(commands(request)))  # bad: command
