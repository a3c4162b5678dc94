# A coroutine is started by a decorator, and sent work from elsewhere.
import functools
import os


def coroutine(function):
    @functools.wraps(function)
    def start(*args, **kwargs):
        running = function(*args, **kwargs)
        next(running)
        return running

    return start


@coroutine
def runner(prefix):
    while True:
        target = yield
        os.system(prefix + target)  # bad: command


@coroutine
def counter():
    total = 0
    while True:
        total += yield total
        os.system("echo %d" % total)  # ok: command


def feed(running, target):
    running.send(target)


def view(request):
    feed(runner("make "), request.GET["target"])
    counting = counter()
    counting.send(len(request.GET["target"]))
