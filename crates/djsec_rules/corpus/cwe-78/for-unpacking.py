# A loop that takes each element apart.
import os


def view(request):
    for label, folder in [("a", request.GET["folder"]), ("b", "/srv")]:
        os.system("ls " + folder)  # bad: command
        os.system("ls " + label)  # ok: command
