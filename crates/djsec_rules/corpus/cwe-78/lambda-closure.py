# A lambda sees the names around it.
import os


def view(request):
    folder = request.GET["folder"]
    later = lambda: os.system("ls " + folder)  # bad: command
    later()
