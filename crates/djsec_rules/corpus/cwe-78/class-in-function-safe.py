# Two classes of one name in two functions are two classes.
import os
import shlex


def quoted(request):
    class Runner:
        def run(self, command):
            os.system(shlex.quote(command))  # ok: command

    Runner().run(request.GET["command"])


def fixed():
    class Runner:
        def run(self, command):
            os.system(command)  # ok: command

    Runner().run("ls")
