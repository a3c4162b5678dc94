# Decorators that are classes, and decorators that leave the function as it is.
import functools
import os
from functools import lru_cache, partialmethod, singledispatch, wraps


class Logged:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


class Prefixed:
    def __init__(self, prefix):
        self.prefix = prefix

    def __call__(self, function):
        @wraps(function)
        def inner(text):
            return function(self.prefix + text)

        return inner


@Logged
def run(text):
    os.system(text)  # bad: command


@lru_cache(maxsize=None)
def named(text):
    return "ls " + text


@Prefixed("ls ")
def listed(text):
    os.system(text)  # bad: command


@singledispatch
def start(value):
    os.system("true")  # ok: command


@start.register
def _(value: str):
    os.system(value)  # bad: command


class Job:
    def run(self, program, folder):
        os.system(program + folder)  # bad: command

    list = partialmethod(run, "ls ")


def view(request):
    run(request.GET["command"])
    os.system(named(request.GET["folder"]))  # bad: command
    listed(request.GET["folder"])
    start(request.GET["command"])
    Job().list(request.GET["folder"])
