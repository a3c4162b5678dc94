# Functions that give the same elements in another order.
import os


def view(request):
    words = request.GET.getlist("word")
    os.system(" ".join(sorted(words)))  # bad: command
    os.system(" ".join(reversed(words)))  # bad: command
    os.system(" ".join(set(words)))  # bad: command
    os.system(" ".join(list(words)))  # bad: command
    os.system(max(words))  # bad: command
