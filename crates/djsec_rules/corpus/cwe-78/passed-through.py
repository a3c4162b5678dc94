# `*args, **kwargs` that are handed on keep what is in them.
import os


def run(folder):
    os.system("ls " + folder)  # bad: command


def logged(*args, **kwargs):
    return run(*args, **kwargs)


def view(request):
    logged(folder=request.GET["folder"])
