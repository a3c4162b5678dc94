# Which function runs is chosen by the class of the first argument.
import os
from functools import singledispatch, singledispatchmethod


class Folder:
    def __init__(self, name):
        self.name = name


class Archive(Folder):
    pass


class Nothing:
    def __init__(self, name):
        self.name = name


@singledispatch
def show(value):
    os.system("ls %s" % value)  # bad: command


@show.register
def _(value: int):
    os.system("head -c %s" % value)  # ok: command


@show.register(Folder)
def _(value):
    os.system("ls " + value.name)  # bad: command


@show.register
def show_nothing(value: Nothing):
    os.system("ls " + value.name)  # ok: command


@singledispatch
def words_of(value):
    return "ls"


@words_of.register
def _(value: str):
    return "ls " + value


@words_of.register
def _(value: Nothing):
    return "ls " + value.name


class Shell:
    @singledispatchmethod
    def run(self, value):
        raise NotImplementedError

    @run.register
    def _(self, value: str):
        os.system(value)  # bad: command

    @run.register
    def _(self, value: Folder):
        os.system("ls " + value.name)  # ok: command


def view(request):
    show(request.GET["folder"])
    show(Archive(request.GET["folder"]))
    show(Nothing("ls"))
    os.system(words_of(request.GET["folder"]))  # bad: command
    os.system(words_of(Folder(request.GET["folder"])))  # ok: command
    Shell().run(request.GET["folder"])
    Shell().run(Folder("/srv"))
