# Functions of `operator` and `functools` that take parts of values, and put values together.
import functools
import operator
import os


def view(request):
    folder = operator.itemgetter("folder")
    os.system("ls " + folder(request.GET))  # bad: command
    pair = {"name": request.GET["name"], "kind": "file"}
    name, kind = operator.itemgetter("name", "kind")(pair)
    os.system("ls " + name)  # bad: command
    os.system("ls " + kind)  # ok: command
    parts = functools.reduce(operator.add, request.GET.getlist("part"), "ls ")
    os.system(parts)  # bad: command
    total = functools.reduce(lambda sum, part: sum + len(part), request.GET.getlist("part"), 0)
    os.system("head -n %d" % total)  # ok: command
    lower = operator.methodcaller("lower")
    os.system(lower(request.GET["command"]))  # bad: command


class Job:
    def __init__(self, command, folder):
        self.command = command
        self.folder = folder


def by_attribute(request):
    job = Job(request.GET["command"], "/srv")
    os.system(operator.attrgetter("command")(job))  # bad: command
    os.system("ls " + operator.attrgetter("folder")(job))  # ok: command
