# The starred name gets all that is left.
import os


def view(request):
    first, *rest = "ls", request.GET["a"], request.GET["b"]
    os.system(first)  # ok: command
    os.system(" ".join(rest))  # bad: command
