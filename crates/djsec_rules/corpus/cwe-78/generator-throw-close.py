# What is thrown into a generator is an exception, and nothing is left of what it is closed with.
import os


class Stopped(Exception):
    pass


def runner():
    while True:
        try:
            command = yield "true"
        except Stopped:
            command = "false"
        os.system(command)  # ok: command


def view(request):
    running = runner()
    next(running)
    os.system(running.throw(Stopped(request.GET["why"])))  # ok: command
    running.close()
