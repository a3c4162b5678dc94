# An inner function sees the names of the function around it.
import os


def view(request):
    folder = request.GET["folder"]

    def listing():
        os.system("ls " + folder)  # bad: command

    listing()
