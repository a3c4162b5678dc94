# An inner function gives a name of the function around it something else.
import os


def view(request):
    command = "ls"

    def choose():
        nonlocal command
        command = request.GET["command"]

    choose()
    os.system(command)  # bad: command
