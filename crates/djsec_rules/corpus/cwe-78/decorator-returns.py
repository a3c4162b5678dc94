# What a decorated function gives back goes through the decorator.
import os
from functools import lru_cache


@lru_cache(maxsize=10)
def command_for(folder):
    return "ls " + folder


def view(request):
    os.system(command_for(request.GET["folder"]))  # bad: command
