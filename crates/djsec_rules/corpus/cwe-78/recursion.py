# A function that calls itself until it runs the command.
import os


def run(words, command=""):
    if not words:
        os.system(command)  # bad: command
        return
    run(words[1:], command + " " + words[0])


def view(request):
    run(request.GET["command"].split())
