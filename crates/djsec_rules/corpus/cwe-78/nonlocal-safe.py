# Inner functions that are never called, or give the name something harmless.
import os


def view(request):
    command = "ls"
    other = "ls"

    def never():
        nonlocal command
        command = request.GET["command"]

    def fixed():
        nonlocal other
        other = "du" if request.GET["size"] else "ls"

    def local():
        command = request.GET["command"]
        return command

    fixed()
    local()
    os.system(command)  # ok: command
    os.system(other)  # ok: command
