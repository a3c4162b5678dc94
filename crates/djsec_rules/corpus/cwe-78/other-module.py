# The helper stands in another module of the project.
from shop import shell
from shop.shell import run as start


def view(request):
    shell.run("ls " + request.GET["folder"])
    start("ls " + request.GET["folder"])
# --- shell.py
import os


def run(command):
    os.system(command)  # bad: command
