# Functions that objects hold in their attributes, alone and in tables and lists.
import os
import shlex
from functools import partial

from django.views import View


def noted(text):
    len(text)


def shell(text):
    os.system(text)  # bad: command


def shell_in(folder, text):
    os.system(folder + text)  # bad: command


def shell_quoted(text):
    os.system("ls " + shlex.quote(text))  # ok: command


def shell_never(text):
    os.system(text)  # ok: command


class Fixed:
    def __init__(self):
        self.handler = shell

    def go(self, text):
        self.handler(text)


def fixed(request):
    Fixed().go(request.GET["a"])


def given_shell(text):
    os.system(text)  # bad: command


class Given:
    def __init__(self, handler=None):
        self.handler = handler

    def go(self, text):
        if self.handler:
            self.handler(text)


def given(request):
    Given(given_shell).go(request.GET["a"])
    Given(handler=noted).go(request.GET["a"])
    Given(shell_never).go("ls")


class Partly:
    def __init__(self):
        self.handler = partial(shell_in, "/srv")

    def go(self, text):
        self.handler(text)


def partly(request):
    Partly().go(request.GET["a"])


def given_back(text):
    return text


class Results:
    def __init__(self):
        self.quoted = lambda text: shlex.quote(text)
        self.raw = lambda text: text
        self.plain = given_back

    def go(self, text):
        os.system("ls " + self.quoted(text))  # ok: command
        os.system("ls " + self.raw(text))  # bad: command
        os.system("ls " + self.plain(text))  # bad: command


def results(request):
    Results().go(request.GET["a"])


def in_table(text):
    os.system(text)  # bad: command


def put_in_table(text):
    os.system(text)  # bad: command


class Table:
    def __init__(self):
        self.table = {"a": in_table, "b": noted}
        self.table["c"] = put_in_table

    def go(self, name, text):
        self.table[name](text)


def table(request):
    Table().go(request.GET["n"], request.GET["a"])


class Methods:
    def __init__(self):
        self.table = {"one": self.one, "two": self.two}

    def one(self, text):
        os.system(text)  # bad: command

    def two(self, text):
        os.system("ls " + shlex.quote(text))  # ok: command

    def go(self, name, text):
        handler = self.table.get(name)
        return handler(text)


def methods(request):
    Methods().go(request.GET["n"], request.GET["a"])


def hook(text):
    os.system(text)  # bad: command


class Hooks:
    def __init__(self):
        self.hooks = []

    def add(self, called):
        self.hooks.append(called)

    def go(self, text):
        for called in self.hooks:
            called(text)


def hooks(request):
    some = Hooks()
    some.add(hook)
    some.go(request.GET["a"])
    other = Hooks()
    other.add(noted)
    other.go(request.GET["a"])


class Chosen:
    fast = False

    def choose(self):
        self.handler = self.loud if self.fast else self.quiet

    def loud(self, text):
        os.system(text)  # bad: command

    def quiet(self, text):
        len(text)

    def post(self, request):
        self.choose()
        self.handler(request.POST["a"])


class Shown(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.shown = self.raw
        self.shown_safe = self.quoted

    def raw(self, text):
        return text

    def quoted(self, text):
        return shlex.quote(text)

    def get(self, request):
        os.system(self.shown(request.GET["a"]))  # bad: command
        os.system(self.shown_safe(request.GET["a"]))  # ok: command


def perhaps(text):
    os.system(text)  # bad: command


def chosen(request):
    handler = None
    if request.GET.get("go"):
        handler = perhaps
    if handler:
        handler(request.GET["a"])


def kept_method(request):
    go = made()
    go(request.GET["a"])


def made():
    return Runs().go


class Runs:
    def go(self, text):
        os.system(text)  # bad: command
