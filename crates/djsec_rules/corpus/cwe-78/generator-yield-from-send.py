# `yield from` hands on what is sent, and gives what the other generator returns.
import os


def runner():
    command = yield
    os.system(command)  # bad: command
    return command


def echoing():
    command = yield
    os.system("true")  # ok: command
    return "done"


def outer():
    last = yield from runner()
    os.system(last)  # bad: command
    last = yield from echoing()
    os.system(last)  # ok: command


def view(request):
    running = outer()
    next(running)
    running.send(request.GET["command"])
