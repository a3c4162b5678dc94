# A generator hands on what another one yields.
import os


def folders(request):
    yield request.GET["folder"]


def commands(request):
    yield "ls /srv"
    yield from folders(request)


def view(request):
    for command in commands(request):
        os.system(command)  # bad: command
