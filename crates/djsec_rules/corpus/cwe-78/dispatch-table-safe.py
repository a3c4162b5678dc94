# The functions of a table that are asked for by a key that is known; one of them quotes.
import os
import shlex


def plain(folder):
    os.system("ls " + folder)  # ok: command


def quoted(folder):
    os.system("ls " + shlex.quote(folder))  # ok: command


def size(folder):
    return str(len(folder))


ACTIONS = {"plain": plain, "quoted": quoted}


def view(request):
    ACTIONS["quoted"](request.GET["folder"])
    harmless = {"quoted": quoted, "size": size}
    harmless[request.GET["action"]](request.GET["folder"])
    os.system("ls " + {"size": size}[request.GET["action"]](request.GET["folder"]))  # ok: command
