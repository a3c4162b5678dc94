# `**options` gathers arguments by name, each under its own.
import os


def run(**options):
    os.system("ls " + options["folder"])  # bad: command


def other(**options):
    os.system("ls " + options["label"])  # ok: command


def view(request):
    run(folder=request.GET["folder"], label="x")
    other(folder=request.GET["folder"], label="x")
