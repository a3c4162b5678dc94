# The helper is imported through another module of the project.
from shop.tools import run


def view(request):
    run("ls " + request.GET["folder"])
# --- tools.py
from shop.shell import run
# --- shell.py
import os


def run(command):
    os.system(command)  # bad: command
