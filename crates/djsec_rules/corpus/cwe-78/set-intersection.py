# What is in a set of constants, too, is one of them.
import os

ALLOWED = {"ls", "du"}


def view(request):
    os.system(" ".join(ALLOWED & set(request.GET.getlist("a"))))  # ok: command
    os.system(" ".join(ALLOWED | set(request.GET.getlist("a"))))  # bad: command
