# Sets keep what is put into them.
import os


def view(request):
    words = set()
    words.add(request.GET["a"])
    os.system(" ".join(words))  # bad: command
    words = {"ls"} | set(request.GET.getlist("a"))
    os.system(" ".join(words))  # bad: command
    words = {"ls"}.union(request.GET.getlist("a"))
    os.system(" ".join(words))  # bad: command
