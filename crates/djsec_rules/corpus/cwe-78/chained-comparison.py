# A chain of comparisons says nothing of a text.
import os


def view(request):
    command = request.GET["command"]
    if 0 < len(command) < 100:
        os.system(command)  # bad: command
    if "a" <= command <= "z":
        os.system(command)  # bad: command
