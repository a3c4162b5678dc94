# What a generator returns is not among what it yields.
import os


def parts(request):
    yield "true"
    return request.GET["command"]


def whole(request):
    last = yield from parts(request)
    yield last


def view(request):
    for command in parts(request):
        os.system(command)  # ok: command
    for command in whole(request):
        os.system(command)  # bad: command
