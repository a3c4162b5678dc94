# Data goes down through three functions.
import os


def outer(name):
    middle(name, True)


def middle(name, verbose):
    inner(verbose=verbose, name=name)


def inner(name, verbose):
    os.system("tar cf out.tar " + name)  # bad: command


def view(request):
    outer(request.POST["name"])
