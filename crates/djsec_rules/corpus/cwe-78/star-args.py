# `*args` gathers every further argument.
import os


def run(program, *arguments):
    os.system(program + " " + " ".join(arguments))  # bad: command


def view(request):
    run("ls", "-l", request.GET["folder"])
