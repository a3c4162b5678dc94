# A constant of the module.
import os

FOLDER = "/srv"
COMMANDS = {"list": "ls", "size": "du"}


def view(request):
    os.system("ls " + FOLDER)  # ok: command
    os.system(COMMANDS[request.GET["command"]])  # ok: command
    os.system(COMMANDS.get(request.GET["command"], "ls"))  # ok: command
    os.system(COMMANDS.get(request.GET["command"], request.GET["command"]))  # bad: command
