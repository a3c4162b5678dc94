# Two functions that call each other hand data on.
import os


def ping(text, depth):
    if depth == 0:
        os.system(text)  # bad: command
    else:
        pong(text, depth - 1)


def pong(text, depth):
    ping(text, depth - 1)


def view(request):
    ping(request.GET["command"], 3)
