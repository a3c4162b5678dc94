# The `else` of a `while` loop.
import os


def view(request):
    words = request.GET.getlist("word")
    last = "ls"
    while words:
        last = words.pop()
    else:
        os.system(last)  # bad: command
