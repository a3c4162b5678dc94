# The default of a lambda keeps a value.
import os


def view(request):
    folder = request.GET["folder"]
    run = lambda command=folder: os.system("ls " + command)  # bad: command
    run()
