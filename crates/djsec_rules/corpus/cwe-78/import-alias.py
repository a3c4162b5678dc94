# Modules and functions that are imported under other names.
import os as system
from subprocess import getoutput as output


def view(request):
    system.system("ls " + request.GET["folder"])  # bad: command
    output("ls " + request.GET["folder"])  # bad: command
