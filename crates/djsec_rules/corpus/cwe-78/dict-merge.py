# Mappings that are put together: the later one wins.
import os
from collections import ChainMap, OrderedDict


def view(request):
    given = {"command": request.GET["command"]}
    fixed = {"command": "ls", "folder": "/srv"}
    os.system((fixed | given)["command"])  # bad: command
    os.system((given | fixed)["command"])  # ok: command
    os.system((fixed | given)["folder"])  # ok: command
    os.system({**fixed, **given}["command"])  # bad: command
    os.system({**given, **fixed}["command"])  # ok: command
    os.system({**given, "command": "ls"}["command"])  # ok: command
    merged = dict(fixed)
    merged |= given
    os.system(merged["command"])  # bad: command
    os.system(dict(fixed, command=request.GET["command"])["command"])  # bad: command
    os.system(ChainMap(given, fixed)["command"])  # bad: command
    ordered = OrderedDict([("command", request.GET["command"])])
    os.system(ordered["command"])  # bad: command
    names = dict.fromkeys(request.GET.getlist("name"), "ls")
    os.system(names["a"])  # ok: command
    os.system(" ".join(names))  # bad: command
