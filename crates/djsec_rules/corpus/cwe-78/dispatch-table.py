# A table of functions is asked for one by a key.
import os


def listing(folder):
    os.system("ls " + folder)  # bad: command


def size(folder):
    return len(folder)


ACTIONS = {"list": listing, "size": size}


def view(request):
    ACTIONS[request.GET["action"]](request.GET["folder"])
