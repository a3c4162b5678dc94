# The inner handler leaves, the outer one goes on.
import os


def view(request):
    command = "ls"
    try:
        try:
            command = request.GET["command"]
        except KeyError:
            return None
        os.system(command)  # bad: command
    except OSError:
        os.system(command)  # bad: command
