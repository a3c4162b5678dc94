# `pop` takes an element out.
import os


def view(request):
    words = request.GET.getlist("word")
    os.system(words.pop())  # bad: command
    os.system(words.pop(0))  # bad: command
