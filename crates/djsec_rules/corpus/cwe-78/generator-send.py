# What is sent into a generator comes out of its `yield`.
import os


def runner():
    while True:
        command = yield
        os.system(command)  # bad: command


def view(request):
    running = runner()
    next(running)
    running.send(request.GET["command"])
