# A helper hands its argument to the shell; the call that gives it data is to blame.
import os


def run(command):
    os.system(command)  # bad: command


def view(request):
    run("ls " + request.GET["folder"])
    run("ls /srv")
