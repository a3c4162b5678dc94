# A generator answers what it is sent with what it yields next; what it was started with stays its own.
import os
import shlex


def echo(first):
    word = yield first
    while True:
        word = yield "echo " + word


def quoting():
    word = yield
    while True:
        word = yield "echo " + shlex.quote(word)


def view(request):
    running = echo("ls")
    os.system(next(running))  # ok: command
    os.system(running.send(request.GET["word"]))  # bad: command
    careful = quoting()
    next(careful)
    os.system(careful.send(request.GET["word"]))  # ok: command
