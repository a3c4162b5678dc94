# A list of which one place is data: the other places are not.
import os


def view(request):
    words = ["ls", request.GET["folder"]]
    os.system(words[0])  # ok: command
    os.system(words[1])  # bad: command
    os.system(words[-1])  # bad: command
