# A slice of data is data.
import os


def view(request):
    words = request.GET["command"].split()
    os.system(" ".join(words[1:]))  # bad: command
    os.system(request.GET["command"][:20])  # bad: command
