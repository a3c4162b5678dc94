# A name of the module that one view writes and another one reads.
import os

LAST = "ls"


def keep(request):
    global LAST
    LAST = request.GET["command"]


def view(request):
    os.system(LAST)  # bad: command
