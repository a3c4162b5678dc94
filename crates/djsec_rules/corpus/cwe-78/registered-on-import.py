# Functions and classes that modules hand over while they are imported.
import os
import shlex


class Bus:
    def __init__(self):
        self.handlers = {}
        self.all = []

    def on(self, name):
        def wrap(called):
            self.handlers[name] = called
            return called

        return wrap

    def add(self, name, called):
        self.handlers[name] = called

    def append(self, called):
        self.all.append(called)
        return called

    def fire(self, name, text):
        self.handlers[name](text)

    def fire_all(self, text):
        for called in self.all:
            called(text)


class Quiet(Bus):
    pass


bus = Bus()


@bus.on("first")
def first(text):
    os.system(text)  # bad: command


def second(text):
    os.system(text)  # bad: command


bus.add("second", second)


@bus.append
def third(text):
    os.system(text)  # bad: command


@bus.append
def quoted(text):
    os.system("ls " + shlex.quote(text))  # ok: command


def never(text):
    os.system(text)  # ok: command


def fire(request):
    bus.fire(request.GET["name"], request.GET["a"])
    bus.fire_all(request.GET["a"])


HANDLERS = {}


def register(name):
    def wrap(called):
        HANDLERS[name] = called
        return called

    return wrap


@register("a")
def fourth(text):
    os.system(text)  # bad: command


def handled(request):
    HANDLERS[request.GET["name"]](request.GET["a"])


class Action:
    def run(self, text):
        os.system(text)  # bad: command


class Other:
    def run(self, text):
        os.system(text)  # ok: command


class Registry:
    def __init__(self):
        self._actions = {}

    def register(self, key, action):
        self._actions[key] = action

    def get(self, key):
        return self._actions[key]


registry = Registry()
registry.register("action", Action)


def acted(request):
    registry.get(request.GET["name"])().run(request.GET["a"])


class Export:
    def run(self, text):
        os.system(text)  # bad: command


EXPORTS = {}
EXPORTS["export"] = Export


def exported(request):
    EXPORTS[request.GET["name"]]().run(request.GET["a"])


def hook(text):
    os.system(text)  # bad: command


HOOKS = []
HOOKS.append(hook)


def hooks(request):
    for one in HOOKS:
        one(request.GET["a"])
