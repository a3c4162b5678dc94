# A function gives back different things on different paths.
import os


def choose(request, fixed):
    if fixed:
        return "ls"
    elif request.GET.get("a") == "x":
        return "du"
    return request.GET["a"]


def view(request):
    os.system(choose(request, False))  # bad: command
