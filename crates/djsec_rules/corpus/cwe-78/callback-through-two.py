# A function is handed on before it is called.
import os


def outer(action, value):
    inner(value, action)


def inner(value, action):
    action(value, "x")


def run(command, label):
    os.system(command)  # bad: command


def harmless(command, label):
    os.system(label)  # ok: command


def view(request):
    outer(run, request.GET["command"])
    outer(harmless, request.GET["command"])
