# A function in a view reads the request of the view around it.
import os
import shlex


def view(request):
    def run():
        os.system("ls " + request.GET["folder"])  # bad: command

    def quoted():
        os.system("ls " + shlex.quote(request.GET["folder"]))  # ok: command

    run()
    quoted()
