# The argument that `partial` keeps is the data.
import os
from functools import partial


def run(folder, program="ls"):
    os.system(program + " " + folder)  # bad: command


def view(request):
    listing = partial(run, request.GET["folder"])
    listing()
