# Defaults of functions in functions: what is quoted stays so, and each keeps its own.
import os
import shlex


def view(request):
    folder = request.GET["folder"]
    run = lambda command=shlex.quote(folder): os.system("ls " + command)  # ok: command
    run()

    def listing(command="ls", folder=folder):
        os.system(command)  # ok: command
        os.system("ls " + folder)  # bad: command

    listing()
