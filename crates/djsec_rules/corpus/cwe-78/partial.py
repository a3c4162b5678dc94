# `functools.partial` keeps some arguments for later.
import os
from functools import partial


def run(program, folder):
    os.system(program + " " + folder)  # bad: command


def view(request):
    listing = partial(run, "ls")
    listing(request.GET["folder"])
