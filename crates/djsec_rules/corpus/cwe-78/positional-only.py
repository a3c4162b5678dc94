# Parameters that can only be given by place.
import os


def run(program, folder, /, label="x"):
    os.system(program + folder)  # bad: command
    os.system(label)  # ok: command


def view(request):
    run("ls ", request.GET["folder"])
