# Names of modules that hold what is fixed; a name of the function is not that of the module.
import os

LAST = "ls"
COUNT = 0


def count(request):
    global COUNT
    COUNT = int(request.GET["count"])


def local(request):
    LAST = request.GET["command"]
    return LAST


def view(request):
    os.system(LAST)  # ok: command
    os.system("head -n %s list" % COUNT)  # ok: command
