# What an inner function gives back, made from a name around it.
import os


def view(request):
    folder = request.GET["folder"]

    def command():
        return "ls " + folder

    os.system(command())  # bad: command
