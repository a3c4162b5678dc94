# `partial` with arguments by name.
import os
from functools import partial


def run(program, folder):
    os.system(program + folder)  # bad: command


def other(program, folder):
    os.system(program)  # ok: command


def view(request):
    partial(run, folder=request.GET["folder"])("ls")
    partial(other, folder=request.GET["folder"])("ls")
