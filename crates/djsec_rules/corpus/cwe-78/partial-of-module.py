# A function with some of its arguments that stands at the top of a module.
import os
from functools import partial


def run(shell, command):
    if shell:
        os.system(command)  # bad: command


def run_fixed(command, name):
    os.system(command)  # ok: command
    print(name)


run_in_shell = partial(run, True)
show = partial(run_fixed, "ls")
listed = partial(run_fixed, name="ls")


def view(request):
    run_in_shell("ls " + request.GET["folder"])
    show(request.GET["folder"])
    listed("ls")
