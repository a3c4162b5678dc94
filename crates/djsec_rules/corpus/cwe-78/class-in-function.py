# A class that is defined in a function.
import os


def view(request):
    class Runner:
        def run(self, command):
            os.system(command)  # bad: command

    Runner().run(request.GET["command"])
